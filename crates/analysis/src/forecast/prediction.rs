//! What a model predicts, and how certain it is of a day and of a sum of days.

use serde::Serialize;

/// A predicted figure with its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// The predicted value.
    pub value: f64,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
}

/// The days after a history: their means, the size of a day's shock, and how much of a shock
/// remains after a number of days.
///
/// Models with additive errors have this form (Hyndman et al., *Forecasting with Exponential
/// Smoothing*, 2008, chapter 6): the error of day h is
/// `sum over i < h of response[i] * shock[h - i]`, with `response[0] = 1`. The error of any sum of
/// days follows from it: it is larger than for independent days, and smaller than the sum of all
/// bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    mean: Vec<f64>,
    sigma: f64,
    /// `carried[n]` is the sum of the first n responses.
    carried: Vec<f64>,
}

impl Prediction {
    /// A prediction from a model's parameters: `response(n)` is the share of a shock that remains
    /// after `n` days.
    pub fn new(mean: Vec<f64>, sigma: f64, response: impl Fn(usize) -> f64) -> Self {
        let mut carried = vec![0.0];
        for day in 0..mean.len() {
            carried.push(carried[day] + response(day));
        }
        Self {
            mean,
            sigma,
            carried,
        }
    }

    /// A prediction from the standard deviations of single days: in a model with additive errors,
    /// the variance grows by `(sigma * response[h])^2`. `None` if there are no days, the lengths
    /// differ or a value is not finite.
    pub fn from_deviations(mean: Vec<f64>, deviations: &[f64]) -> Option<Self> {
        let sigma = *deviations.first()?;
        let sound = mean.iter().chain(deviations).all(|value| value.is_finite());
        if !sound || mean.len() != deviations.len() {
            return None;
        }
        let response = |day: usize| match day {
            0 => 1.0,
            _ if sigma <= 0.0 => 0.0,
            _ => {
                let grown = deviations[day].powi(2) - deviations[day - 1].powi(2);
                grown.max(0.0).sqrt() / sigma
            }
        };
        Some(Self::new(mean, sigma, response))
    }

    /// The number of days predicted.
    pub fn days(&self) -> usize {
        self.mean.len()
    }

    /// The sum over the days from `from` (included) to `to` (not included), with bounds at
    /// `deviations` standard deviations. It is never below 0.
    pub fn sum(&self, from: usize, to: usize, deviations: f64) -> Estimate {
        let to = to.min(self.days());
        let from = from.min(to);
        let value: f64 = self.mean[from..to].iter().map(|day| day.max(0.0)).sum();
        let width = deviations * self.deviation(from, to);
        Estimate {
            value,
            lower: (value - width).max(0.0),
            upper: value + width,
        }
    }

    /// The standard deviation of the sum over days: every shock counts with what remains of it in
    /// these days.
    pub(super) fn deviation(&self, from: usize, to: usize) -> f64 {
        let left = |shock: usize| {
            let start = from.max(shock) - shock;
            self.carried[to - shock] - self.carried[start]
        };
        let squares: f64 = (0..to).map(|shock| left(shock).powi(2)).sum();
        self.sigma * squares.sqrt()
    }

    pub(super) fn mean(&self, day: usize) -> f64 {
        self.mean[day].max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shocks_that_vanish_add_in_squares_and_shocks_that_remain_accumulate() {
        let independent = Prediction::new(vec![1.0; 4], 2.0, |day| f64::from(u8::from(day == 0)));
        assert_eq!(independent.deviation(0, 4), 4.0);
        assert_eq!(independent.deviation(3, 4), 2.0);
        // A random walk: of two days, the first is affected by one shock, the sum twice by the
        // first shock and once by the second.
        let walk = Prediction::new(vec![1.0; 2], 1.0, |_| 1.0);
        assert!((walk.deviation(0, 2) - 5f64.sqrt()).abs() < 1e-12);
        assert!((walk.deviation(1, 2) - 2f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn responses_are_recovered_from_the_deviations_of_days() {
        let smoothing = |day: usize| if day == 0 { 1.0 } else { 0.3 };
        let exact = Prediction::new(vec![5.0; 10], 1.5, smoothing);
        let deviations: Vec<f64> = (0..10).map(|day| exact.deviation(day, day + 1)).collect();
        let found = Prediction::from_deviations(vec![5.0; 10], &deviations).unwrap();
        for (from, to) in [(0, 1), (0, 10), (4, 9)] {
            let difference = found.deviation(from, to) - exact.deviation(from, to);
            assert!(difference.abs() < 1e-9, "{from}..{to}");
        }
    }

    #[test]
    fn no_prediction_is_below_zero() {
        let falling = Prediction::new(vec![1.0, -1.0], 1.0, |_| 1.0);
        let sum = falling.sum(0, 2, 1.0);
        assert_eq!((sum.value, sum.lower), (1.0, 0.0));
    }
}
