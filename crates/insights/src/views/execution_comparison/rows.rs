//! The step runs of two executions side by side.

use std::{cmp::Reverse, collections::HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Pair, align};

use super::{
    super::{
        execution_detail::{StepCosts, TimedStep},
        execution_norms::StepRef,
    },
    Side,
};

/// Durations that differ by at most this share of the longer one are the same: two runs are not a measurement.
const SAME_SHARE: f64 = 0.1;
/// Durations that differ by at most this many milliseconds are the same.
const SAME_TIME: i64 = 10;

/// A step of two executions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparedStep {
    /// The step.
    pub step: StepRef,
    /// The run of the step, as in the timeline of `a`; of `b` if only that has it.
    pub occurrence: usize,
    /// Its run in the first execution.
    pub a: Option<ComparedRun>,
    /// Its run in the second execution.
    pub b: Option<ComparedRun>,
    /// The duration in `b` minus that in `a`, in milliseconds; null if one is unknown.
    pub difference: Option<i64>,
    /// How the runs differ.
    pub kind: RunDifference,
    /// Its place among all rows by how important the difference is, starting at 1: different states first,
    /// then by the time that it makes up.
    pub rank: usize,
    /// The row with the run of the other execution, where that has it in another place of its order.
    pub counterpart: Option<usize>,
}

/// A step run that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedRun {
    /// The run of the step, as in the timeline.
    pub occurrence: usize,
    /// Milliseconds since the start of the execution.
    pub offset: i64,
    /// How long it took, in milliseconds; null if unknown.
    pub duration: Option<i64>,
    /// How much of that it waited for a person or for a time, in milliseconds; null if the duration is unknown.
    pub wait_duration: Option<i64>,
    /// One of `completed`, `failed` and `skipped`.
    pub status: &'static str,
    /// Number of the attempt, starting at 1.
    pub attempts: i64,
    /// US dollars: the costs that arose while only this step was running; null without such costs.
    pub cost: Option<f64>,
}

/// How two runs of a step differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunDifference {
    /// Only the first execution has it here.
    OnlyA,
    /// Only the second execution has it here.
    OnlyB,
    /// They ended differently.
    Status,
    /// `b` took longer, by more than 10 % and 10 ms.
    Slower,
    /// `b` took less, by more than 10 % and 10 ms.
    Faster,
    /// They took about the same time, or how long is unknown.
    Same,
}

/// All rows, in the order of both executions.
pub(super) fn compared(a: &Side, b: &Side) -> Vec<ComparedStep> {
    let ids = |side: &Side| -> Vec<String> {
        let runs = side.steps.runs.iter();
        runs.map(|run| run.record.step.clone()).collect()
    };
    let pairs = align(&ids(a), &ids(b));
    let counterparts = counterparts(&pairs, a, b);
    let costs = (a.costs.by_step(), b.costs.by_step());
    let row = |(at, pair): (usize, &Pair)| {
        let one = pair.a.map(|place| &a.steps.runs[place]);
        let other = pair.b.map(|place| &b.steps.runs[place]);
        let shown = one.or(other)?;
        let names = if one.is_some() { &a.names } else { &b.names };
        let (runs_a, runs_b) = (
            one.map(|run| compared_run(a, run, &costs.0)),
            other.map(|run| compared_run(b, run, &costs.1)),
        );
        Some(ComparedStep {
            step: StepRef {
                id: shown.record.step.clone(),
                name: names.get(&shown.record.step).cloned(),
                step_type: shown.record.step_type.clone(),
            },
            occurrence: shown.occurrence,
            difference: difference(runs_a, runs_b),
            kind: kind(runs_a, runs_b),
            a: runs_a,
            b: runs_b,
            rank: 0,
            counterpart: counterparts.get(&at).copied(),
        })
    };
    let mut rows: Vec<ComparedStep> = pairs.iter().enumerate().filter_map(row).collect();
    rank(&mut rows);
    rows
}

fn compared_run(
    side: &Side,
    run: &TimedStep,
    costs: &HashMap<(&str, usize), StepCosts>,
) -> ComparedRun {
    let costs = costs.get(&(run.record.step.as_str(), run.occurrence));
    ComparedRun {
        occurrence: run.occurrence,
        offset: run.span.start - side.start,
        duration: run.record.duration,
        wait_duration: run.record.wait,
        status: run.record.status.name(),
        attempts: run.record.attempt.unwrap_or(1),
        cost: costs.map(|costs| costs.cost()),
    }
}

fn difference(a: Option<ComparedRun>, b: Option<ComparedRun>) -> Option<i64> {
    Some(b?.duration? - a?.duration?)
}

fn kind(a: Option<ComparedRun>, b: Option<ComparedRun>) -> RunDifference {
    let (one, other) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(_), None) => return RunDifference::OnlyA,
        _ => return RunDifference::OnlyB,
    };
    if one.status != other.status {
        return RunDifference::Status;
    }
    let longer = one.duration.max(other.duration).unwrap_or(0) as f64;
    match difference(a, b) {
        Some(more) if more.abs() <= SAME_TIME || more.abs() as f64 <= SAME_SHARE * longer => {
            RunDifference::Same
        }
        Some(more) if more > 0 => RunDifference::Slower,
        Some(_) => RunDifference::Faster,
        None => RunDifference::Same,
    }
}

/// For rows with a run of one execution only, the row with the same run of the other: parallel branches start
/// in any order, and an alignment keeps both orders.
fn counterparts(pairs: &[Pair], a: &Side, b: &Side) -> HashMap<usize, usize> {
    let key = |pair: &Pair| match (pair.a, pair.b) {
        (Some(place), None) => Some((&a.steps.runs[place], true)),
        (None, Some(place)) => Some((&b.steps.runs[place], false)),
        _ => None,
    };
    let mut alone: HashMap<(&str, usize, bool), usize> = HashMap::new();
    let mut seen: HashMap<(&str, bool), usize> = HashMap::new();
    let mut keys = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let Some((run, of_a)) = key(pair) else {
            continue;
        };
        // Counted among the runs that stand alone, since the others have theirs.
        let step = run.record.step.as_str();
        let number = seen.entry((step, of_a)).or_default();
        *number += 1;
        alone.insert((step, *number, of_a), at);
        keys.push((at, (step, *number, !of_a)));
    }
    let found = keys.into_iter();
    found
        .filter_map(|(at, other)| Some((at, *alone.get(&other)?)))
        .collect()
}

fn rank(rows: &mut [ComparedStep]) {
    let weight = |row: &ComparedStep| {
        let alone = row.a.or(row.b).and_then(|run| run.duration);
        match row.kind {
            RunDifference::Status => (3, row.difference.unwrap_or(0).abs()),
            // The same run in another place is no difference in itself.
            RunDifference::OnlyA | RunDifference::OnlyB if row.counterpart.is_some() => (1, 0),
            RunDifference::OnlyA | RunDifference::OnlyB => (2, alone.unwrap_or(0)),
            RunDifference::Slower | RunDifference::Faster => (2, row.difference.unwrap_or(0).abs()),
            RunDifference::Same => (0, row.difference.unwrap_or(0).abs()),
        }
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| Reverse(weight(&rows[at])));
    for (rank, at) in order.into_iter().enumerate() {
        rows[at].rank = rank + 1;
    }
}
