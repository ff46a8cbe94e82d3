//! Rounding figures for display.

/// The most decimals of money, credits and durations.
const DECIMALS: i32 = 9;
/// The number of decimal digits that every floating-point number can represent.
const DIGITS: i32 = 15;

/// Removes floating-point noise from a sum or difference of amounts: rounds to at most nine
/// decimals and fifteen significant digits.
pub fn billionths(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let before = value.abs().log10().floor() as i32 + 1;
    let decimals = (DIGITS - before.max(0)).min(DECIMALS);
    let Ok(decimals) = usize::try_from(decimals) else {
        return value;
    };
    // Turn -0 into 0.
    let rounded = format!("{value:.decimals$}").parse().unwrap_or(value);
    rounded + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_point_noise_is_removed() {
        let sums = [
            (50.0 - 52.623, "-2.623"),
            (0.1 + 0.2, "0.3"),
            (0.7 + 0.1, "0.8"),
            (1_000_000.1 - 1_000_000.0, "0.1"),
            (4_000_000.1 + 4_000_000.2, "8000000.3"),
            (100.0 * 1.1 / 100.0, "1.1"),
            (-1e-12, "0"),
        ];
        for (sum, text) in sums {
            assert_eq!(billionths(sum).to_string(), text);
        }
    }

    #[test]
    fn an_exact_amount_is_unchanged() {
        for amount in [
            0.0,
            1e-9,
            0.005_564_9,
            123_456.789_012_345,
            9e14,
            1e15,
            1e300,
            f64::MAX,
            f64::INFINITY,
        ] {
            assert_eq!(billionths(amount), amount);
        }
    }
}
