//! The answer about enrolment.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::EnrolmentTally;
use weir_query::{Interval, words::JourneyUnit};

use super::super::{DurationFigures, RateBounds};
use crate::views::{Meta, RangeView};

/// Enrolment and conversion of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowAnalytics {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// When they were enrolled.
    pub range: RangeView,
    /// The width of a bucket of the series.
    pub granularity: Option<Interval>,
    /// The zone of the buckets.
    pub timezone: String,
    /// Whether executions or subjects are counted.
    pub unit: JourneyUnit,
    /// The goal that counts as conversion; null for any.
    pub goal: Option<String>,
    /// How long after enrolment a goal counts, in milliseconds; null for ever.
    pub window_ms: Option<i64>,
    /// All that were enrolled in the range.
    pub summary: EnrolmentSummary,
    /// The range of the same length that ends where this one begins.
    pub previous_range: Option<RangeView>,
    /// All that were enrolled in it; where they stand now, so they had longer to complete or convert.
    pub previous: Option<EnrolmentFigures>,
    /// Those enrolled in each bucket; where they stand now, so buckets with active ones may change.
    pub series: Vec<EnrolmentPoint>,
    /// Goals reached in the range, the most frequent first.
    pub goals: Vec<GoalFigures>,
    /// How it came about.
    pub meta: Meta,
}

/// Everybody enrolled in the range.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentSummary {
    /// All executions that run or wait now, whenever they were enrolled.
    pub currently_active: u64,
    /// Executions enrolled in the range that have no subject, where subjects are counted.
    pub without_subject: u64,
    /// The figures of those enrolled in the range.
    #[serde(flatten)]
    pub figures: EnrolmentFigures,
}

/// Those enrolled in a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentPoint {
    /// The start of the bucket, in the zone asked for.
    #[schema(format = "date-time")]
    pub time: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: EnrolmentFigures,
}

/// Enrolments in figures: enrolled = active + completed + dropped. Rates are percentages; null is "no data".
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct EnrolmentFigures {
    /// New enrolments.
    pub enrolled: u64,
    /// Those of them that run or wait.
    pub active: u64,
    /// Those that completed.
    pub completed: u64,
    /// Those that failed, crashed or were canceled.
    pub dropped: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that crashed.
    pub crashed: u64,
    /// Those that were canceled.
    pub canceled: u64,
    /// Those that reached the goal, wherever they stand.
    pub converted: u64,
    /// converted / enrolled.
    pub conversion_rate: Option<f64>,
    /// Its exact bounds.
    pub conversion_bounds: RateBounds,
    /// completed / (completed + dropped).
    pub completion_rate: Option<f64>,
    /// dropped / (completed + dropped).
    pub drop_rate: Option<f64>,
    /// From enrolment to completion, of those whose beginning or duration is known.
    pub time_to_complete: DurationFigures,
    /// From enrolment to the goal, of those whose beginning or duration is known.
    pub time_to_convert: DurationFigures,
}

/// A goal.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalFigures {
    /// The goal.
    pub goal_id: Option<String>,
    /// How often it was reached in the range.
    pub reached: u64,
    /// What that was worth.
    pub value: f64,
}

impl From<EnrolmentTally> for EnrolmentFigures {
    fn from(tally: EnrolmentTally) -> Self {
        let conversion_bounds = RateBounds::of(tally.converted, tally.enrolled);
        Self {
            enrolled: tally.enrolled,
            active: tally.active,
            completed: tally.completed,
            dropped: tally.dropped(),
            failed: tally.failed,
            crashed: tally.crashed,
            canceled: tally.canceled,
            converted: tally.converted,
            conversion_rate: tally.conversion_rate(),
            conversion_bounds,
            completion_rate: tally.completion_rate(),
            drop_rate: tally.drop_rate(),
            time_to_complete: (&tally.time_to_complete.sorted()).into(),
            time_to_convert: (&tally.time_to_convert.sorted()).into(),
        }
    }
}
