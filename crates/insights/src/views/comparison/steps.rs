//! The steps behind a difference between versions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Better, Estimate,
    compare::{mean, rate},
    difference, finding,
};
use weir_query::{Query, records::open_steps::OpenTime};

use super::{MetricDifference, estimates::of};
use crate::{
    figures,
    query::Names,
    views::{Frame, Results},
};

/// How many steps are listed.
const MOST: usize = 20;

figures! {
    /// Figures of a step in a version.
    pub(super) struct StepOfVersion {
        good: u64 = count("steps_completed"),
        judged: u64 = count("steps_completed", "steps_failed"),
        timed: u64 = count("step_durations"),
        average: Option<f64> = value("step_duration_avg"),
        deviation: Option<f64> = value("step_duration_stddev"),
        total: f64 = sum("step_duration_sum"),
    }
}

/// A step compared between two versions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepComparison {
    /// The step's id.
    pub step_id: String,
    /// Its newest name; null if no event named it.
    pub step_name: Option<String>,
    /// How much longer this step takes per ended execution than in the baseline, in milliseconds: its
    /// contribution to the difference in duration.
    pub contribution_ms: Option<f64>,
    /// Its mean duration.
    pub duration: MetricDifference,
    /// Its success rate.
    pub success_rate: MetricDifference,
}

/// The query for the steps of versions.
pub(super) fn query(frame: &Frame, versions: &[String]) -> Query {
    let query = frame.question().by(["version", "step"]).limit(10_000);
    match versions.is_empty() {
        true => query,
        false => query.filter("version", versions.iter().map(String::as_str)),
    }
}

/// The answers about the steps of all versions.
pub(super) struct Steps {
    /// Their figures.
    pub results: Results<StepOfVersion>,
    /// The time that open executions spent in them.
    pub open: OpenTime,
}

/// A version with the number of its ended executions.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub version: &'a str,
    pub ended: u64,
}

/// A version's figures of a step, and the time spent in it per ended execution, in milliseconds.
struct OfVersion<'a> {
    figures: Option<&'a StepOfVersion>,
    per_execution: Option<f64>,
}

/// The steps of a version compared with those of the baseline.
pub(super) fn differences(
    steps: &Steps,
    sides: [Side<'_>; 2],
    names: &Names,
) -> Vec<StepComparison> {
    let of_version = |side: Side<'_>| -> BTreeMap<String, StepOfVersion> {
        let lines = steps.results.lines();
        lines
            .filter(|line| line.key(0).as_deref() == Some(side.version))
            .filter_map(|line| Some((line.key(1)?, line.figures)))
            .collect()
    };
    let known = sides.map(of_version);
    let ids: BTreeSet<&String> = known.iter().flat_map(BTreeMap::keys).collect();
    let mut found: Vec<StepComparison> = ids
        .into_iter()
        .map(|id| {
            let pair = [0, 1].map(|side| steps.of(sides[side], id, known[side].get(id)));
            let name = names.of("step", Some(id));
            step(id.clone(), name, pair)
        })
        .collect();
    let weight = |step: &StepComparison| step.contribution_ms.unwrap_or(0.0).abs();
    found.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    found.truncate(MOST);
    found
}

impl Steps {
    fn of<'a>(
        &self,
        side: Side<'_>,
        step: &str,
        figures: Option<&'a StepOfVersion>,
    ) -> OfVersion<'a> {
        let all = figures.map_or(0.0, |figures| figures.total);
        let open = self
            .open
            .get(&(Some(side.version.to_owned()), step.to_owned()));
        let time = (all - open.copied().unwrap_or(0.0)).max(0.0);
        OfVersion {
            figures,
            per_execution: (side.ended > 0).then(|| time / side.ended as f64),
        }
    }
}

fn step(
    step_id: String,
    step_name: Option<String>,
    [group, base]: [OfVersion<'_>; 2],
) -> StepComparison {
    let per_execution = group.per_execution.zip(base.per_execution);
    let figures = |metric, better, value: fn(&StepOfVersion) -> (u64, Option<Estimate>)| {
        let sides = (group.figures.map(value), base.figures.map(value));
        let least = |side: Option<(u64, Option<Estimate>)>| side.map_or(0, |(count, _)| count);
        let enough = least(sides.0).min(least(sides.1));
        let estimates = (
            sides.0.and_then(|side| side.1),
            sides.1.and_then(|side| side.1),
        );
        let found = estimates.0.zip(estimates.1).map(|(a, b)| difference(a, b));
        let values = (estimates.0.map(|e| e.value), estimates.1.map(|e| e.value));
        of(metric, values, found, finding(found, better, enough))
    };
    StepComparison {
        step_id,
        step_name,
        contribution_ms: per_execution.map(|(group, base)| group - base),
        duration: figures("step_duration_avg", Better::Less, |of| {
            let found = of.average.zip(of.deviation);
            let estimate =
                found.and_then(|(average, deviation)| mean(average, deviation, of.timed));
            (of.timed, estimate)
        }),
        success_rate: figures("step_success_rate", Better::More, |of| {
            (of.judged, rate(of.good, of.judged))
        }),
    }
}
