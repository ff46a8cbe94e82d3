//! One execution in detail: states, steps as a waterfall, costs, retries, parent and children.

mod costs;
mod named;
mod related;
mod runs;
mod steps;
mod timeline;
mod tree;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, ExecutionId, Status, TimeRange, Timestamp};
use weir_query::records::{
    executions::{ExecutionRecord, events_among, read_executions},
    parts::{CostRecord, costs_of, read_costs, read_steps, steps_of},
};

use super::{Frame, Versioned, execution_list::ExecutionRow};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer};

pub use costs::ExecutionCosts;
pub use related::{CalledExecution, RelatedExecution};
pub use steps::StepsTime;
pub use timeline::ExecutionTimeline;
pub use tree::ExecutionTree;

pub(in crate::views) use costs::StepCosts;
pub(in crate::views) use runs::RunOf;
pub(in crate::views) use steps::{StepRuns, TimedStep};

use named::Identified;

/// The most step runs in an answer.
pub(in crate::views) const MOST_STEPS: usize = 5_000;
/// The most cost records in an answer.
pub(in crate::views) const MOST_COSTS: usize = 1_000;
/// The most events that are read of executions related to one.
const MOST_EVENTS: usize = 50_000;

/// An execution in detail.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionDetail {
    /// Its newest state, with the values of all events of the run.
    #[serde(flatten)]
    pub execution: ExecutionRow,
    /// The number of this run, starting at 1.
    pub run: u32,
    /// Number of runs.
    pub runs: u32,
    /// The source that reported it.
    pub source: Option<String>,
    /// Additional data from the producer, redacted.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
    /// The states it went through, oldest first.
    pub states: Vec<ExecutionState>,
    /// Its steps as a waterfall.
    pub timeline: ExecutionTimeline,
    /// Its costs.
    pub costs: ExecutionCosts,
    /// Costs and duration including all executions that it called, directly or indirectly.
    pub tree: ExecutionTree,
    /// The execution that it retries.
    pub retried: Option<RelatedExecution>,
    /// The executions that retry it, oldest first.
    pub retries: Vec<RelatedExecution>,
    /// The execution that called it.
    pub parent: Option<RelatedExecution>,
    /// The executions that it called, oldest first.
    pub children: Vec<CalledExecution>,
}

/// A state of an execution.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionState {
    /// The state.
    #[schema(value_type = String)]
    pub status: Status,
    /// When it entered the state.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The duration reported with the state, in milliseconds.
    pub duration: Option<i64>,
}

/// The parameters of an execution's details.
#[derive(Clone, Debug, Default)]
pub struct DetailWanted {
    /// The time range to search, and the workflow and environment of the execution.
    pub frame: Frame,
    /// The number of the run, starting at 1; the newest by default.
    pub run: Option<u32>,
}

/// What was asked of an execution, or the id that it has now.
#[derive(Debug)]
pub enum Found<T> {
    /// The answer.
    Here(T),
    /// The execution's id has changed to this one, because later events added to its identity.
    Moved(ExecutionId),
}

