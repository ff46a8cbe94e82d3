//! The forecasting methods.

use augurs::{Fit, Forecast, Predict, ets::AutoETS, mstl::MSTLModel};
use serde::Serialize;

use super::{FEWEST_DAYS, Prediction, QUANTILE, SEASON};

/// A forecasting method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A weekly season, and exponential smoothing of the rest.
    MstlEts,
    /// Exponential smoothing without a season.
    Ets,
    /// The same day of the previous week.
    SeasonalNaive,
}

/// Exponential smoothing with additive errors, with or without a trend, without a season: its
/// bounds have closed formulas and need no simulation.
const ADDITIVE: &str = "AZN";

impl Method {
    /// Every method, the most capable first.
    pub const ALL: [Method; 3] = [Method::MstlEts, Method::Ets, Method::SeasonalNaive];

    /// The fewest days that it can learn from.
    pub fn fewest_days(self) -> usize {
        match self {
            Method::MstlEts => 3 * SEASON,
            Method::Ets | Method::SeasonalNaive => FEWEST_DAYS,
        }
    }

    /// Predicts the `days` days after a history; `None` if the method finds no model for it.
    pub fn predict(self, history: &[f64], days: usize) -> Option<Prediction> {
        if history.len() < self.fewest_days() {
            return None;
        }
        // If all days are equal, there is nothing to learn, and the likelihood is undefined.
        let varies = history.windows(2).any(|pair| pair[0] != pair[1]);
        match self {
            Method::SeasonalNaive => Some(seasonal_naive(history, days)),
            _ if !varies => None,
            Method::MstlEts => {
                let smoothing = AutoETS::new(1, ADDITIVE).ok()?.into_trend_model();
                let fitted = MSTLModel::new(vec![SEASON], smoothing).fit(history).ok()?;
                prediction(fitted.predict(days, super::LEVEL / 100.0).ok()?)
            }
            Method::Ets => {
                let fitted = AutoETS::new(1, ADDITIVE).ok()?.fit(history).ok()?;
                prediction(fitted.predict(days, super::LEVEL / 100.0).ok()?)
            }
        }
    }
}

fn prediction(forecast: Forecast) -> Option<Prediction> {
    let bounds = forecast.intervals?;
    let both = bounds.upper.iter().zip(&bounds.lower);
    let deviations: Vec<f64> = both
        .map(|(upper, lower)| (upper - lower) / 2.0 / QUANTILE)
        .collect();
    Prediction::from_deviations(forecast.point, &deviations)
}

/// A shock affects only the same day of later weeks.
fn seasonal_naive(history: &[f64], days: usize) -> Prediction {
    let last = &history[history.len() - SEASON..];
    let mean = (0..days).map(|day| last[day % SEASON]).collect();
    let pairs = history.iter().zip(&history[SEASON..]);
    let squares: f64 = pairs.map(|(before, after)| (after - before).powi(2)).sum();
    let sigma = (squares / (history.len() - SEASON) as f64).sqrt();
    Prediction::new(mean, sigma, |day| f64::from(u8::from(day % SEASON == 0)))
}
