//! The steps behind a difference between versions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Better, Estimate,
    compare::{mean, rate},
    difference, finding,
};
use weir_query::{Answer, Query, records::open_steps::OpenTime};

use super::{MetricDifference, estimates::of};
use crate::views::{Frame, Row};

/// Steps listed.
const MOST: usize = 20;

const METRICS: [&str; 6] = [
    "steps_completed",
    "steps_failed",
    "step_durations",
    "step_duration_avg",
    "step_duration_stddev",
    "step_duration_sum",
];

/// A step in two versions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepDifference {
    /// The step.
    pub step_id: String,
    /// Its name.
    pub step_name: Option<String>,
    /// How much more of its time an execution that has ended takes than in the baseline, in milliseconds: the
    /// step's part in the difference of durations.
    pub contribution_ms: Option<f64>,
    /// Its mean duration.
    pub duration: MetricDifference,
    /// Its success rate.
    pub success_rate: MetricDifference,
}

/// The question for the steps of versions.
pub(super) fn query(frame: &Frame, versions: &[String]) -> Query {
    let query = frame.query(METRICS).by(["version", "step"]).limit(10_000);
    match versions.is_empty() {
        true => query,
        false => query.filter("version", versions.iter().map(String::as_str)),
    }
}

/// What is known of the steps of all versions.
pub(super) struct Steps {
    /// Their figures.
    pub answer: Arc<Answer>,
    /// The time in them of executions that have not ended.
    pub open: OpenTime,
}

/// A version with the number of its executions that have ended.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub version: &'a str,
    pub ended: u64,
}

/// A version's figures of a step, and how long an execution that has ended spent in it.
struct OfVersion<'a> {
    row: Option<Row<'a>>,
    per_execution: Option<f64>,
}

/// The steps of a version against those of the baseline.
pub(super) fn differences(
    steps: &Steps,
    sides: [Side<'_>; 2],
    names: Option<&BTreeMap<String, String>>,
) -> Vec<StepDifference> {
    let of_version = |side: Side<'_>| -> BTreeMap<String, Row<'_>> {
        Row::all(&steps.answer.rows)
            .filter(|row| row.key(0).as_deref() == Some(side.version))
            .filter_map(|row| Some((row.key(1)?, row)))
            .collect()
    };
    let rows = sides.map(of_version);
    let ids: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let mut found: Vec<StepDifference> = ids
        .into_iter()
        .map(|id| {
            let pair = [0, 1].map(|side| steps.of(sides[side], id, rows[side].get(id).copied()));
            let name = names.and_then(|names| names.get(id)).cloned();
            step(id.clone(), name, pair)
        })
        .collect();
    let weight = |step: &StepDifference| step.contribution_ms.unwrap_or(0.0).abs();
    found.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    found.truncate(MOST);
    found
}

impl Steps {
    fn of<'a>(&self, side: Side<'_>, step: &str, row: Option<Row<'a>>) -> OfVersion<'a> {
        let all = row.and_then(|row| row.value("step_duration_sum"));
        let open = self
            .open
            .get(&(Some(side.version.to_owned()), step.to_owned()));
        let time = (all.unwrap_or(0.0) - open.copied().unwrap_or(0.0)).max(0.0);
        OfVersion {
            row,
            per_execution: (side.ended > 0).then(|| time / side.ended as f64),
        }
    }
}

fn step(
    step_id: String,
    step_name: Option<String>,
    [group, base]: [OfVersion<'_>; 2],
) -> StepDifference {
    let per_execution = group.per_execution.zip(base.per_execution);
    let figures = |metric, better, value: fn(Row<'_>) -> (u64, Option<Estimate>)| {
        let sides = (group.row.map(value), base.row.map(value));
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
    StepDifference {
        step_id,
        step_name,
        contribution_ms: per_execution.map(|(group, base)| group - base),
        duration: figures("step_duration_avg", Better::Less, |row| {
            let count = row.count("step_durations");
            let average = row.value("step_duration_avg");
            let deviation = row.value("step_duration_stddev");
            let found = average.zip(deviation);
            (
                count,
                found.and_then(|(average, deviation)| mean(average, deviation, count)),
            )
        }),
        success_rate: figures("step_success_rate", Better::More, |row| {
            let good = row.count("steps_completed");
            let judged = good + row.count("steps_failed");
            (judged, rate(good, judged))
        }),
    }
}
