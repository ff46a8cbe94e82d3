//! One execution with everything that belongs to it (paper 2, paper 4): states, steps as a waterfall,
//! costs, retries, parent and children.

mod costs;
mod related;
mod timeline;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Status, TimeRange, Timestamp, time::DAY};
use weir_query::{
    Dialect,
    records::{
        executions::{ExecutionRecord, events_of, read_executions, related_to},
        parts::{costs_of, read_costs, read_steps, steps_of},
    },
};

use super::{Frame, Version, Versioned, execution_list::ExecutionRow};
use crate::app::{App, AppError, ErrorCode, privacy::Viewer};

pub use costs::ExecutionCosts;
pub use related::RelatedExecution;
pub use timeline::ExecutionTimeline;

/// Step runs in an answer.
const MOST_STEPS: usize = 5_000;
/// Cost records in an answer.
const MOST_COSTS: usize = 1_000;
/// Children and retries in an answer.
const MOST_RELATED: usize = 500;
/// Steps and costs are looked for from so long before an execution to so long after it.
const AROUND: i64 = DAY;

/// One execution.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionDetail {
    /// Its newest state, with what any of its events said.
    #[serde(flatten)]
    pub execution: ExecutionRow,
    /// The door it came by.
    pub source: Option<String>,
    /// What the producer said beside, redacted.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
    /// The states it went through, oldest first.
    pub states: Vec<ExecutionState>,
    /// Its steps on a time axis.
    pub timeline: ExecutionTimeline,
    /// What it cost.
    pub costs: ExecutionCosts,
    /// The execution that it retries.
    pub retried: Option<RelatedExecution>,
    /// The executions that retry it, oldest first.
    pub retries: Vec<RelatedExecution>,
    /// The execution that called it.
    pub parent: Option<RelatedExecution>,
    /// The executions that it called, oldest first.
    pub children: Vec<RelatedExecution>,
}

/// A state of an execution.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionState {
    /// The state.
    #[schema(value_type = String)]
    pub status: Status,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The duration that goes with it, in milliseconds.
    pub duration: Option<i64>,
}

impl App {
    /// One execution. `frame` says where to look for it; without a range, everywhere.
    pub async fn execution_detail(
        &self,
        viewer: Viewer,
        id: &str,
        frame: &Frame,
    ) -> Result<Versioned<ExecutionDetail>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let dialect = Dialect::default();
        let everywhere = frame.from.is_none() && frame.to.is_none() && frame.last.is_none();
        let range = match everywhere {
            true => TimeRange::new(i64::MIN, i64::MAX),
            false => self.range_of(viewer.scope(), frame)?,
        };
        let events = self
            .executions_of(viewer, events_of(viewer.scope(), dialect, id, range))
            .await?;
        let Some(whole) = related::newest(&events) else {
            let detail = format!("There is no execution {id:?} in this project.");
            return Err(AppError::new(ErrorCode::NotFound, detail)
                .fix("GET /api/v1/executions lists what there is."));
        };
        let around = around(&events);
        let steps = steps_of(viewer.scope(), dialect, id, around, MOST_STEPS);
        let steps = self
            .read_records(viewer, steps, |batches| read_steps(&batches))
            .await?;
        // What is billed may be billed later.
        let later = TimeRange {
            to: Timestamp(i64::MAX),
            ..around
        };
        let costs = costs_of(viewer.scope(), dialect, id, later, MOST_COSTS);
        let costs = self
            .read_records(viewer, costs, |batches| read_costs(&batches))
            .await?;
        let named: Vec<&str> = [whole.text("parent_execution_id"), whole.text("retry_of")]
            .into_iter()
            .flatten()
            .collect();
        let related = related_to(viewer.scope(), dialect, id, &named, MOST_RELATED);
        let family = related::Family::of(id, &whole, &self.executions_of(viewer, related).await?);
        let mut rows = self.execution_rows(viewer, std::slice::from_ref(&whole));
        let mut execution = rows.pop().ok_or_else(|| AppError::internal("no row"))?;
        execution.started_at = execution.started_at.or_else(|| first_start(&events));
        let body = ExecutionDetail {
            source: whole.text("source").map(str::to_owned),
            metadata: whole
                .text("metadata")
                .and_then(|text| serde_json::from_str(text).ok()),
            states: events.iter().map(state).collect(),
            timeline: self.timeline(viewer, &execution, &steps, MOST_STEPS),
            costs: ExecutionCosts::of(&costs, MOST_COSTS),
            retried: family.retried,
            retries: family.retries,
            parent: family.parent,
            children: family.children,
            execution,
        };
        let version = Version {
            watermark,
            range: around,
            revision: 0,
        };
        Ok(Versioned { body, version })
    }

    async fn executions_of(
        &self,
        viewer: Viewer,
        statement: weir_query::Statement,
    ) -> Result<Vec<ExecutionRecord>, AppError> {
        self.read_records(viewer, statement, |batches| read_executions(&batches))
            .await
    }
}

fn first_start(events: &[ExecutionRecord]) -> Option<Timestamp> {
    let starts = events
        .iter()
        .filter(|event| event.status == Status::Started);
    starts.map(|event| event.timestamp).min()
}

fn state(event: &ExecutionRecord) -> ExecutionState {
    ExecutionState {
        status: event.status,
        timestamp: event.timestamp,
        duration: event.duration,
    }
}

/// The time in which the parts of an execution lie: open to the future while it is not finished.
fn around(events: &[ExecutionRecord]) -> TimeRange {
    let starts = events.iter().map(|event| {
        let duration = event.duration.unwrap_or(0);
        event.timestamp.plus(-duration)
    });
    let from = starts.min().unwrap_or(Timestamp(0));
    let ends = events.iter().filter(|event| event.status.is_terminal());
    let to = ends.map(|event| event.timestamp.plus(AROUND)).max();
    TimeRange {
        from: from.plus(-AROUND),
        to: to.unwrap_or(Timestamp(i64::MAX)),
    }
}
