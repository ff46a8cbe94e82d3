//! Error groups that are new or occur more often.

use std::collections::HashMap;

use weir_analysis::{
    changes::{Law, Surge, Trials, Window, edges, surges},
    compare::ENOUGH,
};
use weir_model::{TimeRange, Timestamp, time::DAY};
use weir_query::{Direction, Interval, Query};

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples},
    axis::Series,
    echoes::{self, Errors},
    found::{Candidate, Detected, Found, significant},
    gather::Gathered,
    outages::Outage,
    study::Study,
    subject::Gains,
};
use crate::{AppError, figures, views::Questions};

/// The fewest executions with an error before it is reported as new.
const FEWEST_NEW: u64 = 5;
/// The smallest ratio of rates that is reported.
const LEAST_RATIO: f64 = 2.0;
/// The fewest errors beyond the usual ones.
const LEAST_EXTRA: f64 = 10.0;
/// An error is new only if it first occurs this many days after the data begins.
const KNOWN_AFTER: usize = 7;
/// The most groups that are examined.
const MOST_GROUPS: i64 = 1_000;
/// The most workflows that are counted.
const MOST_WORKFLOWS: i64 = 10_000;
/// A workflow with at least this share of the errors is named as their origin.
pub(super) const MOSTLY: f64 = 0.5;

figures! {
    /// All executions.
    struct Executed {
        executions: u64 = count("executions"),
    }
}

/// A group and the window in which it occurred more often.
struct Escalation {
    group: String,
    surge: Surge,
    series: Series<Errors>,
    is_new: bool,
}

/// The errors that are new or occur more often, without those that outages explain and those that people
/// ignore. Fails if the store does.
pub(super) async fn detect(
    questions: &mut Questions<'_>,
    study: &Study,
    gathered: &Gathered,
    outages: &[Outage],
) -> Result<Detected, AppError> {
    let query = study.question().by(["error_group"]).every(Interval::Day);
    let results = questions
        .figures::<Errors>(query.limit(MOST_GROUPS))
        .await?;
    let mut series = study.days.series(&results, 1);
    let ignored = questions.reading.ignored_errors(questions.viewer()).await?;
    series.retain(|series| {
        let group = series.key[0].as_ref();
        group.is_some_and(|group| !ignored.contains(group))
    });
    for outage in outages {
        echoes::without_errors(questions, study, &mut series, outage).await?;
    }
    let tested = series.len();
    let candidates = series
        .into_iter()
        .flat_map(|series| candidates(study, gathered, series));
    let (significant, mut detected) = significant(candidates.collect(), tested);
    let known = known_before(questions, study, &significant).await?;
    for candidate in significant {
        let old = candidate.of.is_new && known.contains_key(&candidate.of.group);
        if !old {
            detected
                .found
                .extend(measured(questions, study, candidate).await?);
        }
    }
    Ok(detected)
}

fn candidates(
    study: &Study,
    gathered: &Gathered,
    series: Series<Errors>,
) -> Vec<Candidate<Escalation>> {
    let days: Vec<Trials> = series
        .buckets
        .iter()
        .zip(&gathered.executions)
        .map(|(errors, &executions)| Trials {
            hits: errors.as_ref().map_or(0, |errors| errors.count) as f64,
            trials: executions as f64,
        })
        .collect();
    let Some(group) = series.key[0].clone() else {
        return Vec::new();
    };
    let found = match new(study, gathered, &days) {
        Some(surge) => vec![(surge, true)],
        None => surges(&days, Law::Poisson, study.days_to_search())
            .into_iter()
            .filter(is_large)
            .map(|surge| (surge, false))
            .collect(),
    };
    let candidates = found.into_iter().map(|(surge, is_new)| Candidate {
        p: surge.p,
        effect: surge.extra(),
        of: Escalation {
            group: group.clone(),
            surge,
            series: series.clone(),
            is_new,
        },
    });
    candidates.collect()
}

/// Everything since the first error of a group that is new in the searched days; `None` if it is old.
///
/// Given the first error, each of the others was as likely to be before it as any execution, if nothing
/// changed (the conditional test of two Poisson rates: Przyborowski, Wilenski, Biometrika 31 (1940)).
fn new(study: &Study, gathered: &Gathered, days: &[Trials]) -> Option<Surge> {
    let first = days.iter().position(|day| day.hits > 0.0)?;
    let data = gathered.days_with_data().0?;
    let is_new = first >= study.days.index(study.searched.from) && first >= data + KNOWN_AFTER;
    let sum = |days: &[Trials]| {
        days.iter()
            .fold(Trials::default(), |sum, &day| sum.plus(day))
    };
    let (before, inside) = (sum(&days[..first]), sum(&days[first..]));
    let share = inside.trials / (before.trials + inside.trials).max(1.0);
    (is_new && inside.hits >= FEWEST_NEW as f64).then(|| Surge {
        window: Window {
            from: first,
            to: days.len(),
        },
        before,
        inside,
        p: share.powf(inside.hits - 1.0),
    })
}

