//! The response about enrolment.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::EnrolmentTally;
use weir_query::{Interval, words::JourneyUnit};

use super::super::{DurationFigures, RateBounds};
use crate::views::{Meta, RangeView};

/// Enrolment and conversion of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowAnalytics {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range of enrolment.
    pub range: RangeView,
    /// The bucket width of the series.
    pub granularity: Option<Interval>,
    /// The time zone of the buckets.
    pub timezone: String,
    /// Whether executions or subjects are counted.
    pub unit: JourneyUnit,
    /// The goal that counts as conversion; null for any goal.
    pub goal: Option<String>,
    /// How long after enrolment a goal counts, in milliseconds; null for no limit.
    pub window_ms: Option<i64>,
    /// Totals of all enrolments in the range.
    pub summary: EnrolmentSummary,
    /// The previous period: as long as the range, up to its start.
    pub previous_range: Option<RangeView>,
    /// Totals of the previous period, by current state: these enrolments had more time to complete or
    /// convert.
    pub previous: Option<EnrolmentFigures>,
    /// Enrolments in each bucket, by current state: buckets with active enrolments can still change.
    pub series: Vec<EnrolmentPoint>,
    /// Goals reached in the range, most frequent first.
    pub goals: Vec<GoalFigures>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Totals of the enrolments in the range.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentSummary {
    /// All executions that are running or waiting now, whenever they were enrolled.
    pub currently_active: u64,
    /// Executions enrolled in the range without a subject, if subjects are counted.
    pub without_subject: u64,
    /// The figures of the enrolments in the range.
    #[serde(flatten)]
    pub figures: EnrolmentFigures,
}

/// The enrolments in a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentPoint {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// The figures of these enrolments.
    #[serde(flatten)]
    pub figures: EnrolmentFigures,
}

/// Figures of enrolments: enrolled = active + completed + dropped. Rates are in percent; null means no data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct EnrolmentFigures {
    /// New enrolments.
    pub enrolled: u64,
    /// Enrolments that are running or waiting.
    pub active: u64,
    /// Completed enrolments.
    pub completed: u64,
    /// Enrolments that failed, crashed or were canceled.
    pub dropped: u64,
    /// Failed enrolments.
    pub failed: u64,
    /// Crashed enrolments.
    pub crashed: u64,
    /// Canceled enrolments.
    pub canceled: u64,
    /// Enrolments that reached the goal, whatever their state.
    pub converted: u64,
    /// converted / enrolled.
    pub conversion_rate: Option<f64>,
    /// The exact bounds of the conversion rate.
    pub conversion_bounds: RateBounds,
    /// completed / (completed + dropped).
    pub completion_rate: Option<f64>,
    /// dropped / (completed + dropped).
    pub drop_rate: Option<f64>,
    /// Time from enrolment to completion, where the start or the duration is known.
    pub time_to_complete: DurationFigures,
    /// Time from enrolment to the goal, where the start or the duration is known.
    pub time_to_convert: DurationFigures,
}

/// How often a goal was reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalFigures {
    /// The goal's id.
    pub goal_id: Option<String>,
    /// How often it was reached in the range.
    pub reached: u64,
    /// The sum of the values that goal events reported.
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
