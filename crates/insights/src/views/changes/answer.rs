//! The answer.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::Difference;
use weir_model::Timestamp;

use crate::views::{Meta, RangeView};

/// What changed in a range, the largest effect first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The time range covered.
    pub range: RangeView,
    /// The part of the range that was searched: its newest 184 days.
    pub searched: RangeView,
    /// The time before the range that was compared with, up to 28 days; empty if there is no data from
    /// before the range.
    pub compared_with: RangeView,
    /// The changes, the largest effect on runs, time and money first.
    pub changes: Vec<Change>,
    /// How many series were examined: workflows, steps, connectors, models and error groups, once for
    /// each kind of change that they can show.
    pub tested: usize,
    /// How many series were left out because others took more time or runs.
    pub not_tested: usize,
    /// How many changes were found but not listed.
    pub omitted: usize,
    /// Whether there are too few days with data to know what is usual; nothing was searched then.
    pub not_enough_data: bool,
    /// The number of days with executions, up to the end of the range.
    pub days_with_data: usize,
    /// The number of days with executions that are needed.
    pub days_needed: usize,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A step works longer.
    StepSlower,
    /// A workflow takes longer, and none of its steps explains it.
    WorkflowSlower,
    /// A workflow, step or connector fails more often.
    FailuresRising,
    /// A connector fails in most runs, in several workflows.
    ConnectorDown,
    /// A model, a provider or a workflow costs more.
    CostSpike,
    /// An error occurs that never occurred before.
    ErrorNew,
    /// An error occurs more often.
    ErrorEscalating,
    /// A workflow that ran regularly has stopped.
    WorkflowSilent,
}

/// How certain it is that the change is not due to chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeConfidence {
    /// The adjusted p-value is at most 0.01.
    Possible,
    /// It is at most 0.001.
    Likely,
    /// It is at most 0.0001, with at least 50 samples before and 50 since.
    Certain,
}

/// The metric of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeMetric {
    /// The mean time that a step's runs worked, in milliseconds: their durations without their waits.
    StepWorkingAvg,
    /// The mean duration of finished executions, in milliseconds.
    DurationAvg,
    /// failed / (completed + failed) of step runs, in percent.
    StepFailureRate,
    /// (failed + crashed) / (completed + failed + crashed) of executions, in percent.
    FailureRate,
    /// US dollars per day.
    CostPerDay,
    /// Failed and crashed executions of an error group per day.
    ErrorsPerDay,
    /// Executions per day.
    ExecutionsPerDay,
}

impl ChangeMetric {
    /// The unit of its values.
    pub fn unit(self) -> ChangeUnit {
        match self {
            Self::StepWorkingAvg | Self::DurationAvg => ChangeUnit::Milliseconds,
            Self::StepFailureRate | Self::FailureRate => ChangeUnit::Percent,
            Self::CostPerDay => ChangeUnit::Usd,
            Self::ErrorsPerDay | Self::ExecutionsPerDay => ChangeUnit::Count,
        }
    }
}

/// The unit of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeUnit {
    /// Milliseconds.
    Milliseconds,
    /// US dollars.
    Usd,
    /// A number of things.
    Count,
    /// Percent.
    Percent,
}

/// A change of a metric, with its cause and effect.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// An id that stays the same while the change is found with the same beginning.
    pub id: String,
    /// What changed.
    pub kind: ChangeKind,
    /// When it began: the minute of a version's first execution, otherwise the hour, or the day of a
    /// cost.
    #[schema(value_type = String, format = "date-time")]
    pub since: Timestamp,
    /// When it ended; null while it lasts.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub until: Option<Timestamp>,
    /// Whether it still lasts at the end of the range.
    pub ongoing: bool,
    /// The workflow, if it is only one.
    pub workflow: Option<ChangedWorkflow>,
    /// The workflows, the most affected first, at most ten.
    pub workflows: Vec<ChangedWorkflow>,
    /// How many workflows are affected.
    pub workflow_count: usize,
    /// The version whose first executions coincide with the beginning.
    pub version: Option<String>,
    /// The step.
    pub step: Option<ChangedStep>,
    /// The connector: a type of step, or the provider of a cost without a model.
    pub connector: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The error group.
    pub error_group: Option<ChangedErrorGroup>,
    /// The metric that changed.
    pub metric: ChangeMetric,
    /// The unit of `before`, `after` and `difference`.
    pub unit: ChangeUnit,
    /// The metric before.
    pub before: f64,
    /// The metric since, until its end.
    pub after: f64,
    /// after / before; null if before is 0.
    pub ratio: Option<f64>,
    /// after - before with its bounds at 95 %; null for metrics without bounds.
    pub difference: Option<ChangeDifference>,
    /// Its effect within the range.
    pub effect: ChangeEffect,
    /// How many runs, cost records or errors `before` and `after` are based on.
    pub samples: ChangeSamples,
    /// How certain it is that the change is not due to chance.
    pub confidence: ChangeConfidence,
    /// The probability of finding such a change where there is none, adjusted for the number of series
    /// examined (Benjamini and Hochberg 1995).
    pub p_value: Option<f64>,
    /// The metric over time.
    pub series: ChangeTrace,
}

/// A workflow that a change affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedWorkflow {
    /// Its id.
    pub id: String,
    /// Its name; the id if it has none.
    pub name: String,
}

/// The step in which something changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedStep {
    /// Its id.
    pub id: String,
    /// Its name; the id if it has none.
    pub name: String,
    /// Its type; null if no event reported one.
    #[serde(rename = "type")]
    pub step_type: Option<String>,
}

/// The error group of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedErrorGroup {
    /// Its id.
    pub id: String,
    /// Its name, or its newest message with placeholders for values.
    pub title: String,
}

/// A difference with its bounds at 95 %, in the change's unit; percentage points for rates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangeDifference {
    /// after - before.
    pub value: f64,
    /// The smallest true difference that is consistent with the measurements.
    pub lower: f64,
    /// The largest such value.
    pub upper: f64,
}

impl From<Difference> for ChangeDifference {
    fn from(found: Difference) -> Self {
        Self {
            value: found.value,
            lower: found.lower,
            upper: found.upper,
        }
    }
}

/// The effect of a change within the range; what does not apply is null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEffect {
    /// Runs affected: those of the step or workflow since then; of a silent workflow, the runs that
    /// were due.
    pub runs: Option<u64>,
    /// Failed runs beyond the usual number.
    pub failed_runs: Option<u64>,
    /// Additional time over all runs, in milliseconds.
    pub milliseconds: Option<f64>,
    /// US dollars beyond the usual amount.
    pub cost: Option<f64>,
    /// Additional time per run, in milliseconds.
    pub per_run_milliseconds: Option<f64>,
    /// US dollars beyond the usual amount per day.
    pub cost_per_day: Option<f64>,
}

/// The numbers of measurements that a change is based on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeSamples {
    /// Before the change.
    pub before: u64,
    /// Since the change, until its end.
    pub after: u64,
}

/// The width of a point of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeBucket {
    /// An hour.
    Hour,
    /// A calendar day in the time zone of the request.
    Day,
}

/// A metric over time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChangeTrace {
    /// The width of a point.
    pub bucket: ChangeBucket,
    /// The start of the first point.
    #[schema(value_type = String, format = "date-time")]
    pub from: Timestamp,
    /// The points in order; null without data.
    pub values: Vec<Option<f64>>,
}