fn is_large(surge: &Surge) -> bool {
    let ratio = surge.inside.rate() >= LEAST_RATIO * surge.before.rate();
    ratio && surge.extra() >= LEAST_EXTRA && surge.before.trials >= ENOUGH as f64
}

/// The groups that occurred before the period.
async fn known_before(
    questions: &mut Questions<'_>,
    study: &Study,
    significant: &[Candidate<Escalation>],
) -> Result<HashMap<String, u64>, AppError> {
    let groups = significant
        .iter()
        .filter(|one| one.of.is_new)
        .map(|one| one.of.group.as_str());
    let groups: Vec<&str> = groups.collect();
    let first = questions
        .data_range()
        .map_or(study.period.from, |data| data.from);
    let past = TimeRange {
        from: first,
        to: study.period.from,
    };
    if groups.is_empty() || past.from >= past.to {
        return Ok(HashMap::new());
    }
    let query = study
        .within(past)
        .filter("error_group", groups)
        .by(["error_group"]);
    let errors = questions.figures::<Errors>(query).await?;
    let counted = errors.lines().filter(|line| line.figures.count > 0);
    Ok(counted
        .filter_map(|line| Some((line.key(0)?, line.figures.count)))
        .collect())
}

async fn measured(
    questions: &mut Questions<'_>,
    study: &Study,
    candidate: Candidate<Escalation>,
) -> Result<Option<Found>, AppError> {
    let Escalation {
        group,
        surge,
        series,
        is_new,
    } = candidate.of;
    let (since, until) = moment(questions, study, &group, &surge).await?;
    let Some(part) = study.part(since, until) else {
        return Ok(None);
    };
    let query = study.within(part).filter("error_group", [group.as_str()]);
    let by_workflow = query
        .by(["workflow"])
        .order("errors", Direction::Desc)
        .limit(MOST_WORKFLOWS);
    let errors = questions.figures::<Errors>(by_workflow).await?;
    let counted = errors.lines().filter(|line| line.figures.count > 0);
    let workflows: Vec<(String, u64)> = counted
        .filter_map(|line| Some((line.key(0)?, line.figures.count)))
        .collect();
    let count: u64 = workflows.iter().map(|(_, count)| count).sum();
    let days = (part.to.0 - part.from.0) as f64 / DAY as f64;
    let per_day = surge.inside.trials / surge.window.len() as f64;
    let (kind, extra) = match is_new {
        true => (ChangeKind::ErrorNew, count as f64),
        false => (ChangeKind::ErrorEscalating, surge.extra().min(count as f64)),
    };
    Ok(Some(Found {
        since,
        until,
        workflows: workflows.into_iter().map(|(id, _)| id).collect(),
        error_group: Some(group),
        before: surge.before.rate() * per_day,
        after: count as f64 / days.max(1.0 / 24.0),
        effect: ChangeEffect {
            runs: Some(count),
            failed_runs: Some(extra.round() as u64),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: surge.before.hits as u64,
            after: surge.inside.hits as u64,
        },
        p: candidate.p,
        ..Found::new(
            kind,
            ChangeMetric::ErrorsPerDay,
            study.trace(&series, |errors| Some(errors.count as f64)),
        )
    }))
}

/// When it began and ended, to the hour.
async fn moment(
    questions: &mut Questions<'_>,
    study: &Study,
    group: &str,
    surge: &Surge,
) -> Result<(Timestamp, Option<Timestamp>), AppError> {
    let range = study.days.range(surge.window);
    let around = TimeRange {
        from: range.from.plus(-DAY).max(study.period.from),
        to: range.to.plus(DAY).min(study.searched.to),
    };
    let (usual, changed) = (surge.before.rate(), surge.inside.rate());
    let gain = |hits: u64, trials: u64| {
        let of = Trials {
            hits: hits as f64,
            trials: trials as f64,
        };
        edges::gain_of_rate(of, Law::Poisson, usual, changed)
    };
    let mut gains = Gains::none(study.hours_of(around));
    let hourly = |query: Query| query.every(Interval::Hour);
    let errors = hourly(study.within(around).filter("error_group", [group]));
    for line in questions.figures::<Errors>(errors).await?.lines() {
        if let Some(start) = line.start() {
            gains.add(start, gain(line.figures.count, 0));
        }
    }
    for line in questions
        .figures::<Executed>(hourly(study.within(around)))
        .await?
        .lines()
    {
        if let Some(start) = line.start() {
            gains.add(start, gain(0, line.figures.executions));
        }
    }
    let until = study.days.until(surge.window);
    let (since, end) = gains.span().unwrap_or((range.from, range.to));
    Ok((since, until.map(|_| end)))
}
