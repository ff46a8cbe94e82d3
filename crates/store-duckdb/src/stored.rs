//! Converts rows of the raw tables back to events.

use std::{cell::Cell, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int32Type, Int64Type, UInt64Type},
};
use weir_model::{
    Decimal, ErrorClass, ErrorKey, Event, EventKind, EventType, ExecutionHash, Scope, Status,
    Timestamp,
    event::{
        CostEvent, DocumentEvent, DocumentStatus, ExecutionEvent, Foreign, GoalEvent, IdSource,
        QueueAction, QueueEvent, StepEvent, StepStatus,
    },
};
use weir_store::{
    fold::{self, Belonging, Own, Sighted, Sighting, StoredRecord, Told},
    trees::{Cover, KINDS},
};

/// The types of records that can name an execution.
pub(crate) const RECORDS: [EventType; 5] = [
    EventType::Step,
    EventType::Cost,
    EventType::Document,
    EventType::Queue,
    EventType::Goal,
];

const COMMON: &str = "rowid, tenant, project, id, timestamp, source, environment, workflow, version, \"user\", \
    metadata, execution, own";

/// The columns of a type's table, in the order in which [`executions`] and [`records`] read them;
/// `alias` names the table.
pub(crate) fn columns(event_type: EventType, alias: &str) -> String {
    let own = match event_type {
        EventType::Execution => {
            "execution_id, status, duration, duration_given, trigger_id, trigger_type, step_count, error_type, \
             error_message, error_step, retry_of, parent_execution_id, subject_id, error_group, error_class, \
             stale, retried, parent, parent_workflow"
        }
        EventType::Step => {
            "execution_id, step, step_type, status, start_time, end_time, duration, attempt, input_size, \
             output_size, items_in, items_out, credits, cache_hit, error_type, error_message, error_group, \
             error_class, parent_step, wait_duration, copied"
        }
        EventType::Cost => {
            "execution_id, action_type, provider, model, api_calls, input_tokens, output_tokens, credits, \
             amount, price, cache_read_tokens, cache_write_tokens, reasoning_tokens, units, unit, \
             foreign_amount, currency, part_of, step, covered_amount, covered_credits, covered_api_calls, \
             covered_input_tokens, covered_output_tokens, covered_cache_read_tokens, \
             covered_cache_write_tokens, covered_reasoning_tokens, covered_units, height"
        }
        EventType::Document => "execution_id, document_kind, status, duration, file_size",
        EventType::Queue => "queue, queue_action, execution_id, wait_ms",
        EventType::Goal => "execution_id, subject_id, goal, value",
        EventType::Activity => "action",
    };
    let listed = COMMON.split(", ").chain(own.split(", "));
    let listed: Vec<String> = listed
        .map(|column| format!("{alias}.{}", column.trim()))
        .collect();
    listed.join(", ")
}

/// Reads one row, column by column.
struct Row<'a> {
    batch: &'a RecordBatch,
    row: usize,
    column: Cell<usize>,
}

impl Row<'_> {
    fn next(&self) -> &dyn Array {
        let at = self.column.get();
        self.column.set(at + 1);
        &**self.batch.column(at)
    }

    fn text(&self) -> Option<String> {
        let values = self.next().as_string::<i32>();
        values
            .is_valid(self.row)
            .then(|| values.value(self.row).to_owned())
    }

    fn needed(&self) -> String {
        self.text().unwrap_or_default()
    }

    fn number(&self) -> Option<i64> {
        let values = self.next().as_primitive::<Int64Type>();
        values.is_valid(self.row).then(|| values.value(self.row))
    }

    fn key(&self) -> i32 {
        self.next().as_primitive::<Int32Type>().value(self.row)
    }

    fn hash(&self) -> Option<ExecutionHash> {
        let values = self.next().as_primitive::<UInt64Type>();
        values
            .is_valid(self.row)
            .then(|| ExecutionHash(values.value(self.row)))
    }

    fn flag(&self) -> Option<bool> {
        let values = self.next().as_boolean();
        values.is_valid(self.row).then(|| values.value(self.row))
    }

    fn amount(&self) -> Option<Decimal> {
        self.number().map(Decimal)
    }

    fn moment(&self) -> Option<Timestamp> {
        self.number().map(Timestamp)
    }

    fn word<T>(&self, parse: fn(&str) -> Option<T>, other: T) -> T {
        self.text().and_then(|word| parse(&word)).unwrap_or(other)
    }

    fn error_key(&self) -> Option<ErrorKey> {
        let (group, class) = (self.text(), self.text());
        Some(ErrorKey {
            group: Arc::from(group?),
            class: class.and_then(|class| ErrorClass::from_name(&class))?,
        })
    }
}

