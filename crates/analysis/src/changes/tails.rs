//! Upper tails of distributions, accurate far out, where p-values of changes lie.

use std::f64::consts::PI;

/// The probability that a standard normal value exceeds `z`.
///
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions (1964): the series 26.2.10 below 3,
/// the continued fraction 26.2.14 above.
pub fn normal_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_tail(-z);
    }
    let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
    if z < 3.0 {
        let (mut term, mut sum) = (z, z);
        for n in 1..80 {
            term *= z * z / f64::from(2 * n + 1);
            sum += term;
        }
        return 0.5 - density * sum;
    }
    let fraction = (1..=60).rev().fold(z, |rest, n| z + f64::from(n) / rest);
    density / fraction
}

/// The probability that a value of Student's distribution with `freedom` degrees of freedom exceeds
/// `t`; 1 if `t` is negative or there is no degree of freedom, because only increases count.
///
/// Source: Wallace, "Bounds on normal approximations to Student's and the chi-square distributions",
/// Annals of Mathematical Statistics 30 (1959).
pub fn student_tail(t: f64, freedom: f64) -> f64 {
    if t.is_nan() || t <= 0.0 || freedom < 1.0 {
        return 1.0;
    }
    let z = (freedom * (t * t / freedom).ln_1p()).sqrt();
    normal_tail((8.0 * freedom + 1.0) / (8.0 * freedom + 3.0) * z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_tail_has_the_values_of_the_tables() {
        // Abramowitz, Stegun, table 26.1, and further out by Mills' ratio.
        for (z, tail) in [
            (0.0, 0.5),
            (1.0, 0.158_655_254),
            (1.959_963_985, 0.025),
            (3.0, 1.349_898_03e-3),
            (5.0, 2.866_515_72e-7),
            (10.0, 7.619_853_02e-24),
        ] {
            let found = normal_tail(z);
            assert!((found / tail - 1.0).abs() < 1e-6, "{z}: {found}");
        }
        assert!((normal_tail(-1.0) - 0.841_344_746).abs() < 1e-9);
    }

    #[test]
    fn students_tail_has_the_values_of_the_tables() {
        // Quantiles of Student's distribution: 0.975, 0.999 and 0.9999.
        for (t, freedom, tail) in [
            (2.228_14, 10.0, 0.025),
            (4.143_70, 10.0, 0.001),
            (2.042_27, 30.0, 0.025),
            (4.233_99, 30.0, 0.0001),
        ] {
            let found = student_tail(t, freedom);
            assert!((found / tail - 1.0).abs() < 0.05, "{t}: {found}");
        }
        assert_eq!(student_tail(-3.0, 10.0), 1.0);
        assert_eq!(student_tail(3.0, 0.0), 1.0);
    }
}
