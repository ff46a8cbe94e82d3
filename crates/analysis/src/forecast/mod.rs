//! Forecasts of a daily figure: weekly seasons and a trend, with a method that a back-test selects
//! and measures.
//!
//! There are three methods. The one with the smallest mean absolute error in a rolling-origin
//! back-test (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed., 5.10) is
//! used:
//!
//! - `mstl_ets`: MSTL removes a weekly season (Bandara, Hyndman & Bergmeir 2021), and exponential
//!   smoothing with additive errors, selected by AICc, extrapolates the rest (ibid., chapter 8);
//! - `ets`: the same without a season;
//! - `seasonal_naive`: every day equals the same day of the previous week; the baseline.
//!
//! Bounds follow from the model's own errors, accumulated over days as the model propagates a shock
//! ([`Prediction`]). If the back-test finds them too narrow, they are widened until they contain
//! the intended share of its days and sums ([`Backtest::widened_by`]).

mod backtest;
mod models;
mod prediction;
mod usual;

use serde::Serialize;

pub use backtest::Backtest;
pub use models::Method;
pub use prediction::{Estimate, Prediction};
pub use usual::as_usual;

/// Days in a season.
pub const SEASON: usize = 7;
/// The fewest days of history for a forecast.
pub const FEWEST_DAYS: usize = 14;
/// The fewest days with a figure other than 0 for a forecast.
pub const FEWEST_ACTIVE_DAYS: usize = 5;
/// With fewer days, the history counts as short: eight weeks show a season and leave some to test
/// on.
pub const FULL_DAYS: usize = 56;
/// The share of days that the bounds should contain, in percent.
pub const LEVEL: f64 = 80.0;
/// The normal quantile that belongs to [`LEVEL`].
const QUANTILE: f64 = 1.281_551_565_544_600_4;

/// Whether a history is long enough for a forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Eight weeks or more.
    Ok,
    /// Enough for a forecast, but too short to know whether it is a good one.
    ShortHistory,
    /// Too short, or too few days with a figure: there is no forecast.
    NotEnoughData,
}

/// A method and its back-test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The method.
    pub method: Method,
    /// Its back-test.
    pub backtest: Backtest,
}

/// A forecast of the days after a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The selected method.
    pub method: Method,
    /// Its back-test; `None` if the history is too short for one.
    pub backtest: Option<Backtest>,
    /// Every method that was tested, the best first.
    pub candidates: Vec<Candidate>,
    prediction: Prediction,
}

impl Forecast {
    /// The forecast of a day; day 0 is the first after the history.
    pub fn day(&self, day: usize) -> Estimate {
        self.sum(day, day + 1)
    }

    /// The forecast of the sum over the days from `from` (included) to `to` (not included). It is
    /// never below 0.
    pub fn sum(&self, from: usize, to: usize) -> Estimate {
        let widened_by = match (self.backtest, to.saturating_sub(from)) {
            (None, _) => 1.0,
            (Some(tested), 0..=1) => tested.widened_by,
            (Some(tested), _) => tested.widened_by.max(tested.total_widened_by),
        };
        self.prediction.sum(from, to, QUANTILE * widened_by)
    }

    /// The number of days forecast.
    pub fn days(&self) -> usize {
        self.prediction.days()
    }
}

/// Whether a history of daily figures is long enough for a forecast.
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

/// Forecasts the `days` days after a history of daily figures, which are in chronological order
/// with none missing. `None` if the history is too short ([`quality`]) or contains a figure that is
/// not finite.
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
