//! Workflows that ran regularly and have stopped.

use std::collections::HashMap;

use weir_analysis::changes::{HourlyRuns, Silence, silence};
use weir_model::{
    TimeRange,
    time::{DAY, HOUR},
};
use weir_query::Interval;

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples},
    axis::Series,
    found::{Candidate, Detected, Found, all_significant},
    gather::{Gathered, Runs},
    study::Study,
};
use crate::{AppError, figures, views::Questions};

/// The fewest executions that show a rhythm.
const FEWEST_RUNS: u64 = 20;
/// How far back the last hour with executions is searched for hour by hour.
const RECENT: i64 = 3 * DAY;
/// The fewest executions that must be due on average for a closer look.
const LEAST_DUE: f64 = 2.0;
/// The most workflows that are examined hour by hour.
const MOST_CLOSELY: usize = 50;
/// From this many on, workflows that stopped together are reported as one change.
const EVERYTHING: usize = 3;
/// The most workflows that a query answers.
const MOST_WORKFLOWS: i64 = 10_000;

figures! {
    /// Executions of a workflow, or of all.
    #[derive(Clone, Debug)]
    struct Executed {
        executions: u64 = count("executions"),
    }
}

/// The workflows that are silent at the end of the searched time. Fails if the store does.
pub(super) async fn detect(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &Gathered,
) -> Result<Detected, AppError> {
    let hours = study.complete_hours();
    let regular: Vec<&Series<Runs>> = gathered
        .workflows
        .iter()
        .filter(|one| total(one) >= FEWEST_RUNS)
        .collect();
    let suspects = suspects(questions, study, &regular).await?;
    let tested = regular.len();
    let mut detected = Detected {
        tested,
        ..Detected::default()
    };
    if suspects.is_empty() {
        return Ok(detected);
    }
    let ids: Vec<&str> = suspects
        .iter()
        .filter_map(|one| one.key[0].as_deref())
        .collect();
    let query = study.question().filter("workflow", ids).by(["workflow"]);
    let query = query.every(Interval::Hour).limit(MOST_WORKFLOWS);
    let hourly = study
        .hours
        .series(&questions.figures::<Executed>(query).await?, 1);
    let all = study.of_all_workflows(study.period).every(Interval::Hour);
    let mut everything = vec![0.0; study.hours.len()];
    for line in questions.figures::<Executed>(all).await?.lines() {
        let bucket = line.start().map(|start| study.hours.index(start));
        if let Some(place) = bucket.and_then(|bucket| everything.get_mut(bucket)) {
            *place += line.figures.executions as f64;
        }
    }
    let candidates = hourly.into_iter().filter_map(|series| {
        let runs = series.buckets[..hours].iter().enumerate();
        let runs: Vec<HourlyRuns> = runs
            .map(|(hour, of)| {
                let runs = of.as_ref().map_or(0, |of| of.executions) as f64;
                HourlyRuns {
                    runs,
                    others: (everything[hour] - runs).max(0.0),
                    slot: study.hour_of_week(hour),
                }
            })
            .collect();
        let found = silence(&runs)?;
        Some(Candidate {
            p: found.p,
            effect: found.due,
            of: (series.key[0].clone()?, found),
        })
    });
    let significant = all_significant(candidates.collect(), tested);
    let (together, single): (Vec<_>, Vec<_>) =
        significant.into_iter().partition(|one| one.of.1.together);
    let daily: HashMap<_, _> = gathered
        .workflows
        .iter()
        .map(|one| (one.key[0].clone(), one))
        .collect();
    let told = |candidate: Candidate<(String, Silence)>| {
        let series = daily.get(&Some(candidate.of.0.clone()))?;
        Some(found(study, candidate, series))
    };
    let together: Vec<Found> = together.into_iter().filter_map(told).collect();
    match together.len() >= EVERYTHING {
        true => detected.found.push(all_silent(study, gathered, together)),
        false => detected.found.extend(together),
    }
    detected.found.extend(single.into_iter().filter_map(told));
    Ok(detected)
}

