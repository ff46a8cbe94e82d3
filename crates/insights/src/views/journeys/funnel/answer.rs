//! The answer about a funnel.

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
    request::{Step, Understood},
    walked::{GroupFigures, PointTally, Walked},
};
use crate::views::{Meta, RangeView};

/// How far those came who were enrolled in a workflow. Rates are percentages; null is "no data".
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowFunnel {
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
    /// In which order the steps have to come.
    pub order: FunnelOrder,
    /// The longest time from the first to the last step, in milliseconds; null for ever.
    pub window_ms: Option<i64>,
    /// Where the steps come from.
    pub steps_from: StepsFrom,
    /// Everybody who was enrolled in the range.
    pub enrolled: u64,
    /// Executions enrolled in the range that have no subject, where subjects are counted.
    pub without_subject: u64,
    /// Those who did the first step (in any order: any step) and were not excluded.
    pub entered: u64,
    /// Those who did all of them.
    pub converted: u64,
    /// Those whose every attempt met an exclusion; they count in no step.
    pub excluded: u64,
    /// Those who never did the first step.
    pub not_entered: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
    /// Its exact bounds.
    pub conversion_bounds: RateBounds,
    /// The steps in order.
    pub steps: Vec<FunnelStep>,
    /// From the first to the last step, of those converted.
    pub time_to_convert: Distribution,
    /// The dimension of the groups.
    pub breakdown: Option<&'static str>,
    /// The groups with most entered.
    pub groups: Vec<FunnelGroup>,
    /// How many groups there are beside those.
    pub more_groups: usize,
    /// Those enrolled in each bucket; buckets with active ones may still change.
    pub series: Vec<FunnelPoint>,
    /// How it came about.
    pub meta: Meta,
}

/// Where the steps of a funnel come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepsFrom {
    /// The request named them.
    Request,
    /// Enrolled, the steps that most completed executions ran, completed.
    MostCommonPath,
}

/// A step of a funnel.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelStep {
    /// Its position, from 1.
    pub position: usize,
    /// Its name for people.
    pub label: String,
    /// What it is: one of these.
    pub events: Vec<String>,
    /// Those who came at least so far; in any order, those who did at least so many of the steps.
    pub reached: u64,
    /// Those who did this very step; only in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    /// reached / entered.
    pub share_of_entered: Option<f64>,
    /// reached / reached of the step before.
    pub share_of_previous: Option<f64>,
    /// Those who came no farther, and can no longer.
    pub dropped: u64,
    /// Those who came no farther so far, and still can.
    pub active: u64,
    /// From the step before to this one.
    pub time_from_previous: DurationFigures,
}

/// A group of a breakdown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FunnelGroup {
    /// The value of the dimension.
    pub value: Option<String>,
    /// Those who entered.
    pub entered: u64,
    /// Those who did all of the steps.
    pub converted: u64,
    /// Those who were excluded.
    pub excluded: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
    /// Its exact bounds.
    pub conversion_bounds: RateBounds,
    /// Those who reached each step.
    pub reached: Vec<u64>,
    /// From the first to the last step.
    pub time_to_convert: DurationFigures,
}

/// Those enrolled in a bucket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelPoint {
    /// The start of the bucket, in the zone asked for.
    #[schema(format = "date-time")]
    pub time: String,
    /// Everybody.
    pub enrolled: u64,
    /// Those who entered.
    pub entered: u64,
    /// Those who did all of the steps.
    pub converted: u64,
    /// Those who still can.
    pub active: u64,
    /// converted / entered.
    pub conversion_rate: Option<f64>,
}

/// What an answer is written from.
pub(super) struct View<'a> {
    pub steps: Vec<(String, Step)>,
    pub understood: &'a Understood,
    pub setting: &'a Setting,
    pub walked: &'a Walked,
}

impl View<'_> {
    /// The answer, but for the workflow and where its steps come from.
    pub(super) fn body(&self, meta: Meta) -> WorkflowFunnel {
        let walked = self.walked;
        let groups = walked.groups.iter().take(self.understood.groups);
        let points = self.setting.times.iter().zip(&walked.series);
        WorkflowFunnel {
            workflow_id: String::new(),
            workflow_name: None,
            range: self.setting.range.into(),
            granularity: self.setting.granularity,
            timezone: self.setting.zone.name().to_owned(),
            unit: self.understood.unit,
            order: self.understood.order,
            window_ms: self.understood.window,
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
            breakdown: self.understood.breakdown.map(Dimension::name),
            groups: groups.cloned().map(FunnelGroup::from).collect(),
            more_groups: walked.group_count.saturating_sub(self.understood.groups),
            series: points.map(|(time, tally)| point(time, *tally)).collect(),
            meta,
        }
    }

    fn steps(&self) -> Vec<FunnelStep> {
        let any = self.understood.order == FunnelOrder::Any;
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
        active: tally.active,
        conversion_rate: percent(tally.converted, tally.entered),
    }
}
