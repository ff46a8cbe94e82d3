//! Events as rows of the raw tables.

use arrow::{array::RecordBatch, error::ArrowError};
use weir_model::{
    ErrorKey, Event, EventKind, EventType, Scope,
    event::{
        ActivityEvent, CostEvent, DocumentEvent, ExecutionEvent, GoalEvent, QueueEvent, StepEvent,
    },
};
use weir_store::{
    fold::{self, Placement},
    trees::{Cover, KINDS},
};

use crate::{arrays::Columns, tables::hash};

/// An event about to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub scope: Scope,
    pub event: &'a Event,
    pub hash: u64,
    /// What the event belongs to, and how its row differs from the event.
    pub placement: &'a Placement,
    /// The position of a cost in its tree.
    pub cover: Cover,
}

/// The table of a type of events.
pub(crate) fn table(event_type: EventType) -> &'static str {
    match event_type {
        EventType::Execution => "executions",
        EventType::Step => "steps",
        EventType::Cost => "costs",
        EventType::Activity => "activities",
        EventType::Document => "documents",
        EventType::Queue => "queue_events",
        EventType::Goal => "goals",
    }
}

/// The rows of one type in the layout of its table.
pub(crate) fn record_batch(
    event_type: EventType,
    rows: &[Row],
    sequence: u64,
    received: i64,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::default();
    common(&mut columns, rows, sequence, received);
    match event_type {
        EventType::Execution => executions(&mut columns, rows),
        EventType::Step => steps(&mut columns, rows),
        EventType::Cost => costs(&mut columns, rows),
        EventType::Activity => activities(&mut columns, rows),
        EventType::Document => documents(&mut columns, rows),
        EventType::Queue => queue_events(&mut columns, rows),
        EventType::Goal => goals(&mut columns, rows),
    }
    columns.finish()
}

fn common(columns: &mut Columns, rows: &[Row], sequence: u64, received: i64) {
    let all = || rows.iter();
    columns.key("tenant", all().map(|row| row.scope.tenant.0));
    columns.key("project", all().map(|row| row.scope.project.0));
    columns.number("sequence", all().map(|_| Some(sequence as i64)));
    columns.number("received", all().map(|_| Some(received)));
    columns.hash("id_hash", all().map(|row| row.hash));
    columns.text("id", all().map(|row| Some(row.event.id.as_str())));
    columns.number("timestamp", all().map(|row| Some(row.event.timestamp.0)));
    columns.text("source", all().map(|row| Some(&*row.event.source)));
    columns.text(
        "environment",
        all().map(|row| row.event.environment.as_deref()),
    );
    columns.text(
        "workflow",
        all().map(|row| row.event.workflow_id.as_deref()),
    );
    columns.text(
        "version",
        all().map(|row| row.event.workflow_version.as_deref()),
    );
    columns.text("user", all().map(|row| row.event.user_id.as_deref()));
    columns.text("metadata", all().map(|row| row.event.metadata.as_deref()));
}

/// The events of one kind; the caller passes no rows of other kinds.
macro_rules! of_kind {
    ($rows:expr, $variant:ident) => {
        || {
            $rows.iter().filter_map(|row| match &row.event.kind {
                EventKind::$variant(event) => Some(event),
                _ => None,
            })
        }
    };
}

fn executions(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Execution);
    columns.text("execution_id", all().map(|e| Some(e.execution_id.as_str())));
    columns.text("status", all().map(|e| Some(e.status.name())));
    let given = |e: &ExecutionEvent| e.duration.filter(|_| e.status.is_terminal());
    columns.number(
        "duration",
        rows.iter()
            .zip(all())
            .map(|(row, e)| given(e).or(row.placement.derived)),
    );
    columns.boolean("duration_given", all().map(|e| Some(given(e).is_some())));
    columns.text("trigger_id", all().map(|e| e.trigger_id.as_deref()));
    columns.text("trigger_type", all().map(|e| e.trigger_type.as_deref()));
    columns.number("step_count", all().map(|e| e.step_count));
    columns.text("error_type", all().map(|e| e.error_type.as_deref()));
    columns.text("error_message", all().map(|e| e.error_message.as_deref()));
    columns.text("error_step", all().map(|e| e.error_step.as_deref()));
    columns.text("retry_of", all().map(|e| e.retry_of.as_deref()));
    columns.text(
        "parent_execution_id",
        all().map(|e| e.parent_execution_id.as_deref()),
    );
    columns.text("subject_id", all().map(|e| e.subject_id.as_deref()));
    error_keys(columns, all().map(|e| &e.error_key));
    placements(columns, rows);
    let superseded = |row: &Row| row.placement.superseded.then_some(true);
    columns.boolean("superseded", rows.iter().map(superseded));
    columns.boolean("stale", rows.iter().map(|_| None));
    links(columns, rows.iter().map(|row| (row.scope, row.event)));
}