/// One change of all workflows that stopped together, those with the most executions due first.
fn all_silent(study: &Study, gathered: &Gathered, parts: Vec<Found>) -> Found {
    let sum = |of: &dyn Fn(&Found) -> u64| parts.iter().map(of).sum();
    let series = Series {
        key: Vec::new(),
        buckets: gathered.executions.iter().copied().map(Some).collect(),
    };
    let trace = study.trace(&series, |count| Some(*count as f64));
    Found {
        since: parts
            .iter()
            .map(|one| one.since)
            .min()
            .unwrap_or(trace.from),
        before: parts.iter().map(|one| one.before).sum(),
        effect: ChangeEffect {
            runs: Some(sum(&|one| one.effect.runs.unwrap_or(0))),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: sum(&|one| one.samples.before),
            after: 0,
        },
        p: parts.iter().map(|one| one.p).fold(1.0, f64::min),
        workflows: parts.into_iter().flat_map(|one| one.workflows).collect(),
        ..Found::new(
            ChangeKind::WorkflowSilent,
            ChangeMetric::ExecutionsPerDay,
            trace,
        )
    }
}

fn total(series: &Series<Runs>) -> u64 {
    series
        .buckets
        .iter()
        .flatten()
        .map(|runs| runs.executions)
        .sum()
}

/// The regular workflows that did not run recently, those with the most executions due first.
async fn suspects<'a>(
    questions: &mut Questions<'_>,
    study: &Study,
    regular: &[&'a Series<Runs>],
) -> Result<Vec<&'a Series<Runs>>, AppError> {
    let recent = TimeRange {
        from: study.searched.to.plus(-RECENT).max(study.period.from),
        to: study.searched.to,
    };
    if recent.from >= recent.to {
        return Ok(Vec::new());
    }
    let query = study.within(recent).by(["workflow"]).every(Interval::Hour);
    let ran = questions
        .figures::<Executed>(query.limit(MOST_WORKFLOWS))
        .await?;
    let mut last = HashMap::new();
    for line in ran.lines().filter(|line| line.figures.executions > 0) {
        if let Some(start) = line.start() {
            last.insert(line.key(0), start.plus(HOUR));
        }
    }
    let due = |series: &Series<Runs>| {
        let since = last.get(&series.key[0]).copied().unwrap_or(recent.from);
        let quiet = (study.searched.to.0 - since.0).max(0) as f64 / DAY as f64;
        let days = series
            .buckets
            .iter()
            .skip_while(|day| day.is_none())
            .count();
        quiet * total(series) as f64 / days.max(1) as f64
    };
    let mut suspects: Vec<(f64, &Series<Runs>)> =
        regular.iter().map(|one| (due(one), *one)).collect();
    suspects.retain(|(due, _)| *due >= LEAST_DUE);
    suspects.sort_by(|a, b| b.0.total_cmp(&a.0));
    suspects.truncate(MOST_CLOSELY);
    Ok(suspects.into_iter().map(|(_, series)| series).collect())
}

fn found(study: &Study, candidate: Candidate<(String, Silence)>, series: &Series<Runs>) -> Found {
    let (workflow, silence) = candidate.of;
    let since = study.hours.start(silence.since);
    let last = study.days.index(since);
    let first = series.buckets.iter().position(Option::is_some).unwrap_or(0);
    let days = (last - first.min(last)).max(1);
    let trace = study.trace(series, |runs| Some(runs.executions as f64));
    Found {
        since,
        workflows: vec![workflow],
        before: total(series) as f64 / days as f64,
        after: 0.0,
        effect: ChangeEffect {
            runs: Some(silence.due.round() as u64),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: total(series),
            after: 0,
        },
        p: candidate.p,
        ..Found::new(
            ChangeKind::WorkflowSilent,
            ChangeMetric::ExecutionsPerDay,
            trace,
        )
    }
}
