//! The comparison of two groups: the difference of a figure, and its confidence bounds.
//!
//! Each figure first gets its own bounds at 95 %: rates by Wilson, means by Student's t, quantiles
//! by order statistics (which the query pipeline computes from sketches). The bounds of the
//! difference follow from these by the method of variance estimates recovery (MOVER):
//!
//! lower = d - sqrt((a - a.lower)^2 + (b.upper - b)^2), upper = d + sqrt((a.upper - a)^2 + (b - b.lower)^2)
//!
//! with d = a - b. For rates, this is Newcombe's tenth method. Sources: Wilson, JASA 22 (1927);
//! Newcombe, Statistics in Medicine 17 (1998); Zou, Donner, Statistics in Medicine 27 (2008).

use serde::{Deserialize, Serialize};

use crate::Better;

/// The quantile of the normal distribution for bounds at 95 %.
const Z: f64 = 1.959_963_984_540_054;
/// The fewest values in a group that allow a statement about a difference.
pub const ENOUGH: u64 = 20;

/// A figure of a group with its bounds at 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The smallest true value that is consistent with the measurements.
    pub lower: f64,
    /// The largest such value.
    pub upper: f64,
}

/// A difference with its bounds at 95 %, in the figure's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The first figure minus the second.
    pub value: f64,
    /// The smallest true difference that is consistent with the measurements.
    pub lower: f64,
    /// The largest such value.
    pub upper: f64,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Better, beyond chance.
    Better,
    /// Worse, beyond chance.
    Worse,
    /// Different beyond chance, for a figure of which neither direction is better.
    Different,
    /// Chance can explain the difference.
    NoDifference,
    /// There are too few values for a statement.
    NotEnoughData,
}

/// A rate of hits with Wilson's bounds, in percent; `None` without trials.
pub fn rate(hits: u64, trials: u64) -> Option<Estimate> {
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let p = hits.min(trials) as f64 / n;
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Estimate {
        value: 100.0 * p,
        lower: 100.0 * (middle - half).max(0.0),
        upper: 100.0 * (middle + half).min(1.0),
    })
}

/// A mean with Student's bounds; `None` for fewer than two values. `deviation` is the population
/// standard deviation of the values.
pub fn mean(mean: f64, deviation: f64, count: u64) -> Option<Estimate> {
    let freedom = count.checked_sub(1).filter(|&freedom| freedom > 0)?;
    // The sample's deviation over sqrt(n) is the population's over sqrt(n - 1).
    let half = student(freedom) * deviation / (freedom as f64).sqrt();
    Some(Estimate {
        value: mean,
        lower: mean - half,
        upper: mean + half,
    })
}

/// The difference `a - b` of two figures, with its bounds.
pub fn difference(a: Estimate, b: Estimate) -> Difference {
    let value = a.value - b.value;
    Difference {
        value,
        lower: value - (a.value - a.lower).hypot(b.upper - b.value),
        upper: value + (a.upper - a.value).hypot(b.value - b.lower),
    }
}

/// What a difference means; `least` is the number of values in the smaller group.
pub fn finding(difference: Option<Difference>, better: Better, least: u64) -> Finding {
    let Some(found) = difference.filter(|_| least >= ENOUGH) else {
        return Finding::NotEnoughData;
    };
    let (more, less) = (found.lower > 0.0, found.upper < 0.0);
    match better {
        _ if !more && !less => Finding::NoDifference,
        Better::Neither => Finding::Different,
        Better::More if more => Finding::Better,
        Better::Less if less => Finding::Better,
        _ => Finding::Worse,
    }
}

/// The 0.975 quantile of Student's distribution: exact for 1 and 2 degrees of freedom, otherwise by
/// the Cornish-Fisher expansion (Abramowitz, Stegun 26.7.5), which is accurate to 0.01 from 3 on.
fn student(freedom: u64) -> f64 {
    let n = freedom as f64;
    let z = Z;
    match freedom {
        1 => 12.706_2,
        2 => 4.302_7,
        _ => {
            let first = (z.powi(3) + z) / 4.0;
            let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
            let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
            let fourth = (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5)
                - 1920.0 * z.powi(3)
                - 945.0 * z)
                / 92_160.0;
            z + first / n + second / n.powi(2) + third / n.powi(3) + fourth / n.powi(4)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, within: f64) {
        assert!(
            (found - expected).abs() < within,
            "{found} is not {expected}"
        );
    }

    #[test]
    fn rates_have_the_bounds_of_newcombes_first_example() {
        // Newcombe 1998, table I: 81 of 263 is 0.3080 with Wilson's bounds 0.2553 and 0.3662.
        let found = rate(81, 263).unwrap();
        near(found.value, 30.80, 0.005);
        near(found.lower, 25.53, 0.005);
        near(found.upper, 36.62, 0.005);
        let none = rate(0, 20).unwrap();
        assert_eq!((none.value, none.lower), (0.0, 0.0));
        near(none.upper, 16.11, 0.005);
        assert_eq!(rate(0, 0), None);
    }

    #[test]
    fn differences_of_rates_have_the_bounds_of_newcombes_tenth_method() {
        // Newcombe 1998, part II, table II: 56/70 - 48/80 = 0.2, bounds 0.0524 and 0.3339.
        let found = difference(rate(56, 70).unwrap(), rate(48, 80).unwrap());
        near(found.value, 20.0, 1e-9);
        near(found.lower, 5.24, 0.005);
        near(found.upper, 33.39, 0.005);
        // 10/10 - 0/10: 0.6075 to 1.
        let found = difference(rate(10, 10).unwrap(), rate(0, 10).unwrap());
        near(found.lower, 60.75, 0.005);
        near(found.upper, 100.0, 0.005);
    }

    #[test]
    fn means_have_students_bounds() {
        for (freedom, quantile) in [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (5, 2.571),
            (10, 2.228),
            (30, 2.042),
        ] {
            near(student(freedom), quantile, 0.01);
        }
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population deviation 2; t(7) x 2 / sqrt(7).
        let found = mean(5.0, 2.0, 8).unwrap();
        near(found.upper - 5.0, 2.364_6 * 2.0 / 7.0_f64.sqrt(), 0.005);
        assert_eq!(mean(5.0, 0.0, 1), None);
    }

    #[test]
    fn a_difference_counts_when_its_bounds_exclude_zero() {
        let of = |lower, upper, better, least| {
            let difference = Difference {
                value: (lower + upper) / 2.0,
                lower,
                upper,
            };
            finding(Some(difference), better, least)
        };
        assert_eq!(of(1.0, 3.0, Better::More, 100), Finding::Better);
        assert_eq!(of(1.0, 3.0, Better::Less, 100), Finding::Worse);
        assert_eq!(of(-3.0, -1.0, Better::Less, 100), Finding::Better);
        assert_eq!(of(-3.0, -1.0, Better::Neither, 100), Finding::Different);
        assert_eq!(of(-1.0, 1.0, Better::More, 100), Finding::NoDifference);
        assert_eq!(
            of(1.0, 3.0, Better::More, ENOUGH - 1),
            Finding::NotEnoughData
        );
        assert_eq!(finding(None, Better::More, 100), Finding::NotEnoughData);
    }
}