/// What the events belong to, and their own values where their rows differ.
fn placements(columns: &mut Columns, rows: &[Row]) {
    let execution = |row: &Row| row.placement.execution.map(|hash| hash.0);
    columns.unsigned("execution", rows.iter().map(execution));
    let own: Vec<Option<String>> = rows
        .iter()
        .map(|row| row.placement.own.as_ref().map(|own| own.to_json()))
        .collect();
    columns.text("own", own.iter().map(Option::as_deref));
}

/// The links from an execution to the one that it retries and the one that called it.
pub(crate) fn links<'a>(
    columns: &mut Columns,
    events: impl Iterator<Item = (Scope, &'a Event)> + Clone,
) {
    let retried = |(scope, event)| fold::retried(scope, event).map(|hash| hash.0);
    let parent = |(scope, event)| fold::parent(scope, event).map(|hash| hash.0);
    columns.unsigned("retried", events.clone().map(retried));
    columns.unsigned("parent", events.clone().map(parent));
    let workflow = |event: &'a Event| event.execution()?.parent_workflow_id.as_deref();
    columns.text("parent_workflow", events.map(|(_, event)| workflow(event)));
}

fn error_keys<'a>(columns: &mut Columns, keys: impl Iterator<Item = &'a Option<ErrorKey>> + Clone) {
    let groups = keys.clone().map(|key| key.as_ref().map(|key| &*key.group));
    columns.text("error_group", groups);
    columns.text(
        "error_class",
        keys.map(|key| key.as_ref().map(|key| key.class.name())),
    );
}

fn steps(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Step);
    let number = |columns: &mut Columns, name, get: fn(&StepEvent) -> Option<i64>| {
        columns.number(name, all().map(get));
    };
    columns.text("execution_id", all().map(|s| Some(s.execution_id.as_str())));
    columns.text("step", all().map(|s| Some(s.step_id.as_str())));
    columns.text("step_type", all().map(|s| s.step_type.as_deref()));
    columns.text("status", all().map(|s| Some(s.status.name())));
    number(columns, "start_time", |s| s.start_time.map(|t| t.0));
    number(columns, "end_time", |s| s.end_time.map(|t| t.0));
    number(columns, "duration", |s| s.duration);
    number(columns, "attempt", |s| s.attempt);
    number(columns, "input_size", |s| s.input_size);
    number(columns, "output_size", |s| s.output_size);
    number(columns, "items_in", |s| s.items_in);
    number(columns, "items_out", |s| s.items_out);
    number(columns, "credits", |s| s.credits_used.map(|c| c.0));
    columns.boolean("cache_hit", all().map(|s| s.cache_hit));
    columns.text("error_type", all().map(|s| s.error_type.as_deref()));
    columns.text("error_message", all().map(|s| s.error_message.as_deref()));
    error_keys(columns, all().map(|s| &s.error_key));
    placements(columns, rows);
    let copied = |row: &Row| row.placement.copied.then_some(true);
    columns.boolean("copied", rows.iter().map(copied));
    columns.text("parent_step", all().map(|s| s.parent_step_id.as_deref()));
    // Most steps do not wait: null takes no room.
    number(columns, "wait_duration", |s| {
        s.wait_duration.filter(|&waited| waited > 0)
    });
}

