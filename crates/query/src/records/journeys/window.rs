//! Lengths of time in requests about journeys.

use weir_model::time::{DAY, HOUR, MINUTE, SECOND};

use crate::error::{ErrorCode, QueryError};

/// The longest window: ten years.
const LONGEST: i64 = 3_653 * DAY;

/// Parses a conversion window such as `90s`, `30m`, `24h`, `7d` or `2w` into milliseconds. Fails if it
/// is invalid.
pub fn window(text: &str, field: &str) -> Result<i64, QueryError> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => 0,
    };
    let number: i64 = match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => digits.parse().unwrap_or(0),
        false => 0,
    };
    match number.saturating_mul(unit) {
        length @ 1..=LONGEST => Ok(length),
        _ => {
            let detail = format!("`{text}` is not a valid window of up to ten years");
            let error = QueryError::new(ErrorCode::InvalidWindow, field, detail);
            Err(error.with_fix("90s, 30m, 24h, 7d or 2w"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_number_with_a_unit() {
        let lengths = ["90s", "30m", "24h", "7d", "2w"].map(|text| window(text, "window").unwrap());
        assert_eq!(lengths, [90_000, 1_800_000, DAY, 7 * DAY, 14 * DAY]);
        for bad in [
            "",
            "7",
            "d",
            "0d",
            "-1d",
            "7 d",
            "1.5d",
            "99999999999999999999d",
            "4000d",
            "7é",
        ] {
            let error = window(bad, "window").unwrap_err();
            assert_eq!(
                (error.code, &*error.field),
                (ErrorCode::InvalidWindow, "window"),
                "{bad}"
            );
        }
    }
}
