//! What a daily figure will be: weekly seasons and a trend, chosen and measured by a back-test.
//!
//! Three methods stand for choice, and the one with the smallest mean absolute error of a
//! rolling-origin back-test (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, 3rd
//! ed., 5.10) is taken:
//!
//! - `mstl_ets`: MSTL takes a weekly season out (Bandara, Hyndman & Bergmeir 2021), exponential
//!   smoothing with additive errors, chosen by AICc, carries the rest on (ibid., chapter 8);
//! - `ets`: the same without a season;
//! - `seasonal_naive`: every day is as the same day of the week before; the yardstick.
//!
//! Bounds are those of the model's own errors, summed as the model carries a shock on
//! ([`Prediction`]). Where the back-test finds them too narrow, they are widened until they hold the
//! share of its days and sums that they should ([`Backtest::widened_by`]).

mod backtest;
mod models;
mod prediction;

use serde::Serialize;

pub use backtest::Backtest;
pub use models::Method;
pub use prediction::{Estimate, Prediction};

/// Days in a season.
pub const SEASON: usize = 7;
/// With fewer days nothing is said.
pub const FEWEST_DAYS: usize = 14;
/// With fewer days that have a figure other than 0 nothing is said.
pub const FEWEST_ACTIVE_DAYS: usize = 5;
/// With fewer days a forecast is called short: eight weeks show a season and leave some to test on.
pub const FULL_DAYS: usize = 56;
/// The share of days that bounds should hold, in percent.
pub const LEVEL: f64 = 80.0;
/// The normal quantile that belongs to [`LEVEL`].
const QUANTILE: f64 = 1.281_551_565_544_600_4;

/// How much a history can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Eight weeks or more.
    Ok,
    /// Enough for a forecast, too short to know it is a good one.
    ShortHistory,
    /// Too short, or too few days with a figure: there is no forecast.
    NotEnoughData,
}

/// A method and what the back-test found of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The method.
    pub method: Method,
    /// Its back-test.
    pub backtest: Backtest,
}

/// What is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The method taken.
    pub method: Method,
    /// What the back-test found of it; `None` where the history is too short for one.
    pub backtest: Option<Backtest>,
    /// Every method tried, the best first.
    pub candidates: Vec<Candidate>,
    prediction: Prediction,
}

impl Forecast {
    /// The figure of a day: 0 is the first after the history.
    pub fn day(&self, day: usize) -> Estimate {
        self.sum(day, day + 1)
    }

    /// The sum over days from `from` up to and without `to`. Figures are never below 0.
    pub fn sum(&self, from: usize, to: usize) -> Estimate {
        let widened_by = match (self.backtest, to.saturating_sub(from)) {
            (None, _) => 1.0,
            (Some(tested), 0..=1) => tested.widened_by,
            (Some(tested), _) => tested.widened_by.max(tested.total_widened_by),
        };
        self.prediction.sum(from, to, QUANTILE * widened_by)
    }

    /// How many days there are.
    pub fn days(&self) -> usize {
        self.prediction.days()
    }
}

/// How much a history of daily figures can carry.
pub fn quality(history: &[f64]) -> Quality {
    let active = history.iter().filter(|&&value| value != 0.0).count();
    if history.len() < FEWEST_DAYS || active < FEWEST_ACTIVE_DAYS {
        return Quality::NotEnoughData;
    }
    match history.len() < FULL_DAYS {
        true => Quality::ShortHistory,
        false => Quality::Ok,
    }
}

/// Forecasts the days after a history of daily figures, oldest first, none of them missing. `None`
/// where the history carries none ([`quality`]).
pub fn forecast(history: &[f64], days: usize) -> Option<Forecast> {
    let sound = history.iter().all(|value| value.is_finite());
    if !sound || quality(history) == Quality::NotEnoughData {
        return None;
    }
    let candidates = backtest::candidates(history, days);
    let tested = candidates.iter().find_map(|candidate| {
        let prediction = candidate.method.predict(history, days)?;
        Some((candidate.method, Some(candidate.backtest), prediction))
    });
    let (method, backtest, prediction) = tested.or_else(|| {
        let method = Method::SeasonalNaive;
        Some((method, None, method.predict(history, days)?))
    })?;
    Some(Forecast {
        method,
        backtest,
        candidates,
        prediction,
    })
}

#[cfg(test)]
mod tests;