impl Reading {
    /// One execution, by its public id or by the producer's id. Without a range, all time is searched. Fails
    /// if there is no such execution or run, if several match, or if the store fails.
    pub async fn execution_detail(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
    ) -> Result<Found<Box<Versioned<ExecutionDetail>>>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let run = match self.run_by_id(viewer, id, wanted).await? {
            Found::Here(run) => run,
            Found::Moved(id) => return Ok(Found::Moved(id)),
        };
        let body = self.detail_of(viewer, &run).await?;
        let answer = Versioned::as_of(watermark, run.parts, body);
        Ok(Found::Here(Box::new(answer)))
    }

    /// A run of an execution. Fails like [`Reading::execution_detail`].
    pub(in crate::views) async fn run_by_id(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
    ) -> Result<Found<RunOf>, AppError> {
        let frame = &wanted.frame;
        let everywhere = frame.from.is_none() && frame.to.is_none() && frame.last.is_none();
        let range = match everywhere {
            true => TimeRange::new(i64::MIN, i64::MAX),
            false => self.range_of(viewer.scope(), frame).await?,
        };
        let events = match self.events_by_id(viewer, id, frame, range).await? {
            Identified::Events(events) => events,
            Identified::Moved(id) => return Ok(Found::Moved(id)),
        };
        let runs = runs::Runs::of(&events, self.store.rules());
        let run = runs.run(wanted.run).ok_or_else(|| {
            let detail = format!("The execution {id:?} has no such run.");
            AppError::new(ErrorCode::NotFound, detail)
                .field("run")
                .fix(format!("a run from 1 to {}", runs.count()))
        })?;
        Ok(Found::Here(run))
    }

    /// The row of a run, as in the list, with its start if any event tells it. Fails if the store does.
    pub(in crate::views) async fn row_of(
        &self,
        viewer: Viewer,
        run: &RunOf,
    ) -> Result<ExecutionRow, AppError> {
        let whole = std::slice::from_ref(&run.whole);
        let mut rows = self.execution_rows(viewer, whole).await?;
        let mut row = rows.pop().ok_or_else(|| AppError::internal("no row"))?;
        row.started_at = row.started_at.or_else(|| run.first_start());
        Ok(row)
    }

    /// The step runs of a run in the order of their starts. Fails if the store does.
    pub(in crate::views) async fn step_runs(
        &self,
        viewer: Viewer,
        run: &RunOf,
    ) -> Result<StepRuns, AppError> {
        let (execution, parts) = (run.whole.execution, run.parts);
        // One more than listed, to know whether there are more.
        let steps = steps_of(
            viewer.scope(),
            self.store.dialect(),
            execution,
            parts,
            MOST_STEPS + 1,
        );
        let steps = self
            .read_records(viewer, steps, |batches| read_steps(&batches))
            .await?;
        Ok(StepRuns::of(steps, MOST_STEPS))
    }

    async fn detail_of(&self, viewer: Viewer, run: &RunOf) -> Result<ExecutionDetail, AppError> {
        let whole = &run.whole;
        let steps = self.step_runs(viewer, run).await?;
        let costs = self.costs_of_run(viewer, run).await?;
        let related = self.related(viewer, whole).await?;
        let tree = self.tree(viewer, whole.execution).await?;
        let public = |record: &_| self.public_id(viewer, record);
        let family = related::Family::of(public, whole, &related, &tree);
        let execution = self.row_of(viewer, run).await?;
        let costs = ExecutionCosts::of(&costs, &steps, MOST_COSTS);
        Ok(ExecutionDetail {
            run: run.number,
            runs: run.of,
            source: whole.text("source").map(str::to_owned),
            metadata: whole
                .text("metadata")
                .and_then(|text| serde_json::from_str(text).ok()),
            states: run.events.iter().map(state).collect(),
            timeline: self.timeline(viewer, (run, &execution), &steps, &costs),
            costs,
            tree: ExecutionTree::from(&tree),
            retried: family.retried,
            retries: family.retries,
            parent: family.parent,
            children: related::placed(family.children, &steps),
            execution,
        })
    }

    /// The cost records of a run, at most one more than are listed, oldest first. Fails if the store does.
    pub(in crate::views) async fn costs_of_run(
        &self,
        viewer: Viewer,
        run: &RunOf,
    ) -> Result<Vec<CostRecord>, AppError> {
        let costs = costs_of(
            viewer.scope(),
            self.store.dialect(),
            run.whole.execution,
            run.parts,
            MOST_COSTS + 1,
        );
        self.read_records(viewer, costs, |batches| read_costs(&batches))
            .await
    }

    /// The newest runs of executions, oldest first. Fails if the store does.
    pub(in crate::views) async fn newest_runs(
        &self,
        viewer: Viewer,
        executions: &[ExecutionHash],
    ) -> Result<Vec<ExecutionRecord>, AppError> {
        if executions.is_empty() {
            return Ok(Vec::new());
        }
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let events = events_among(scope, dialect, executions, MOST_EVENTS);
        let events = self.executions_of(viewer, events).await?;
        Ok(runs::newest_of_each(&events, self.store.rules()))
    }

    pub(in crate::views) async fn executions_of(
        &self,
        viewer: Viewer,
        statement: weir_query::Statement,
    ) -> Result<Vec<ExecutionRecord>, AppError> {
        self.read_records(viewer, statement, |batches| read_executions(&batches))
            .await
    }
}

fn state(event: &ExecutionRecord) -> ExecutionState {
    ExecutionState {
        status: event.status,
        timestamp: event.timestamp,
        duration: event.duration,
    }
}