fn costs(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Cost);
    let number = |columns: &mut Columns, name, get: fn(&CostEvent) -> Option<i64>| {
        columns.number(name, all().map(get));
    };
    columns.text("execution_id", all().map(|c| c.execution_id.as_deref()));
    columns.text("action_type", all().map(|c| c.action_type.as_deref()));
    columns.text("provider", all().map(|c| c.provider.as_deref()));
    columns.text("model", all().map(|c| c.model.as_deref()));
    number(columns, "api_calls", |c| c.api_calls);
    number(columns, "input_tokens", |c| c.input_tokens);
    number(columns, "output_tokens", |c| c.output_tokens);
    number(columns, "credits", |c| c.credits.map(|a| a.0));
    number(columns, "amount", |c| c.dollar_amount.map(|a| a.0));
    columns.text("price", all().map(|c| c.price.as_deref()));
    placements(columns, rows);
    number(columns, "cache_read_tokens", |c| c.cache_read_tokens);
    number(columns, "cache_write_tokens", |c| c.cache_write_tokens);
    number(columns, "reasoning_tokens", |c| c.reasoning_tokens);
    number(columns, "units", |c| c.units.map(|units| units.0));
    columns.text("unit", all().map(|c| c.unit.as_deref()));
    number(columns, "foreign_amount", |c| {
        c.foreign.as_ref().map(|foreign| foreign.amount.0)
    });
    let foreign = all().map(|c| c.foreign.as_ref());
    columns.text(
        "currency",
        foreign.map(|foreign| foreign.map(|f| &*f.currency)),
    );
    columns.text("part_of", all().map(|c| c.part_of.as_deref()));
    let sums = all().map(|c| c.part_of.as_deref().map(hash));
    columns.unsigned("part_of_hash", sums);
    cost_covers(columns, rows);
    columns.text("step", all().map(|c| c.step_id.as_deref()));
}

fn cost_covers(columns: &mut Columns, rows: &[Row]) {
    columns.number("height", rows.iter().map(|row| height(&row.cover)));
    for (kind, name) in KINDS.iter().enumerate() {
        let covers = rows.iter().map(|row| row.cover.covered);
        let sums = covers.map(|covered| covered.map(|covered| covered[kind]));
        columns.number(&covered(name), sums);
    }
}

fn activities(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Activity);
    columns.text(
        "session_id",
        all().map(|a: &ActivityEvent| a.session_id.as_deref()),
    );
    columns.text("action", all().map(|a| Some(a.action.as_str())));
    columns.text("resource", all().map(|a| a.resource.as_deref()));
    columns.text("resource_id", all().map(|a| a.resource_id.as_deref()));
    columns.number("duration", all().map(|a| a.duration));
}

fn documents(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Document);
    columns.text(
        "execution_id",
        all().map(|d: &DocumentEvent| d.execution_id.as_deref()),
    );
    columns.text(
        "document_kind",
        all().map(|d| Some(d.document_kind.as_str())),
    );
    columns.text("status", all().map(|d| Some(d.status.name())));
    columns.number("duration", all().map(|d| d.duration));
    columns.number("file_size", all().map(|d| d.file_size));
    placements(columns, rows);
}

fn queue_events(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Queue);
    columns.text("queue", all().map(|q: &QueueEvent| Some(q.queue.as_str())));
    columns.text("queue_action", all().map(|q| Some(q.action.name())));
    columns.text("execution_id", all().map(|q| q.execution_id.as_deref()));
    columns.number("wait_ms", all().map(|q| q.wait_ms));
    placements(columns, rows);
}

fn goals(columns: &mut Columns, rows: &[Row]) {
    let all = of_kind!(rows, Goal);
    columns.text(
        "execution_id",
        all().map(|g: &GoalEvent| g.execution_id.as_deref()),
    );
    columns.text("subject_id", all().map(|g| g.subject_id.as_deref()));
    columns.text("goal", all().map(|g| Some(g.goal_id.as_str())));
    columns.number("value", all().map(|g| g.value.map(|v| v.0)));
    placements(columns, rows);
}

/// The column with the total of a cost's parts for a kind of amount.
pub(crate) fn covered(kind: &str) -> String {
    format!("covered_{kind}")
}

/// A height as stored: null if there are no parts.
pub(crate) fn height(cover: &Cover) -> Option<i64> {
    Some(i64::from(cover.height)).filter(|&height| height > 0)
}