/// The columns of every table.
struct Common {
    row: i64,
    scope: Scope,
    event: Event,
    execution: Option<ExecutionHash>,
    own: Option<Own>,
}

fn common(row: &Row, kind: impl FnOnce(&Row) -> EventKind) -> Common {
    let rowid = row.number().unwrap_or_default();
    let scope = Scope::new(row.key(), row.key());
    let id = row.needed();
    let timestamp = row.moment().unwrap_or(Timestamp(0));
    let source = Arc::from(row.needed());
    let (environment, workflow_id) = (row.text(), row.text());
    let (workflow_version, user_id) = (row.text(), row.text());
    let metadata = row.text();
    let (execution, own) = (row.hash(), row.text());
    Common {
        row: rowid,
        scope,
        event: Event {
            id,
            id_source: IdSource::Sent,
            timestamp,
            source,
            environment,
            workflow_id,
            workflow_name: None,
            workflow_version,
            user_id,
            metadata,
            kind: kind(row),
        },
        execution,
        own: own.map(|own| Own::parse(&own)),
    }
}

fn rows<'a>(batch: &'a RecordBatch) -> impl Iterator<Item = Row<'a>> {
    (0..batch.num_rows()).map(move |row| Row {
        batch,
        row,
        column: Cell::new(0),
    })
}

/// Rows of executions with [`columns`], as their producers sent them.
pub(crate) fn executions(batch: &RecordBatch) -> impl Iterator<Item = (Scope, Told)> + '_ {
    told(batch, true)
}

/// Rows of executions with [`columns`], with the combined values of their runs.
pub(crate) fn counted(batch: &RecordBatch) -> impl Iterator<Item = (Scope, Told)> + '_ {
    told(batch, false)
}

fn told(batch: &RecordBatch, as_sent: bool) -> impl Iterator<Item = (Scope, Told)> + '_ {
    rows(batch).map(move |row| {
        let (mut stale, mut links) = (None, None);
        let mut read = common(&row, |row| {
            let execution_id = row.needed();
            let status = row.word(Status::from_name, Status::Started);
            let (duration, given) = (row.number(), row.flag());
            let mut event = ExecutionEvent {
                execution_id,
                status,
                duration: duration.filter(|_| given == Some(true)),
                trigger_id: row.text(),
                trigger_type: row.text(),
                step_count: row.number(),
                error_type: row.text(),
                error_message: row.text(),
                error_step: row.text(),
                retry_of: row.text(),
                retry_of_id: None,
                parent_execution_id: row.text(),
                parent_id: None,
                parent_workflow_id: None,
                subject_id: row.text(),
                error_key: row.error_key(),
            };
            stale = row.flag();
            links = Some((row.hash(), row.hash()));
            event.parent_workflow_id = row.text();
            EventKind::Execution(event)
        });
        restore_links(&mut read, links.unwrap_or_default());
        if let Some(own) = read.own.as_ref().filter(|_| as_sent) {
            own.restore(&mut read.event);
        }
        let told = Told {
            event: Arc::new(read.event),
            row: Some(read.row),
            stale: stale == Some(true),
        };
        (read.scope, told)
    })
}

/// Rows of executions with [`columns`], as sightings with their rows and
/// `executionId`s.
pub(crate) fn sightings(batch: &RecordBatch) -> impl Iterator<Item = Sighted> + '_ {
    rows(batch).filter_map(|row| {
        let read = common(&row, |row| {
            EventKind::Goal(GoalEvent {
                execution_id: row.text(),
                subject_id: None,
                goal_id: String::new(),
                value: None,
            })
        });
        let sighting = Sighting {
            hash: read.execution?,
            environment: read.event.environment.clone(),
            workflow: read.event.workflow_id.clone().unwrap_or_default(),
            timestamp: read.event.timestamp,
        };
        let execution_id = read.event.execution_id()?.to_owned();
        Some((read.scope, execution_id, read.row, sighting))
    })
}

