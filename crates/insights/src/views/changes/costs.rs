//! Models, providers and workflows that cost more.

mod series;

use weir_analysis::changes::{Rise, Window, rhythm::median, rises};
use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, HOUR},
};
use weir_query::{Filter, Interval, Query};

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples},
    found::{Candidate, Detected, Found, in_background, significant},
    study::Study,
};
use crate::{AppError, views::Questions};

use series::{Costs, Excess, Payee, Spent, costs, daily, excess, levels, payers};

/// The smallest ratio of daily costs that is reported.
const LEAST_RATIO: f64 = 1.5;
/// The smallest additional cost per day that is reported, in dollars, and as a share of what a day costs.
const LEAST_EXTRA: (f64, f64) = (1.0, 0.02);
/// The smallest credible standard deviation of the logarithm of a day's cost.
const LEAST_DEVIATION: f64 = 0.1;
/// The most combinations of workflow, provider and model that are examined.
const MOST_SERIES: i64 = 2_000;

/// What costs more, and the costs of the searched days. Fails if the store does.
pub(super) async fn detect(
    questions: &mut Questions<'_>,
    study: &Study,
) -> Result<(Detected, f64), AppError> {
    let query = study.question().by(["workflow", "provider", "model"]);
    let query = query.every(Interval::Day).limit(MOST_SERIES);
    let single = study
        .days
        .series(&questions.figures::<Spent>(query).await?, 3);
    let days = daily(&single, study.days.len());
    let first = study.days.index(study.searched.from);
    let total: f64 = days[first..].iter().sum();
    let costs = costs(single);
    let (tested, search) = (costs.len(), study.days_to_search());
    let usual = median(days.iter().copied().filter(|&cost| cost > 0.0).collect()).unwrap_or(0.0);
    let begun = days
        .iter()
        .position(|&cost| cost > 0.0)
        .unwrap_or(days.len());
    let (candidates, all) = in_background(move || {
        let found = costs.iter().flat_map(|of| {
            let rises = rises(&levels(of, usual, begun), search, LEAST_DEVIATION).into_iter();
            rises.filter_map(|rise| candidate(of, rise, begun, usual))
        });
        (found.collect::<Vec<_>>(), costs)
    })
    .await?;
    let (significant, mut detected) = significant(candidates, tested);
    let mut told: Vec<(Payee, Window)> = Vec::new();
    // Pools come first, so that they explain their workflows.
    let (pools, singles): (Vec<_>, Vec<_>) =
        significant.into_iter().partition(|one| one.of.costs.pooled);
    for candidate in pools.into_iter().chain(singles) {
        let (payee, window) = (&candidate.of.costs.payee, candidate.of.window);
        let known = |(other, at): &(Payee, Window)| other == payee && at.overlaps(window);
        if told.iter().any(known) {
            continue;
        }
        told.push((payee.clone(), window));
        detected
            .found
            .extend(measured(questions, study, candidate, &all).await?);
    }
    Ok((detected, total))
}

/// A window in which something cost more.
#[derive(Clone, Debug)]
struct Spike {
    costs: Costs,
    window: Window,
    excess: Excess,
}

fn candidate(of: &Costs, rise: Rise, begun: usize, usual: f64) -> Option<Candidate<Spike>> {
    let excess = excess(&of.series, rise.window, begun);
    let least = LEAST_EXTRA.0.max(LEAST_EXTRA.1 * usual);
    let large = excess.cost >= LEAST_RATIO * excess.expected
        && excess.extra() >= least * rise.window.len() as f64;
    large.then(|| Candidate {
        p: rise.p,
        effect: excess.extra(),
        of: Spike {
            costs: of.clone(),
            window: rise.window,
            excess,
        },
    })
}

async fn measured(
    questions: &mut Questions<'_>,
    study: &Study,
    candidate: Candidate<Spike>,
    all: &[Costs],
) -> Result<Option<Found>, AppError> {
    let Spike {
        costs,
        window,
        excess,
    } = candidate.of;
    let (since, until) = moment(questions, study, &costs, window).await?;
    let is_new = since >= study.searched.from || until.is_some();
    if study.part(since, until).filter(|_| is_new).is_none() {
        return Ok(None);
    }
    let lasted = until.unwrap_or(study.searched.to).0 - since.0;
    let days = lasted.max(HOUR) as f64 / DAY as f64;
    let records = |days: std::ops::Range<usize>| {
        let spent = costs.series.buckets[days].iter().flatten();
        spent.map(|spent| spent.records).sum()
    };
    let (provider, model) = costs.payee.clone();
    Ok(Some(Found {
        since,
        until,
        workflows: payers(&costs, window, excess, all),
        connector: model.is_none().then_some(provider).flatten(),
        model,
        before: excess.expected / window.len() as f64,
        after: excess.cost / days,
        effect: ChangeEffect {
            runs: Some(records(window.from..window.to)),
            cost: Some(excess.extra()),
            cost_per_day: Some(excess.extra() / days),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: records(0..window.from),
            after: records(window.from..window.to),
        },
        p: candidate.p,
        ..Found::new(
            ChangeKind::CostSpike,
            ChangeMetric::CostPerDay,
            study.trace(&costs.series, |spent| Some(spent.cost)),
        )
    }))
}

/// When it began and ended: to the hour if nothing was paid before, otherwise to the day, because the
/// costs of an hour say little.
async fn moment(
    questions: &mut Questions<'_>,
    study: &Study,
    costs: &Costs,
    window: Window,
) -> Result<(Timestamp, Option<Timestamp>), AppError> {
    let (range, until) = (study.days.range(window), study.days.until(window));
    let before = costs.series.buckets[..window.from].iter().flatten();
    if before.map(|spent| spent.cost).sum::<f64>() > 0.0 {
        return Ok((range.from, until));
    }
    let query = of_payee(study.within(TimeRange { ..range }), &costs.payee).every(Interval::Hour);
    let query = match &costs.workflow {
        Some(workflow) => query.filter("workflow", [workflow.as_str()]),
        None => query,
    };
    let spent = questions.figures::<Spent>(query).await?;
    let paid = || {
        spent
            .lines()
            .filter(|line| line.figures.cost > 0.0)
            .filter_map(|line| line.start())
    };
    let last = paid().last().map(|hour| hour.plus(HOUR));
    Ok((
        paid().next().unwrap_or(range.from),
        until.and(last.or(until)),
    ))
}

fn of_payee(mut query: Query, (provider, model): &Payee) -> Query {
    for (dimension, value) in [("provider", provider), ("model", model)] {
        query.filters.push(Filter {
            dimension: dimension.to_owned(),
            op: "in".to_owned(),
            values: vec![value.clone()],
        });
    }
    query
}
