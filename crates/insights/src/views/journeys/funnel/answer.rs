//! The response about a funnel.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::percent;
use weir_model::cube::Dimension;
use weir_query::{
    Interval,
    records::journeys::Occurrence,
    words::{FunnelOrder, JourneyUnit},
};

use super::super::{
    Distribution, DurationFigures, RateBounds, Setting,
    request::{Parsed, Step},
    walked::{GroupFigures, PointTally, Walked},
};
use crate::views::{Meta, RangeView};

/// How far enrolments in a workflow get through a sequence of steps. Rates are in percent; null means no
/// data.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowFunnel {
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
    /// The required order of the steps.
    pub order: FunnelOrder,
    /// The longest time allowed from the first to the last step, in milliseconds; null for no limit.
    pub window_ms: Option<i64>,
    /// How the steps were chosen.
    pub steps_from: StepsFrom,
    /// All enrolments in the range.
    pub enrolled: u64,
    /// Executions enrolled in the range without a subject, if subjects are counted.
    pub without_subject: u64,
    /// Enrolments that did the first step (in any order: any step) and were not excluded.
    pub entered: u64,
    /// Enrolments that did all steps.
    pub converted: u64,
    /// Enrolments with an exclusion in every attempt; they count in no step.
    pub excluded: u64,
    /// Enrolments that never did the first step.
    pub not_entered: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
    /// The exact bounds of the conversion rate.
    pub conversion_bounds: RateBounds,
    /// The steps in order.
    pub steps: Vec<FunnelStep>,
    /// Time from the first to the last step, of the converted.
    pub time_to_convert: Distribution,
    /// The dimension of the breakdown.
    pub breakdown: Option<&'static str>,
    /// The groups with the most that entered.
    pub groups: Vec<FunnelGroup>,
    /// Number of groups not listed.
    pub more_groups: usize,
    /// Enrolments in each bucket; buckets with active enrolments can still change.
    pub series: Vec<FunnelPoint>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// How the steps of a funnel were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepsFrom {
    /// The request lists them.
    Request,
    /// Enrolled, the steps of the most common path of completed executions, completed.
    MostCommonPath,
}

/// A step of a funnel.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStep {
    /// Its position, starting at 1.
    pub position: usize,
    /// Its label for people.
    pub label: String,
    /// The events that count as this step; one is enough.
    pub events: Vec<String>,
    /// Enrolments that got at least this far; in any order, enrolments that did at least this many steps.
    pub reached: u64,
    /// Enrolments that did this particular step; only in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    /// reached / entered.
    pub share_of_entered: Option<f64>,
    /// reached / reached of the previous step.
    pub share_of_previous: Option<f64>,
    /// Enrolments that got no further and no longer can.
    pub dropped: u64,
    /// Of the dropped, those that did the last step all the same, without a step before it: with the steps of
    /// the most common path, those that completed by another path. Always 0 in any order.
    pub finished_otherwise: u64,
    /// Enrolments that have got no further yet but still can.
    pub active: u64,
    /// Time from the previous step to this one.
    pub time_from_previous: DurationFigures,
}

/// A group of a breakdown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FunnelGroup {
    /// The value of the dimension.
    pub value: Option<String>,
    /// Enrolments that entered.
    pub entered: u64,
    /// Enrolments that did all steps.
    pub converted: u64,
    /// Excluded enrolments.
    pub excluded: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
    /// The exact bounds of the conversion rate.
    pub conversion_bounds: RateBounds,
    /// Enrolments that reached each step.
    pub reached: Vec<u64>,
    /// Time from the first to the last step.
    pub time_to_convert: DurationFigures,
}

/// The enrolments in a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelPoint {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// All enrolments.
    pub enrolled: u64,
    /// Enrolments that entered.
    pub entered: u64,
    /// Enrolments that did all steps.
    pub converted: u64,
    /// Enrolments that did the last step, but not every step before it in order.
    pub finished_otherwise: u64,
    /// Enrolments that have not converted but still can.
    pub active: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
}

/// What a response is built from.
pub(super) struct View<'a> {
    pub steps: Vec<(String, Step)>,
    pub parsed: &'a Parsed,
    pub setting: &'a Setting,
    pub walked: &'a Walked,
}

impl View<'_> {
    /// The response without the workflow and the origin of its steps.
    pub(super) fn body(&self, meta: Meta) -> WorkflowFunnel {
        let walked = self.walked;
        let groups = walked.groups.iter().take(self.parsed.groups);
        let points = self.setting.times.iter().zip(&walked.series);
        WorkflowFunnel {
            workflow_id: String::new(),
            workflow_name: None,
            range: self.setting.range.into(),
            granularity: self.setting.granularity,
            timezone: self.setting.zone.name().to_owned(),
            unit: self.parsed.unit,
            order: self.parsed.order,
            window_ms: self.parsed.window,
            steps_from: StepsFrom::Request,
            enrolled: walked.enrolled,
            without_subject: walked.nameless.0,
            entered: walked.entered,
            converted: walked.converted,
            excluded: walked.excluded,
            not_entered: walked.outside,
            conversion_rate: percent(walked.converted, walked.entered),
            conversion_bounds: RateBounds::of(walked.converted, walked.entered),
            steps: self.steps(),
            time_to_convert: walked.time_to_convert.clone(),
            breakdown: self.parsed.breakdown.map(Dimension::name),
            groups: groups.cloned().map(FunnelGroup::from).collect(),
            more_groups: walked.group_count.saturating_sub(self.parsed.groups),
            series: points.map(|(time, tally)| point(time, *tally)).collect(),
            meta,
        }
    }

    fn steps(&self) -> Vec<FunnelStep> {
        let any = self.parsed.order == FunnelOrder::Any;
        let mut before = None;
        let figures = self.steps.iter().zip(&self.walked.steps).enumerate();
        figures
            .map(|(i, ((label, step), figures))| {
                let previous = before.replace(figures.reached);
                FunnelStep {
                    position: i + 1,
                    label: label.clone(),
                    events: step.any.iter().map(Occurrence::to_string).collect(),
                    reached: figures.reached,
                    done: any.then_some(figures.done),
                    share_of_entered: percent(figures.reached, self.walked.entered),
                    share_of_previous: previous.and_then(|whole| percent(figures.reached, whole)),
                    dropped: figures.dropped,
                    finished_otherwise: figures.finished_otherwise,
                    active: figures.active,
                    time_from_previous: figures.from_previous.clone(),
                }
            })
            .collect()
    }
}

impl From<GroupFigures> for FunnelGroup {
    fn from(group: GroupFigures) -> Self {
        Self {
            conversion_rate: percent(group.converted, group.entered),
            conversion_bounds: RateBounds::of(group.converted, group.entered),
            value: group.value,
            entered: group.entered,
            converted: group.converted,
            excluded: group.excluded,
            reached: group.reached,
            time_to_convert: group.time_to_convert,
        }
    }
}

fn point(time: &str, tally: PointTally) -> FunnelPoint {
    FunnelPoint {
        time: time.to_owned(),
        enrolled: tally.enrolled,
        entered: tally.entered,
        converted: tally.converted,
        finished_otherwise: tally.finished_otherwise,
        active: tally.active,
        conversion_rate: percent(tally.converted, tally.entered),
    }
}
