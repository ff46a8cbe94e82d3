//! Exact decimals for money and credits.

use std::fmt;

/// The currency of all sums.
pub const USD: &str = "USD";

/// The number of billionths in a unit.
pub const SCALE: i64 = 1_000_000_000;

/// A decimal with nine places in 64 bits: exact sums, up to about ±9.2 billion units. Nine places
/// are enough for the price of a single token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal(pub i64);

impl Decimal {
    /// Parses the text of a JSON number or string, so that `0.1` stays exact. Digits beyond nine
    /// places are rounded half away from zero. `None` if it is not a number or out of range.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() || digits.len() > 64 {
            return None;
        }
        let mut value: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value
                .checked_mul(10)?
                .checked_add(i128::from(byte - b'0'))?;
        }
        let shift = exponent
            .checked_add(9)?
            .checked_sub(fraction.len() as i32)?;
        let scaled = scale(value, shift)?;
        let signed = if negative { -scaled } else { scaled };
        i64::try_from(signed).ok().map(Self)
    }

    /// The value as a float, for responses.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

/// `value * 10^shift`, rounded half away from zero.
fn scale(value: i128, shift: i32) -> Option<i128> {
    if value == 0 {
        return Some(0);
    }
    if shift >= 0 {
        return value.checked_mul(10i128.checked_pow(shift.unsigned_abs())?);
    }
    match 10i128.checked_pow(shift.unsigned_abs()) {
        Some(divisor) => Some((value + divisor / 2) / divisor),
        None => Some(0),
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        let text = format!(
            "{}.{:09}",
            magnitude / SCALE as u64,
            magnitude % SCALE as u64
        );
        write!(
            f,
            "{sign}{}",
            text.trim_end_matches('0').trim_end_matches('.')
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_parsed_exactly() {
        assert_eq!(Decimal::parse("0.1"), Some(Decimal(100_000_000)));
        assert_eq!(
            Decimal::parse("-12.000000001"),
            Some(Decimal(-12_000_000_001))
        );
        assert_eq!(Decimal::parse("1.5e-7"), Some(Decimal(150)));
        assert_eq!(Decimal::parse("2E3"), Some(Decimal(2_000 * SCALE)));
        assert_eq!(Decimal::parse("0.0000000005"), Some(Decimal(1)));
        for bad in [
            "",
            "-",
            ".",
            "1.2.3",
            "abc",
            "1e999",
            "99999999999",
            "1e-2147483648x",
        ] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
        assert_eq!(Decimal::parse("1e-400"), Some(Decimal(0)));
    }

    #[test]
    fn trailing_zeros_are_not_printed() {
        assert_eq!(Decimal(1_250_000_000).to_string(), "1.25");
        assert_eq!(Decimal(-3 * SCALE).to_string(), "-3");
        assert_eq!(Decimal(0).to_string(), "0");
    }
}
