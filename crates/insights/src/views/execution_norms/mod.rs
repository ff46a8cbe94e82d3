//! What is unusual about an execution, against the past of its workflow in its environment.

mod basis;
mod error;
mod findings;
mod neighbours;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Usual, unusual::MINIMUM};
use weir_model::{TimeRange, Timestamp, time::MINUTE};

use super::{
    Questions, RangeView, Versioned,
    execution_detail::{DetailWanted, Found, StepRuns, StepsTime, TimedStep},
    execution_list::ExecutionRow,
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

pub use error::ErrorOfExecution;
pub use findings::{Finding, FindingKind, FindingUnit, StepRef};

/// The answer changes this often without new events: it counts the errors of the last 24 hours.
const MOVES: i64 = 5 * MINUTE;

/// An execution against its workflow's past.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionNorms {
    /// What it is compared with; null if it has no workflow.
    pub basis: Option<NormBasis>,
    /// Its duration. The past values are those of completed executions.
    pub execution: Norm,
    /// How its steps spent the time in which they ran.
    pub steps_time: StepsTime,
    /// Its step runs, in the order of the timeline. The past values are those of completed runs of the step.
    pub steps: Vec<StepNorm>,
    /// Whether it has more step runs than are judged.
    pub truncated: bool,
    /// What is unusual about it, the most unusual first.
    pub findings: Vec<Finding>,
    /// Number of findings that are not listed.
    pub findings_omitted: usize,
    /// The error group that it counts under, if it failed or crashed.
    pub error_group: Option<ErrorOfExecution>,
    /// The id of the execution of its workflow and environment that started before it.
    pub previous: Option<String>,
    /// The id of the execution of its workflow and environment that started after it.
    pub next: Option<String>,
}

/// The past that an execution is compared with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NormBasis {
    /// The 30 days before its start.
    #[serde(flatten)]
    pub range: RangeView,
    /// The environment; null means that executions without an environment are compared.
    pub environment: Option<String>,
    /// Number of finished executions.
    pub executions: u64,
    /// The least number of values that a percentile is computed from.
    pub minimum: u64,
}

/// A duration in milliseconds against past durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Norm {
    /// The duration; null if unknown or not finished.
    pub duration: Option<i64>,
    /// The median of the past; null if there is not enough data.
    pub p50: Option<f64>,
    /// The 95th percentile of the past; null if there is not enough data.
    pub p95: Option<f64>,
    /// The duration divided by the 95th percentile.
    pub ratio: Option<f64>,
    /// Number of past durations.
    pub samples: u64,
}

/// A step run against past runs of the step.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepNorm {
    /// The step.
    pub step_id: String,
    /// The run of the step, as in the timeline.
    pub occurrence: usize,
    /// Its duration.
    #[serde(flatten)]
    pub norm: Norm,
    /// How much of its duration it waited for a person or for a time, in milliseconds; null if the duration is
    /// unknown.
    pub wait_duration: Option<i64>,
}

impl Norm {
    fn of(duration: Option<i64>, usual: Usual) -> Self {
        let usual = usual.if_enough();
        Self {
            duration,
            p50: usual.p50,
            p95: usual.p95,
            ratio: duration.and_then(|duration| usual.ratio(duration as f64)),
            samples: usual.samples,
        }
    }
}

/// An execution with everything about it that is judged.
struct Judged<'a> {
    row: &'a ExecutionRow,
    steps: &'a StepRuns,
    names: &'a BTreeMap<String, String>,
}

impl Reading {
    /// What is unusual about an execution. Fails like [`Reading::execution_detail`].
    pub async fn execution_norms(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
        freshness: Freshness,
    ) -> Result<Found<Box<Versioned<ExecutionNorms>>>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let run = match self.run_by_id(viewer, id, wanted).await? {
            Found::Here(run) => run,
            Found::Moved(id) => return Ok(Found::Moved(id)),
        };
        let row = self.row_of(viewer, &run).await?;
        let steps = self.step_runs(viewer, &run).await?;
        let mut questions = Questions::new(self, viewer, freshness);
        let past = self.past_of(&mut questions, &row, &steps).await?;
        let now = Timestamp(self.clock.now().0.div_euclid(MOVES) * MOVES);
        let error_group = self.error_of(viewer, &run.whole, now).await?;
        let around = self.neighbours_of(viewer, &run.whole).await?;
        let names = self.step_names(viewer, steps.steps());
        let judged = Judged {
            row: &row,
            steps: &steps,
            names: &names,
        };
        let (findings, findings_omitted) =
            findings::of(&judged, &past, error_group.as_ref(), &around);
        let norm = |run: &TimedStep| StepNorm {
            step_id: run.record.step.clone(),
            occurrence: run.occurrence,
            norm: Norm::of(run.record.duration, past.step(&run.record.step).usual),
            wait_duration: run.record.wait,
        };
        let body = ExecutionNorms {
            basis: past.range.map(|range| NormBasis {
                range: range.into(),
                environment: row.environment.clone(),
                executions: past.finished,
                minimum: MINIMUM,
            }),
            execution: Norm::of(row.duration, past.durations),
            steps_time: steps.time(),
            steps: steps.runs.iter().map(norm).collect(),
            truncated: steps.truncated,
            findings,
            findings_omitted,
            error_group,
            previous: around.previous,
            next: around.next,
        };
        let range = TimeRange {
            from: run.parts.from,
            to: now,
        };
        Ok(Found::Here(Box::new(Versioned::as_of(
            watermark, range, body,
        ))))
    }
}