/// A link that does not follow from a name was reported as a public id.
fn restore_links(
    read: &mut Common,
    (retried, parent): (Option<ExecutionHash>, Option<ExecutionHash>),
) {
    let (by_name, called_by) = (
        fold::retried(read.scope, &read.event),
        fold::parent(read.scope, &read.event),
    );
    if let EventKind::Execution(e) = &mut read.event.kind {
        e.retry_of_id = retried.filter(|_| retried != by_name);
        e.parent_id = parent.filter(|_| parent != called_by);
    }
}

/// Rows of a type of records with [`columns`], as their producers sent them.
pub(crate) fn records(
    event_type: EventType,
    batch: &RecordBatch,
) -> impl Iterator<Item = StoredRecord> + '_ {
    rows(batch).map(move |row| {
        let mut read = common(&row, |row| kind(event_type, row));
        let belongs = Belonging {
            hash: read.execution.unwrap_or(ExecutionHash::of_name(
                read.scope.project,
                read.event.execution_id().unwrap_or_default(),
            )),
            environment: read.event.environment.clone(),
            workflow: read.event.workflow_id.clone(),
        };
        if let Some(own) = &read.own {
            own.restore(&mut read.event);
        }
        let cover = match event_type {
            EventType::Cost => cover(&row),
            _ => Cover::default(),
        };
        StoredRecord {
            cover,
            copied: event_type == EventType::Step && row.flag() == Some(true),
            scope: read.scope,
            row: read.row,
            event: read.event,
            belongs,
        }
    })
}

/// The position of a cost in its tree: either all totals are set, or none.
fn cover(row: &Row) -> Cover {
    let sums: [Option<i64>; KINDS.len()] = std::array::from_fn(|_| row.number());
    let is_sum = sums.iter().any(Option::is_some);
    Cover {
        covered: is_sum.then(|| sums.map(Option::unwrap_or_default)),
        height: row.number().and_then(|h| u8::try_from(h).ok()).unwrap_or(0),
    }
}

fn kind(event_type: EventType, row: &Row) -> EventKind {
    match event_type {
        EventType::Cost => EventKind::Cost(cost(row)),
        EventType::Document => EventKind::Document(DocumentEvent {
            execution_id: row.text(),
            document_kind: row.needed(),
            status: row.word(DocumentStatus::from_name, DocumentStatus::Completed),
            duration: row.number(),
            file_size: row.number(),
        }),
        EventType::Queue => EventKind::Queue(QueueEvent {
            queue: row.needed(),
            action: row.word(QueueAction::from_name, QueueAction::Enqueued),
            execution_id: row.text(),
            wait_ms: row.number(),
        }),
        EventType::Goal => EventKind::Goal(GoalEvent {
            execution_id: row.text(),
            subject_id: row.text(),
            goal_id: row.needed(),
            value: row.amount(),
        }),
        EventType::Step | EventType::Execution | EventType::Activity => EventKind::Step(step(row)),
    }
}

fn step(row: &Row) -> StepEvent {
    let mut step = StepEvent {
        execution_id: row.needed(),
        step_id: row.needed(),
        step_name: None,
        step_type: row.text(),
        parent_step_id: None,
        status: row.word(StepStatus::from_name, StepStatus::Completed),
        start_time: row.moment(),
        end_time: row.moment(),
        duration: row.number(),
        wait_duration: None,
        attempt: row.number(),
        input_size: row.number(),
        output_size: row.number(),
        items_in: row.number(),
        items_out: row.number(),
        credits_used: row.amount(),
        cache_hit: row.flag(),
        error_type: row.text(),
        error_message: row.text(),
        error_key: row.error_key(),
    };
    step.parent_step_id = row.text();
    // A wait of nothing is stored as null.
    let waited = row.number().unwrap_or(0);
    step.wait_duration = step.duration.map(|_| waited);
    step
}

fn cost(row: &Row) -> CostEvent {
    CostEvent {
        execution_id: row.text(),
        action_type: row.text(),
        provider: row.text(),
        model: row.text(),
        api_calls: row.number(),
        input_tokens: row.number(),
        output_tokens: row.number(),
        credits: row.amount(),
        dollar_amount: row.amount(),
        price: row.text().map(Arc::from),
        cache_read_tokens: row.number(),
        cache_write_tokens: row.number(),
        reasoning_tokens: row.number(),
        units: row.amount(),
        unit: row.text(),
        foreign: match (row.amount(), row.text()) {
            (Some(amount), Some(currency)) => Some(Foreign { amount, currency }),
            _ => None,
        },
        part_of: row.text(),
        step_id: row.text(),
    }
}
