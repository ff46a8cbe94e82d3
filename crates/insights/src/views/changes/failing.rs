//! Workflows and steps that fail more often.

use weir_analysis::{
    changes::{Law, Search, Surge, Trials, edges::gain_of_rate, surges},
    compare::{ENOUGH, rate},
    difference,
};
use weir_model::TimeRange;

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples},
    axis::Series,
    found::{Candidate, Detected, Found, in_background, significant},
    gather::RunFigures,
    study::Study,
    subject::{Moment, Subject, among},
};
use crate::{AppError, views::Questions};

/// The smallest ratio of failure rates that is reported.
const LEAST_RATIO: f64 = 2.0;
/// The smallest rise of a failure rate that is reported, 0 to 1.
const LEAST_RISE: f64 = 0.05;
/// The fewest failures beyond the usual ones.
const LEAST_EXTRA: f64 = 10.0;

/// A series and the window in which it failed more often.
type Failing<F> = (Subject, Series<F>, Surge);

/// What fails more often among these series. Fails if the store does.
pub(super) async fn detect<F: RunFigures>(
    questions: &mut Questions<'_>,
    study: &Study,
    series: &[Series<F>],
) -> Result<Detected, AppError> {
    let (owned, search) = (series.to_vec(), study.days_to_search());
    let (candidates, tested) = in_background(move || candidates(owned, search)).await?;
    let (significant, mut detected) = significant(candidates, tested);
    for candidate in significant {
        detected
            .found
            .extend(measured(questions, study, candidate).await?);
    }
    Ok(detected)
}

fn candidates<F: RunFigures>(
    series: Vec<Series<F>>,
    search: Search,
) -> (Vec<Candidate<Failing<F>>>, usize) {
    among(series, |subject, series| {
        let buckets: Vec<Trials> = series
            .buckets
            .iter()
            .map(|of| of.as_ref().map_or_else(Trials::default, trials))
            .collect();
        if buckets.iter().map(|of| of.trials).sum::<f64>() < 2.0 * ENOUGH as f64 {
            return None;
        }
        let large = surges(&buckets, Law::Bernoulli, search)
            .into_iter()
            .filter(|surge| is_large(surge.before, surge.inside));
        let candidate = |surge: Surge| Candidate {
            p: surge.p,
            effect: surge.extra(),
            of: (subject.clone(), series.clone(), surge),
        };
        Some(large.map(candidate).collect())
    })
}

fn trials(of: &impl RunFigures) -> Trials {
    Trials {
        hits: of.failed() as f64,
        trials: of.judged() as f64,
    }
}

/// Whether the rise is large enough to be reported.
fn is_large(before: Trials, inside: Trials) -> bool {
    let (usual, now) = (before.rate(), inside.rate());
    let enough = before.trials.min(inside.trials) >= ENOUGH as f64;
    let extra = inside.hits - usual * inside.trials;
    enough && now >= LEAST_RATIO * usual && now >= usual + LEAST_RISE && extra >= LEAST_EXTRA
}

async fn measured<F: RunFigures>(
    questions: &mut Questions<'_>,
    study: &Study,
    candidate: Candidate<Failing<F>>,
) -> Result<Option<Found>, AppError> {
    let (subject, series, surge) = candidate.of;
    let (usual, changed) = (surge.before.rate(), surge.inside.rate());
    let gain = |of: &F| gain_of_rate(trials(of), Law::Bernoulli, usual, changed);
    let moment = subject.moment(questions, study, surge.window, gain).await?;
    let Moment {
        since,
        until,
        version,
    } = moment;
    let Some(part) = study.part(since, until) else {
        return Ok(None);
    };
    let past = TimeRange {
        from: study.period.from,
        to: since,
    };
    let before = counted::<F>(questions, study, &subject, past).await?;
    let inside = counted::<F>(questions, study, &subject, part).await?;
    let percent = |of: Trials| rate(of.hits as u64, of.trials as u64);
    let bounds = percent(inside)
        .zip(percent(before))
        .filter(|_| is_large(before, inside));
    let Some((now, past)) = bounds else {
        return Ok(None);
    };
    let metric = match subject.step {
        Some(_) => ChangeMetric::StepFailureRate,
        None => ChangeMetric::FailureRate,
    };
    let extra = inside.hits - before.rate() * inside.trials;
    let trace = study.trace(&series, RunFigures::failure_rate);
    Ok(Some(Found {
        since,
        until,
        workflows: vec![subject.workflow],
        version,
        step: subject.step,
        before: past.value,
        after: now.value,
        difference: Some(difference(now, past)),
        effect: ChangeEffect {
            runs: Some(inside.trials as u64),
            failed_runs: Some(extra.round() as u64),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: before.trials as u64,
            after: inside.trials as u64,
        },
        p: candidate.p,
        ..Found::new(ChangeKind::FailuresRising, metric, trace)
    }))
}

async fn counted<F: RunFigures>(
    questions: &mut Questions<'_>,
    study: &Study,
    subject: &Subject,
    range: TimeRange,
) -> Result<Trials, AppError> {
    if range.from >= range.to {
        return Ok(Trials::default());
    }
    let query = subject.narrowed(study.within(range));
    let only = questions.figures::<F>(query).await?.only();
    Ok(only.as_ref().map_or_else(Trials::default, trials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_told_if_it_is_large_in_every_respect() {
        let of = |hits: f64, trials: f64| Trials { hits, trials };
        assert!(is_large(of(10.0, 1_000.0), of(40.0, 200.0)));
        // Too few runs, too small a ratio, too small a rise, too few failures, and a fall.
        for (before, inside) in [
            (of(0.0, 19.0), of(40.0, 200.0)),
            (of(300.0, 1_000.0), of(100.0, 200.0)),
            (of(10.0, 1_000.0), of(100.0, 2_000.0)),
            (of(10.0, 1_000.0), of(9.0, 30.0)),
            (of(300.0, 1_000.0), of(10.0, 200.0)),
        ] {
            assert!(!is_large(before, inside), "{before:?} {inside:?}");
        }
    }
}
