//! Steps and workflows that take longer.

use weir_analysis::{
    Difference,
    changes::{Level, Rise, Search, edges::gain_of_level, rises, without_rhythm},
    compare::{ENOUGH, difference, mean},
};
use weir_model::{TimeRange, time::DAY};

use super::{
    answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples},
    axis::Series,
    durations::{Durations, Times},
    found::{Candidate, Detected, Found, in_background, significant},
    gather::RunFigures,
    study::Study,
    subject::{Moment, Subject, among},
};
use crate::{AppError, views::Questions};

/// The smallest ratio of durations that is reported.
const LEAST_RATIO: f64 = 1.25;
/// The shortest additional time per run that is reported, in milliseconds.
const LEAST_EXTRA: f64 = 50.0;
/// Many runs of one day share what was special about that day: so many count as half of infinitely
/// many.
const SATURATED: f64 = 50.0;
/// The smallest credible standard deviation of the logarithm of a single duration.
const LEAST_DEVIATION: f64 = 0.2;

/// The largest share of a window that a typical run may take.
const MOST_OF_WINDOW: f64 = 0.25;

/// A series and the window in which it was slower.
type Slow<F> = (Subject, Series<F>, Rise);

/// What became slower among these series. Fails if the store does.
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
) -> (Vec<Candidate<Slow<F>>>, usize) {
    among(series, |subject, series| {
        if timed(series, 0..series.buckets.len()) < 2 * ENOUGH {
            return None;
        }
        let levels: Vec<_> = series
            .buckets
            .iter()
            .map(|of| level(of.as_ref()?))
            .collect();
        let candidate = |rise: Rise| {
            let runs = timed(series, rise.window.from..rise.window.to);
            let enough = runs.min(timed(series, 0..rise.window.from)) >= ENOUGH;
            let large = rise.inside - rise.before >= LEAST_RATIO.ln();
            (enough && large && is_contained(&rise)).then(|| Candidate {
                p: rise.p,
                effect: (rise.inside.exp() - rise.before.exp()) * runs as f64,
                of: (subject.clone(), series.clone(), rise),
            })
        };
        let found = rises(&without_rhythm(&levels), search, LEAST_DEVIATION);
        Some(found.into_iter().filter_map(candidate).collect())
    })
}

fn timed<F: RunFigures>(series: &Series<F>, buckets: std::ops::Range<usize>) -> u64 {
    series.buckets[buckets]
        .iter()
        .flatten()
        .map(RunFigures::timed)
        .sum()
}

/// Whether typical runs are much shorter than the window and than the time before it. Runs count when
/// they end: of longer ones, those that end in a window began before it, and how many do depends on how
/// many began then. Where cases take weeks and no new ones begin, only the longest remain.
fn is_contained(rise: &Rise) -> bool {
    let days = rise.window.len().min(rise.window.from);
    rise.inside.exp() <= MOST_OF_WINDOW * days as f64 * DAY as f64
}

/// The logarithm of a median, weighted by its runs.
fn level(of: &impl RunFigures) -> Option<Level> {
    let runs = of.timed() as f64;
    Some(Level {
        value: of.median().filter(|_| runs > 0.0)?.max(1.0).ln(),
        weight: runs / (1.0 + runs / SATURATED),
    })
}

/// The change, if it is large enough to be reported and began in the searched time or ended in it.
async fn measured<F: RunFigures>(
    questions: &mut Questions<'_>,
    study: &Study,
    candidate: Candidate<Slow<F>>,
) -> Result<Option<Found>, AppError> {
    let (subject, series, rise) = candidate.of;
    let gain = |of: &F| match level(of) {
        Some(Level { value, weight }) => gain_of_level(value, weight, rise.before, rise.inside),
        None => 0.0,
    };
    let moment = subject.moment(questions, study, rise.window, gain).await?;
    let Moment {
        since,
        until,
        version,
    } = moment;
    // What has lasted since before the range has become normal.
    let is_new = since >= study.searched.from || until.is_some();
    let Some(part) = study.part(since, until).filter(|_| is_new) else {
        return Ok(None);
    };
    let past = TimeRange {
        from: study.period.from,
        to: since,
    };
    let before = Times::of(questions, study, &subject, past).await?;
    let after = Times::of(questions, study, &subject, part).await?;
    let works = compared(&before.working, &after.working);
    let is_wait = works.is_none();
    let found = works.or_else(|| compared(&before.whole, &after.whole));
    let Some((difference, [usual, now])) = found else {
        return Ok(None);
    };
    let (before, after) = (before.whole, after.whole);
    let (kind, metric) = match subject.step {
        Some(_) => (ChangeKind::StepSlower, ChangeMetric::StepWorkingAvg),
        None => (ChangeKind::WorkflowSlower, ChangeMetric::DurationAvg),
    };
    Ok(Some(Found {
        since,
        until,
        workflows: vec![subject.workflow],
        version,
        step: subject.step,
        before: usual,
        after: now,
        difference: Some(difference),
        effect: ChangeEffect {
            runs: Some(after.count),
            milliseconds: Some(difference.value * after.count as f64),
            per_run_milliseconds: Some(difference.value),
            ..ChangeEffect::default()
        },
        samples: ChangeSamples {
            before: before.count,
            after: after.count,
        },
        p: candidate.p,
        is_wait,
        ..Found::new(kind, metric, study.trace(&series, RunFigures::mean))
    }))
}

/// The difference of the means with its bounds, and both means; `None` if it is too small to be reported.
fn compared(before: &Durations, after: &Durations) -> Option<(Difference, [f64; 2])> {
    let estimate = |of: &Durations| mean(of.mean?, of.deviation?, of.count);
    let (usual, now) = (estimate(before)?, estimate(after)?);
    let found = difference(now, usual);
    let enough = before.count.min(after.count) >= ENOUGH;
    let large = now.value >= LEAST_RATIO * usual.value && found.value >= LEAST_EXTRA;
    (enough && large && found.lower > 0.0).then_some((found, [usual.value, now.value]))
}

#[cfg(test)]
mod tests {
    use weir_analysis::changes::Window;

    use super::*;

    fn of(mean: f64, count: u64) -> Durations {
        Durations {
            count,
            mean: Some(mean),
            deviation: Some(mean / 2.0),
        }
    }

    #[test]
    fn cases_that_take_longer_than_the_window_say_nothing_about_it() {
        let of = |days: f64| Rise {
            window: Window { from: 150, to: 162 },
            before: 0.0,
            inside: (days * DAY as f64).ln(),
            p: 0.0,
        };
        assert!(is_contained(&of(2.9)) && !is_contained(&of(16.0)));
    }

    #[test]
    fn a_difference_is_told_if_it_is_large_and_certain() {
        let (found, means) = compared(&of(4_000.0, 900), &of(24_000.0, 200)).unwrap();
        assert_eq!((found.value, means), (20_000.0, [4_000.0, 24_000.0]));
        assert!(found.lower > 18_000.0 && found.upper < 22_000.0);
        for (before, after) in [
            // Too small a ratio, too short, too few, uncertain, and faster.
            (of(4_000.0, 900), of(4_900.0, 900)),
            (of(10.0, 900), of(59.0, 900)),
            (of(4_000.0, 900), of(24_000.0, 19)),
            (of(4_000.0, 20), of(5_100.0, 20)),
            (of(4_000.0, 900), of(1_000.0, 900)),
        ] {
            assert_eq!(compared(&before, &after), None);
        }
    }
}
