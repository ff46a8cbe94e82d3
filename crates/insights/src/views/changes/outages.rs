//! Connectors that fail across workflows.

use weir_analysis::{
    changes::{Law, Surge, Trials, Window, surges},
    compare::rate,
    difference,
};
use weir_model::{TimeRange, Timestamp, time::HOUR};
use weir_query::Interval;

use super::{
    answer::{ChangeBucket, ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples, ChangeTrace},
    axis::Series,
    found::{Candidate, Detected, Found, in_background, significant},
    gather::Gathered,
    study::Study,
};
use crate::{AppError, figures, views::Questions};

/// A connector that fails in at least this share of its runs is down.
const DOWN: f64 = 0.5;
/// A connector that is not down must fail in this much more of its runs to be reported.
const LEAST_RISE: f64 = 0.1;
/// The fewest failures beyond the usual ones.
const LEAST_EXTRA: f64 = 20.0;
/// The fewest workflows that make it the connector's problem rather than a step's.
const FEWEST_WORKFLOWS: usize = 2;
/// The most types of steps that are examined.
const MOST_TYPES: i64 = 200;
/// The most workflows that are counted.
const MOST_WORKFLOWS: i64 = 10_000;
/// The hours before and after an outage that its trace shows.
const HOURS_AROUND: usize = 36;
/// How long after an outage executions still fail because of it: they are retried and run again.
const ECHO: i64 = HOUR;

figures! {
    /// The runs of a type of step.
    #[derive(Clone, Debug)]
    pub(super) struct Calls {
        pub judged: u64 = count("steps_completed", "steps_failed"),
        pub failed: u64 = count("steps_failed"),
    }

    /// Executions that ended.
    struct Ended {
        judged: u64 = count("completed", "failed", "crashed"),
        failed: u64 = count("failed", "crashed"),
    }
}

/// A time in which a connector failed in several workflows.
#[derive(Clone, Debug)]
pub(super) struct Outage {
    pub connector: String,
    /// Including the time in which executions still fail because of it.
    pub range: TimeRange,
    /// The workflows it hit, the most failures first.
    pub workflows: Vec<String>,
}

impl From<&Calls> for Trials {
    fn from(calls: &Calls) -> Self {
        Self {
            hits: calls.failed as f64,
            trials: calls.judged as f64,
        }
    }
}

/// The outages of connectors, in all workflows even if the frame names one, and the changes to report.
/// Fails if the store does.
pub(super) async fn detect(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &Gathered,
) -> Result<(Detected, Vec<Outage>), AppError> {
    let query = study.of_all_workflows(study.period).by(["step_type"]);
    let query = query.every(Interval::Hour).limit(MOST_TYPES);
    let series = study
        .hours
        .series(&questions.figures::<Calls>(query).await?, 1);
    let tested = series.len();
    let search = study.hours_to_search();
    let candidates = in_background(move || {
        let found = series
            .into_iter()
            .filter(|series| series.key[0].is_some())
            .flat_map(|series| {
                let surges = surges(&trials(&series), Law::Bernoulli, search).into_iter();
                let large = surges.filter(is_large);
                large
                    .map(|surge| candidate(&series, surge))
                    .collect::<Vec<_>>()
            });
        found.collect::<Vec<_>>()
    })
    .await?;
    let (significant, mut detected) = significant(candidates, tested);
    let mut outages = Vec::new();
    for candidate in significant {
        let Some(outage) = outage(questions, study, &candidate).await? else {
            continue;
        };
        let hit = study
            .frame()
            .workflow
            .as_ref()
            .is_none_or(|only| outage.workflows.contains(only));
        let until = study.hours.until(candidate.of.1.window);
        if let Some(part) = study.part(outage.range.from, until).filter(|_| hit) {
            let found = told(questions, study, gathered, &candidate, &outage, part).await?;
            detected.found.push(found);
        }
        outages.push(outage);
    }
    Ok((detected, outages))
}

fn candidate(series: &Series<Calls>, surge: Surge) -> Candidate<(Series<Calls>, Surge)> {
    Candidate {
        p: surge.p,
        effect: surge.extra(),
        of: (series.clone(), surge),
    }
}

fn trials(series: &Series<Calls>) -> Vec<Trials> {
    let buckets = series.buckets.iter();
    buckets
        .map(|calls| calls.as_ref().map_or_else(Trials::default, Trials::from))
        .collect()
}

fn is_large(surge: &Surge) -> bool {
    let rate = surge.inside.rate();
    let risen = rate >= surge.before.rate() + LEAST_RISE && surge.extra() >= LEAST_EXTRA;
    risen || rate >= DOWN
}

