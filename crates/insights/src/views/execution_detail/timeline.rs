//! The steps of an execution as a waterfall.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Bar, waterfall};
use weir_model::{Status, Timestamp, cube::Dimension};
use weir_query::records::executions::ExecutionRecord;

use super::{
    super::{execution_list::ExecutionRow, units},
    RunOf,
    costs::{ExecutionCosts, StepCosts},
    steps::{StepRuns, StepsTime, TimedStep},
};
use crate::{Reading, privacy::Viewer};

/// Steps on a time axis that starts with the execution.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionTimeline {
    /// Its start: that of the execution, or of its first step if earlier.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub start: Option<Timestamp>,
    /// Its end: that of the execution, or of its last step if later.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub end: Option<Timestamp>,
    /// The time from start to end, in milliseconds.
    pub duration: i64,
    /// How long at least one step was running, in milliseconds.
    pub busy: i64,
    /// How long no step was running, in milliseconds.
    pub idle: i64,
    /// How the steps spent the time in which they ran.
    pub steps_time: StepsTime,
    /// How long the execution was in the state `waiting`, in milliseconds.
    pub waiting: i64,
    /// When it was in the state `waiting`, oldest first.
    pub waits: Vec<Wait>,
    /// Number of rows of the waterfall.
    pub lanes: usize,
    /// The step runs, ordered by start.
    pub steps: Vec<StepBar>,
    /// Whether there are more than listed.
    pub truncated: bool,
}

/// A time in which an execution waited, for example for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wait {
    /// Milliseconds since the start of the timeline.
    pub offset: i64,
    /// How long it waited, in milliseconds; up to the end of the timeline if it still waits.
    pub duration: i64,
}

/// A step run in a waterfall.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepBar {
    /// The step's id.
    pub step_id: String,
    /// The number of the run among those of this step in the execution, in the order of the timeline, starting
    /// at 1.
    pub occurrence: usize,
    /// Its name.
    pub step_name: Option<String>,
    /// Its type.
    pub step_type: Option<String>,
    /// The step that contains it, as reported.
    pub parent_step_id: Option<String>,
    /// The run of that step that contains it: the last that had begun. Null if that step did not run in this
    /// execution, or contains itself in a circle.
    pub parent_occurrence: Option<usize>,
    /// One of `completed`, `failed` and `skipped`.
    pub status: &'static str,
    /// Number of the attempt, starting at 1.
    pub attempt: i64,
    /// When it started: as reported, or its end minus its duration.
    #[schema(value_type = String, format = "date-time")]
    pub start: Timestamp,
    /// When it ended: as reported, or the time of its event.
    #[schema(value_type = String, format = "date-time")]
    pub end: Timestamp,
    /// Milliseconds since the start of the timeline.
    pub offset: i64,
    /// How long it took, in milliseconds; null if unknown.
    pub duration: Option<i64>,
    /// How much of that it waited for a person or for a time instead of working, in milliseconds. Null if the
    /// duration is unknown.
    pub wait_duration: Option<i64>,
    /// Percentage of the timeline.
    pub share: Option<f64>,
    /// The row of the waterfall, starting at 0.
    pub lane: usize,
    /// Whether it is on the critical path: the end had to wait for it.
    pub is_critical: bool,
    /// Number of input items.
    pub items_in: Option<i64>,
    /// Number of output items.
    pub items_out: Option<i64>,
    /// Input size in bytes.
    pub input_size: Option<i64>,
    /// Output size in bytes.
    pub output_size: Option<i64>,
    /// Credits used.
    pub credits_used: Option<f64>,
    /// US dollars: the costs that name this step, and those that name none and arose while only it was running; null
    /// without such costs.
    pub cost: Option<f64>,
    /// Tokens sent to language models, by these costs.
    pub input_tokens: Option<i64>,
    /// Tokens received from language models, by these costs.
    pub output_tokens: Option<i64>,
    /// Whether the cache had the result; null without a cache.
    pub cache_hit: Option<bool>,
    /// The error type.
    pub error_type: Option<String>,
    /// The error message, redacted.
    pub error_message: Option<String>,
}

