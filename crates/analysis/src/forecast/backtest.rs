//! A back-test: forecasts from days in the past, compared with what happened.

use serde::Serialize;

use super::{Candidate, FEWEST_DAYS, LEVEL, Method, Prediction, QUANTILE, SEASON};

/// From how many days in the past a forecast is tested.
const ORIGINS: usize = 4;

/// How accurate forecasts from days in the past were.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backtest {
    /// From how many days in the past, a week apart, it was tested.
    pub origins: usize,
    /// How many days were forecast from each.
    pub days: usize,
    /// The mean absolute error of a day's forecast, in the figure's unit.
    pub mean_absolute_error: f64,
    /// The sum of the days' absolute errors over the sum of the days, in percent (WAPE); null if
    /// the sum is 0.
    pub error_pct: Option<f64>,
    /// The mean absolute error of the sum of the days, in percent of the actual sum; null if that
    /// is 0.
    pub total_error_pct: Option<f64>,
    /// By how much the forecast exceeded the actual figures, in percent of them; null if their sum
    /// is 0.
    pub bias_pct: Option<f64>,
    /// The share of days within the model's own bounds, in percent.
    pub coverage_pct: f64,
    /// The factor by which the bounds of days are widened so that they would have contained the
    /// intended share; at least 1.
    pub widened_by: f64,
    /// The same factor for the bounds of sums of days.
    pub total_widened_by: f64,
}

/// Tests every method and returns those that could be tested, the smallest error first.
pub(super) fn candidates(history: &[f64], days: usize) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Method::ALL
        .into_iter()
        .filter_map(|method| {
            let backtest = run(method, history, days)?;
            Some(Candidate { method, backtest })
        })
        .collect();
    let error = |candidate: &Candidate| candidate.backtest.mean_absolute_error;
    candidates.sort_by(|a, b| error(a).total_cmp(&error(b)));
    candidates
}

/// The back-test of a method, from every origin that leaves enough history before it to learn from.
fn run(method: Method, history: &[f64], days: usize) -> Option<Backtest> {
    let days = days.min(history.len() / 4).max(SEASON);
    let least = method.fewest_days().max(FEWEST_DAYS);
    let origins: Vec<usize> = (0..ORIGINS)
        .filter_map(|weeks| history.len().checked_sub(days + weeks * SEASON))
        .filter(|&origin| origin >= least)
        .collect();
    let trials: Option<Vec<Trial>> = origins
        .iter()
        .map(|&origin| {
            let prediction = method.predict(&history[..origin], days)?;
            Some(Trial::new(&prediction, &history[origin..origin + days]))
        })
        .collect();
    let trials = trials.filter(|trials| !trials.is_empty())?;
    Some(summary(&trials, days))
}

/// One forecast from the past and the actual figures.
struct Trial {
    actual: Vec<f64>,
    error: Vec<f64>,
    width: Vec<f64>,
    total_width: f64,
}

impl Trial {
    fn new(prediction: &Prediction, actual: &[f64]) -> Self {
        let days = 0..actual.len();
        let width = |day| QUANTILE * prediction.deviation(day, day + 1);
        Self {
            error: days
                .clone()
                .map(|day| prediction.mean(day) - actual[day])
                .collect(),
            width: days.map(width).collect(),
            total_width: QUANTILE * prediction.deviation(0, actual.len()),
            actual: actual.to_vec(),
        }
    }

    fn total_error(&self) -> f64 {
        self.error.iter().sum::<f64>().abs()
    }
}

fn summary(trials: &[Trial], days: usize) -> Backtest {
    let all = |get: fn(&Trial) -> &[f64]| trials.iter().flat_map(get).copied();
    let off: f64 = all(|trial| &trial.error).map(f64::abs).sum();
    let actual: f64 = all(|trial| &trial.actual).map(f64::abs).sum();
    let beyond: f64 = all(|trial| &trial.error).sum();
    let totals: f64 = trials.iter().map(Trial::total_error).sum();
    let of_actual = |value: f64| (actual > 0.0).then(|| 100.0 * value / actual);
    let day_ratios = ratios(all(|trial| &trial.error).zip(all(|trial| &trial.width)));
    let total_ratios = trials
        .iter()
        .map(|trial| (trial.total_error(), trial.total_width));
    let within = day_ratios.partition_point(|&ratio| ratio <= 1.0);
    Backtest {
        origins: trials.len(),
        days,
        mean_absolute_error: off / (trials.len() * days) as f64,
        error_pct: of_actual(off),
        total_error_pct: of_actual(totals),
        bias_pct: of_actual(beyond),
        coverage_pct: 100.0 * within as f64 / day_ratios.len() as f64,
        widened_by: widened_by(&day_ratios),
        total_widened_by: widened_by(&ratios(total_ratios)),
    }
}

/// Each error as a multiple of the half width of its bounds, ascending. An exact forecast without
/// bounds is within them.
fn ratios(errors: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut ratios: Vec<f64> = errors
        .map(|(error, width)| match (error != 0.0, width > 0.0) {
            (false, _) => 0.0,
            (true, true) => error.abs() / width,
            (true, false) => f64::INFINITY,
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

/// The factor that contains [`LEVEL`] percent of the days (nearest rank), at least 1. Bounds of
/// zero width cannot be widened.
fn widened_by(ratios: &[f64]) -> f64 {
    let finite: Vec<f64> = ratios.iter().copied().filter(|r| r.is_finite()).collect();
    let rank = (finite.len() as f64 * LEVEL / 100.0).ceil() as usize;
    let at_rank = finite.get(rank.saturating_sub(1)).copied();
    at_rank.unwrap_or(1.0).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_worked_out_by_hand() {
        let trial = |actual: [f64; 2], error: [f64; 2], width: f64| Trial {
            actual: actual.to_vec(),
            error: error.to_vec(),
            width: vec![width; 2],
            total_width: 3.0,
        };
        let trials = [
            trial([10.0, 10.0], [1.0, -3.0], 2.0),
            trial([20.0, 10.0], [4.0, 2.0], 2.0),
        ];
        let found = summary(&trials, 2);
        assert_eq!((found.origins, found.days), (2, 2));
        assert_eq!(found.mean_absolute_error, 2.5);
        assert_eq!(found.error_pct, Some(20.0));
        // The sums are off by 2 of 20 and by 6 of 30.
        assert_eq!(found.total_error_pct, Some(16.0));
        assert_eq!(found.bias_pct, Some(8.0));
        // Errors of 1 and 2 are within 2; 80 % of four days, by nearest rank, is the fourth: 4 / 2.
        assert_eq!((found.coverage_pct, found.widened_by), (50.0, 2.0));
        // The sums were off by 2 and 6, where their bounds allowed 3.
        assert_eq!(found.total_widened_by, 2.0);
    }

    #[test]
    fn bounds_that_contain_enough_are_not_widened() {
        assert_eq!(widened_by(&[0.1, 0.2, 0.3, 0.4, 5.0]), 1.0);
        assert_eq!(widened_by(&[f64::INFINITY; 3]), 1.0);
    }
}
