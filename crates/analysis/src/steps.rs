//! Which step of a workflow takes the most time, and how evenly.

use serde::Serialize;

/// The time of a step over a range, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepTime {
    /// The sum of the durations of its runs.
    pub total: f64,
    /// The median duration; `None` without durations.
    pub p50: Option<f64>,
    /// The 95th percentile of durations; `None` without durations.
    pub p95: Option<f64>,
}

/// A step's time in relation to the other steps of its workflow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepShare {
    /// Its share of the time of all steps, in percent; null if no step took any time.
    pub share_pct: Option<f64>,
    /// How uneven its durations are: the 95th percentile divided by the median. 1 is even; null if
    /// the median is 0 or unknown.
    pub spread: Option<f64>,
    /// Whether this step takes the most time, and is the one to look at first.
    pub critical: bool,
}

/// The shares of a workflow's steps, in the order given. Of equals, the first is critical. `rest`
/// is the time in milliseconds of further steps, each of which takes less time than any that is
/// given.
pub fn step_shares(steps: &[StepTime], rest: f64) -> Vec<StepShare> {
    let totals: Vec<f64> = steps.iter().map(|step| step.total).collect();
    let longest = totals.iter().copied().fold(0.0, f64::max);
    let critical = totals
        .iter()
        .position(|&total| total > 0.0 && total == longest);
    let shares = share_of_total(&totals, rest);
    let shared = steps.iter().zip(shares).enumerate();
    shared
        .map(|(i, (step, share_pct))| StepShare {
            share_pct,
            spread: spread(step),
            critical: critical == Some(i),
        })
        .collect()
}

fn spread(step: &StepTime) -> Option<f64> {
    let (p50, p95) = step.p50.zip(step.p95)?;
    (p50 > 0.0).then(|| p95 / p50)
}

/// Each value's share, in percent, of the sum of all values and the rest; `None` if that is 0.
pub fn share_of_total(values: &[f64], rest: f64) -> Vec<Option<f64>> {
    let total = values.iter().sum::<f64>() + rest;
    let share = |&value: &f64| (total != 0.0).then(|| 100.0 * value / total);
    values.iter().map(share).collect()
}

/// The share of the time of all steps that the critical steps take together, in percent.
const VITAL_PCT: f64 = 80.0;

/// Which steps are critical: the fewest that together take at least 80 % of the time of all steps
/// (Pareto's vital few, as applied by Juran); of equals, the first. No step is critical if none
/// took any time. `rest` is the time of steps that are not given.
pub fn vital_few(totals: &[f64], rest: f64) -> Vec<bool> {
    let everything = totals.iter().sum::<f64>() + rest;
    let mut order: Vec<usize> = (0..totals.len()).collect();
    order.sort_by(|&a, &b| totals[b].total_cmp(&totals[a]));
    let mut vital = vec![false; totals.len()];
    let mut taken = 0.0;
    for i in order {
        if totals[i] <= 0.0 || taken >= everything * VITAL_PCT / 100.0 {
            break;
        }
        vital[i] = true;
        taken += totals[i];
    }
    vital
}

/// The population standard deviation divided by the mean: how much a figure varies from bucket to
/// bucket. `None` for fewer than two values or a mean of 0.
pub fn coefficient_of_variation(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if values.len() < 2 || mean == 0.0 {
        return None;
    }
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / count).sqrt() / mean.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(total: f64, p50: Option<f64>, p95: Option<f64>) -> StepTime {
        StepTime { total, p50, p95 }
    }

    #[test]
    fn the_step_with_the_largest_share_is_critical() {
        let shares = step_shares(
            &[
                step(100.0, Some(10.0), Some(15.0)),
                step(300.0, Some(20.0), Some(200.0)),
                step(0.0, None, None),
            ],
            0.0,
        );
        let expected = [
            (Some(25.0), Some(1.5), false),
            (Some(75.0), Some(10.0), true),
            (Some(0.0), None, false),
        ];
        let found: Vec<_> = shares
            .iter()
            .map(|s| (s.share_pct, s.spread, s.critical))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn steps_that_take_no_time_have_no_share_and_none_is_critical() {
        let shares = step_shares(&[step(0.0, Some(0.0), Some(0.0)); 2], 0.0);
        assert!(
            shares
                .iter()
                .all(|s| s.share_pct.is_none() && s.spread.is_none() && !s.critical)
        );
        assert_eq!(step_shares(&[], 0.0), []);
    }

    #[test]
    fn the_vital_few_take_four_fifths_of_the_time() {
        // 50 + 30 is 80 of 100.
        let few = vital_few(&[15.0, 50.0, 5.0, 30.0], 0.0);
        assert_eq!(few, [false, true, false, true]);
        assert_eq!(vital_few(&[79.0, 20.0, 1.0], 0.0), [true, true, false]);
        assert_eq!(vital_few(&[0.0, 0.0], 0.0), [false, false]);
        assert_eq!(vital_few(&[], 0.0), [false; 0]);
    }

    #[test]
    fn steps_that_are_not_given_count_towards_the_total_time() {
        let shares = step_shares(&[step(30.0, None, None), step(20.0, None, None)], 50.0);
        let found: Vec<_> = shares.iter().map(|s| (s.share_pct, s.critical)).collect();
        assert_eq!(found, [(Some(30.0), true), (Some(20.0), false)]);
        assert_eq!(vital_few(&[30.0, 20.0], 50.0), [true, true]);
        assert_eq!(vital_few(&[90.0, 5.0], 5.0), [true, false]);
    }

    #[test]
    fn variation_is_the_deviation_over_the_mean() {
        // Mean 5, deviations 3, 1, 1, 1, 0, 0, 2, 4: squares sum to 32, deviation 2.
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(coefficient_of_variation(&values), Some(0.4));
        assert_eq!(coefficient_of_variation(&[7.0, 7.0]), Some(0.0));
        assert_eq!(coefficient_of_variation(&[7.0]), None);
        assert_eq!(coefficient_of_variation(&[]), None);
        assert_eq!(coefficient_of_variation(&[-1.0, 1.0]), None);
    }
}