impl Reading {
    /// Lays out the step runs of an execution as a waterfall.
    pub(super) fn timeline(
        &self,
        viewer: Viewer,
        (run, execution): (&RunOf, &ExecutionRow),
        steps: &StepRuns,
        costs: &ExecutionCosts,
    ) -> ExecutionTimeline {
        let names = self.step_names(viewer, steps.steps());
        lay_out((&run.events, execution), steps, &names, costs)
    }

    /// The names of steps, by id; steps without a name are missing.
    pub(in crate::views) fn step_names(
        &self,
        viewer: Viewer,
        ids: Vec<String>,
    ) -> BTreeMap<String, String> {
        let ids = BTreeMap::from([(Dimension::Step, ids)]);
        let names = self.labels(viewer, &ids).remove(&Dimension::Step);
        names.unwrap_or_default()
    }
}

fn lay_out(
    (events, execution): (&[ExecutionRecord], &ExecutionRow),
    steps: &StepRuns,
    names: &BTreeMap<String, String>,
    costs: &ExecutionCosts,
) -> ExecutionTimeline {
    let spans = &steps.spans;
    let found = waterfall(spans, &steps.containers);
    let began = execution.started_at.map(|start| start.0);
    let ended = execution.timestamp.0;
    let start = began.into_iter().chain(spans.iter().map(|s| s.start)).min();
    let end = spans.iter().map(|s| s.end).chain([ended]).max();
    let start = start.unwrap_or(ended);
    let end = end.unwrap_or(ended).max(start);
    let duration = end - start;
    let waits = waits(events, start, end);
    let costs = costs.by_step();
    let bar = |(place, (run, bar)): (usize, (&TimedStep, &Bar))| StepBar {
        step_name: names.get(&run.record.step).cloned(),
        parent_occurrence: steps.container(place).map(|container| container.occurrence),
        offset: run.span.start - start,
        share: run
            .record
            .duration
            .filter(|_| duration > 0)
            .map(|own| 100.0 * own as f64 / duration as f64),
        ..step_bar(
            run,
            *bar,
            costs
                .get(&(run.record.step.as_str(), run.occurrence))
                .copied(),
        )
    };
    ExecutionTimeline {
        start: Some(Timestamp(start)),
        end: Some(Timestamp(end)),
        duration,
        busy: found.busy,
        idle: duration - found.busy,
        steps_time: steps.time(),
        waiting: waits.iter().map(|wait| wait.duration).sum(),
        waits,
        lanes: found.lanes,
        steps: steps
            .runs
            .iter()
            .zip(&found.bars)
            .enumerate()
            .map(bar)
            .collect(),
        truncated: steps.truncated,
    }
}

/// The times between each event with the state `waiting` and the next event with another state.
fn waits(events: &[ExecutionRecord], start: i64, end: i64) -> Vec<Wait> {
    let mut waits = Vec::new();
    let mut since = None;
    let ends = events.iter().map(|event| (event.status, event.timestamp.0));
    for (status, at) in ends.chain([(Status::Completed, end)]) {
        match (status, since) {
            (Status::Waiting, None) => since = Some(at),
            (Status::Waiting, Some(_)) | (_, None) => {}
            (_, Some(from)) => {
                waits.push(Wait {
                    offset: from - start,
                    duration: (at - from).max(0),
                });
                since = None;
            }
        }
    }
    waits
}

fn step_bar(run: &TimedStep, bar: Bar, costs: Option<StepCosts>) -> StepBar {
    let (span, record) = (run.span, &run.record);
    StepBar {
        step_id: record.step.clone(),
        occurrence: run.occurrence,
        step_name: None,
        step_type: record.step_type.clone(),
        parent_step_id: record.parent.clone(),
        parent_occurrence: None,
        status: record.status.name(),
        attempt: record.attempt.unwrap_or(1),
        start: Timestamp(span.start),
        end: Timestamp(span.end),
        offset: 0,
        duration: record.duration,
        wait_duration: record.wait,
        share: None,
        lane: bar.lane,
        is_critical: bar.critical,
        items_in: record.items_in,
        items_out: record.items_out,
        input_size: record.input_size,
        output_size: record.output_size,
        credits_used: record.credits.map(units),
        cost: costs.map(StepCosts::cost),
        input_tokens: costs.map(|costs| costs.input_tokens),
        output_tokens: costs.map(|costs| costs.output_tokens),
        cache_hit: record.cache_hit,
        error_type: record.error_type.clone(),
        error_message: record.error_message.clone(),
    }
}