/// The workflows that failed because of it; `None` if there are too few.
async fn outage(
    questions: &mut Questions<'_>,
    study: &Study,
    candidate: &Candidate<(Series<Calls>, Surge)>,
) -> Result<Option<Outage>, AppError> {
    let (series, surge) = &candidate.of;
    let Some(connector) = series.key[0].clone() else {
        return Ok(None);
    };
    let range = study.hours.range(surge.window);
    let query = study
        .of_all_workflows(range)
        .filter("step_type", [connector.as_str()]);
    let calls = questions
        .figures::<Calls>(query.by(["workflow"]).limit(MOST_WORKFLOWS))
        .await?;
    let usual = surge.inside.rate() / 2.0;
    let mut hit: Vec<(String, u64)> = calls
        .lines()
        .filter(|line| line.figures.failed > 0 && Trials::from(&line.figures).rate() >= usual)
        .filter_map(|line| Some((line.key(0)?, line.figures.failed)))
        .collect();
    hit.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok((hit.len() >= FEWEST_WORKFLOWS).then(|| Outage {
        connector,
        range: TimeRange {
            to: range.to.plus(ECHO),
            ..range
        },
        workflows: hit.into_iter().map(|(workflow, _)| workflow).collect(),
    }))
}

async fn told(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &Gathered,
    candidate: &Candidate<(Series<Calls>, Surge)>,
    outage: &Outage,
    part: TimeRange,
) -> Result<Found, AppError> {
    let (series, surge) = &candidate.of;
    let kind = match surge.inside.rate() >= DOWN {
        true => ChangeKind::ConnectorDown,
        false => ChangeKind::FailuresRising,
    };
    let percent = |of: Trials| rate(of.hits as u64, of.trials as u64);
    let bounds = percent(surge.inside).zip(percent(surge.before));
    Ok(Found {
        since: outage.range.from,
        until: study.hours.until(surge.window),
        workflows: outage.workflows.clone(),
        connector: Some(outage.connector.clone()),
        before: 100.0 * surge.before.rate(),
        after: 100.0 * surge.inside.rate(),
        difference: bounds.map(|(inside, before)| difference(inside, before)),
        effect: effect(questions, study, gathered, outage, part).await?,
        samples: ChangeSamples {
            before: surge.before.trials as u64,
            after: surge.inside.trials as u64,
        },
        p: candidate.p,
        ..Found::new(
            kind,
            ChangeMetric::StepFailureRate,
            trace(study, series, surge.window),
        )
    })
}

/// The executions of the workflows it hit, and how many of them failed beyond the usual.
async fn effect(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &Gathered,
    outage: &Outage,
    part: TimeRange,
) -> Result<ChangeEffect, AppError> {
    // As many as a filter can name; the rest failed least.
    let hit = outage
        .workflows
        .iter()
        .take(weir_query::validate::MAX_VALUES);
    let query = study
        .within(TimeRange {
            to: part.to.plus(ECHO),
            ..part
        })
        .filter("workflow", hit.map(String::as_str));
    let ended = questions.figures::<Ended>(query).await?.only();
    let Some(ended) = ended else {
        return Ok(ChangeEffect::default());
    };
    let runs = gathered.workflows.iter().filter(|series| {
        let id = series.key[0].as_ref();
        id.is_some_and(|id| outage.workflows.contains(id))
    });
    let all = runs.flat_map(|series| series.buckets.iter().flatten());
    let (judged, failed) = all.fold((0, 0), |sum, runs| {
        (sum.0 + runs.judged, sum.1 + runs.failed)
    });
    let usual = Trials {
        hits: failed.saturating_sub(ended.failed) as f64,
        trials: judged.saturating_sub(ended.judged) as f64,
    };
    let expected = usual.rate() * ended.judged as f64;
    Ok(ChangeEffect {
        runs: Some(ended.judged),
        failed_runs: Some((ended.failed as f64 - expected).max(0.0).round() as u64),
        ..ChangeEffect::default()
    })
}

/// The failure rate of the hours around a window, in percent.
fn trace(study: &Study, series: &Series<Calls>, window: Window) -> ChangeTrace {
    let from = window.from.saturating_sub(HOURS_AROUND);
    let to = (window.to + HOURS_AROUND).min(series.buckets.len());
    let rate = |calls: &Calls| (calls.judged > 0).then(|| 100.0 * Trials::from(calls).rate());
    let shown = series.buckets[from..to].iter();
    let start: Timestamp = study.hours.start(from);
    ChangeTrace {
        bucket: ChangeBucket::Hour,
        from: start,
        values: shown.map(|calls| calls.as_ref().and_then(rate)).collect(),
    }
}
