//! Where exactly a change began and ended, once its levels are known.
//!
//! For each bucket, the *gain* is how much better the level of the change explains it than the usual
//! level, as a difference of log-likelihoods. The maximum-likelihood estimate of the edge is the one
//! with the largest sum of gains on the side of the change (Hinkley 1970).

use super::{Law, Trials, Window};

/// Rates are kept this far from 0 and 1, where a single bucket would decide.
const LEAST_RATE: f64 = 1e-4;

/// The position of the first bucket that belongs to a change, which lasts to the end of the buckets;
/// `None` if it explains none of them better.
pub fn beginning(gains: &[f64]) -> Option<usize> {
    let mut best = None;
    let (mut sum, mut most) = (0.0, 0.0);
    for (at, gain) in gains.iter().enumerate().rev() {
        sum += gain;
        if sum > most {
            (best, most) = (Some(at), sum);
        }
    }
    best
}

/// The position of the first bucket after a change, which began before the buckets; `None` if it
/// explains none of them better.
pub fn end(gains: &[f64]) -> Option<usize> {
    let backwards: Vec<f64> = gains.iter().rev().copied().collect();
    beginning(&backwards).map(|at| gains.len() - at)
}

/// The change within the buckets: the window with the largest sum of gains; `None` if none is above 0.
///
/// Source: Bentley, Programming Pearls (1986), column 8 (Kadane's algorithm).
pub fn span(gains: &[f64]) -> Option<Window> {
    let mut best: Option<(Window, f64)> = None;
    let (mut from, mut sum) = (0, 0.0);
    for (at, gain) in gains.iter().enumerate() {
        if sum <= 0.0 {
            (from, sum) = (at, 0.0);
        }
        sum += gain;
        if sum > best.map_or(0.0, |(_, most)| most) {
            best = Some((Window { from, to: at + 1 }, sum));
        }
    }
    best.map(|(window, _)| window)
}

/// The gain of a bucket of a level with this value and weight, up to a common factor.
pub fn gain_of_level(value: f64, weight: f64, usual: f64, changed: f64) -> f64 {
    weight * ((value - usual).powi(2) - (value - changed).powi(2))
}

/// The gain of a bucket with these trials.
pub fn gain_of_rate(of: Trials, law: Law, usual: f64, changed: f64) -> f64 {
    let [usual, changed] = [usual, changed].map(|rate| rate.max(LEAST_RATE));
    let hits = of.hits * (changed / usual).ln();
    match law {
        Law::Poisson => hits - of.trials * (changed - usual),
        Law::Bernoulli => {
            let [usual, changed] = [usual, changed].map(|rate| rate.min(1.0 - LEAST_RATE));
            hits + (of.trials - of.hits) * ((1.0 - changed) / (1.0 - usual)).ln()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::noise::Noise, *};

    #[test]
    fn a_release_is_found_within_an_hour() {
        let within = (0..200).filter(|&seed| {
            let noise = &mut Noise::new(seed);
            let gains: Vec<f64> = (0..48)
                .map(|hour| {
                    let value = if hour >= 31 { 1.8 } else { 0.0 } + 0.35 * noise.normal();
                    gain_of_level(value, 1.0, 0.0, 1.8)
                })
                .collect();
            beginning(&gains).unwrap().abs_diff(31) <= 1
        });
        assert!(within.count() >= 198);
    }

    #[test]
    fn an_outage_ends_where_runs_succeed_again() {
        let of = |hits: f64| Trials { hits, trials: 20.0 };
        let hours = [19.0, 18.0, 20.0, 1.0, 0.0, 6.0, 0.0];
        let gains = hours.map(|hits| gain_of_rate(of(hits), Law::Bernoulli, 0.02, 0.94));
        assert_eq!(end(&gains), Some(3));
        let mut backwards = gains;
        backwards.reverse();
        assert_eq!(beginning(&backwards), Some(4));
        assert_eq!(
            span(&[&backwards[..], &gains].concat()),
            Some(Window { from: 4, to: 10 })
        );
    }

    #[test]
    fn nothing_that_fits_is_no_change() {
        for gains in [&[-1.0, -2.0][..], &[]] {
            assert_eq!(
                (beginning(gains), end(gains), span(gains)),
                (None, None, None)
            );
        }
        let gains = [-1.0, 2.0, -1.0, 2.0, -5.0, 2.5];
        assert_eq!(span(&gains), Some(Window { from: 1, to: 4 }));
        let none = Trials::default();
        assert_eq!(gain_of_rate(none, Law::Poisson, 0.0, 0.5), 0.0);
    }

    #[test]
    fn the_gain_of_a_rate_is_the_difference_of_log_likelihoods() {
        let of = Trials {
            hits: 3.0,
            trials: 10.0,
        };
        let log = |rate: f64| 3.0 * rate.ln() + 7.0 * (1.0 - rate).ln();
        let found = gain_of_rate(of, Law::Bernoulli, 0.1, 0.4);
        assert!((found - (log(0.4) - log(0.1))).abs() < 1e-12);
        let log = |rate: f64| 3.0 * (10.0 * rate).ln() - 10.0 * rate;
        let found = gain_of_rate(of, Law::Poisson, 0.1, 0.4);
        assert!((found - (log(0.4) - log(0.1))).abs() < 1e-12);
    }
}
