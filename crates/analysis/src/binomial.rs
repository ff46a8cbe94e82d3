//! Exact confidence bounds on a share: how far a rate from few runs can be trusted.

use serde::Serialize;

/// The confidence level of every bound that Weir reports, in percent.
pub const CONFIDENCE_PCT: f64 = 95.0;
/// After this many halvings of an interval of length 1, its ends are indistinguishable as floats.
const HALVINGS: usize = 60;

/// Bounds between which the true share lies, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds {
    /// The smallest share that is consistent with the counts.
    pub lower: f64,
    /// The largest such share.
    pub upper: f64,
}

/// The exact two-sided bounds at 95 % on the probability behind `hits` out of `trials`; `None`
/// without trials. More hits than trials count as `trials`.
///
/// Source: Clopper, Pearson: "The use of confidence or fiducial limits illustrated in the case of
/// the binomial", Biometrika 26 (1934). The bounds are quantiles of beta distributions: at the
/// lower one, this many hits or more have a probability of 2.5 %; at the upper one, this many or
/// fewer do.
pub fn clopper_pearson(hits: u64, trials: u64) -> Option<Bounds> {
    if trials == 0 {
        return None;
    }
    let tail = (100.0 - CONFIDENCE_PCT) / 200.0;
    let hits = hits.min(trials) as f64;
    let misses = trials as f64 - hits;
    Some(Bounds {
        lower: match hits {
            0.0 => 0.0,
            _ => beta_quantile(hits, misses + 1.0, tail),
        },
        upper: match misses {
            0.0 => 1.0,
            _ => beta_quantile(hits + 1.0, misses, 1.0 - tail),
        },
    })
}

/// The x at which the regularised incomplete beta function is `p`.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if incomplete_beta(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The regularised incomplete beta function I_x(a, b) by its continued fraction (Press et al.:
/// "Numerical Recipes", 6.4; DLMF 8.17.22), evaluated on the side where it converges fast.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    let logarithm =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * f64::ln_1p(-x);
    let front = logarithm.exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, 1.0 - x) / b
    }
}

/// Lentz's method. The number of terms is about the square root of the larger parameter.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let most = 200 + 20 * a.max(b).sqrt() as u64;
    let mut c = 1.0;
    let mut d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..=most {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / not_zero(1.0 + term * d);
            c = not_zero(1.0 + term / c);
            change = c * d;
            value *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

fn not_zero(value: f64) -> f64 {
    if value.abs() < 1e-300 { 1e-300 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, exact: f64, within: f64) {
        assert!((found - exact).abs() <= within, "{found} is not {exact}");
    }

    /// The probability of `from..=to` hits, summed term by term.
    fn probability(trials: u64, p: f64, from: u64, to: u64) -> f64 {
        let mut term = (1.0 - p).powi(trials as i32);
        let mut sum = 0.0;
        for hits in 0..=to {
            if hits >= from {
                sum += term;
            }
            term *= (trials - hits) as f64 / (hits + 1) as f64 * p / (1.0 - p);
        }
        sum
    }

    #[test]
    fn without_trials_there_are_no_bounds() {
        assert_eq!(clopper_pearson(0, 0), None);
    }

    #[test]
    fn bounds_of_all_or_nothing_have_a_closed_form() {
        for trials in [1, 5, 30, 5_000] {
            let exact = 0.025f64.powf(1.0 / trials as f64);
            let all = clopper_pearson(trials, trials).unwrap();
            let none = clopper_pearson(0, trials).unwrap();
            near(all.lower, exact, 1e-12);
            near(none.upper, 1.0 - exact, 1e-12);
            assert_eq!((none.lower, all.upper), (0.0, 1.0));
        }
    }

    #[test]
    fn at_the_bounds_the_counts_have_the_probability_of_a_tail() {
        for (hits, trials) in [(1, 2), (4, 5), (1, 30), (29, 30), (60, 120), (59, 60)] {
            let bounds = clopper_pearson(hits, trials).unwrap();
            near(probability(trials, bounds.lower, hits, trials), 0.025, 1e-9);
            near(probability(trials, bounds.upper, 0, hits), 0.025, 1e-9);
        }
    }

    #[test]
    fn bounds_agree_with_published_ones() {
        // Brown, Cai, DasGupta (2001) and the tables of Clopper and Pearson: 81 of 263, 15 of 148.
        let bounds = clopper_pearson(81, 263).unwrap();
        near(bounds.lower, 0.2527, 5e-5);
        near(bounds.upper, 0.3676, 5e-5);
        let bounds = clopper_pearson(15, 148).unwrap();
        near(bounds.lower, 0.0578, 5e-5);
        near(bounds.upper, 0.1617, 5e-5);
    }

    #[test]
    fn bounds_of_a_hundred_million_trials_are_found_and_are_narrow() {
        let trials = 100_000_000;
        let bounds = clopper_pearson(99 * trials / 100, trials).unwrap();
        // The normal approximation is good here: 1.96 standard deviations of 0.00000995.
        near(bounds.lower, 0.99 - 1.950_2e-5, 1e-7);
        near(bounds.upper, 0.99 + 1.950_1e-5, 1e-7);
    }

    #[test]
    fn bounds_contain_the_share_and_become_narrower() {
        let mut before = 1.0;
        for trials in [10, 100, 1_000, 10_000] {
            let bounds = clopper_pearson(trials * 9 / 10, trials).unwrap();
            assert!(bounds.lower < 0.9 && 0.9 < bounds.upper);
            let width = bounds.upper - bounds.lower;
            assert!(width < before);
            before = width;
        }
    }
}
