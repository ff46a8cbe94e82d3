//! Currencies, times and rates as callers write them.

use weir_model::{Decimal, Timestamp};

use crate::app::{AppError, ErrorCode};

/// The most prices, and the most exchange rates, of a book.
pub(super) const MOST: usize = 1_000;
/// The highest rate: sums of rates times quantities must fit.
const HIGHEST: f64 = 1_000_000.0;

/// A currency code in capitals. Fails if it is not three letters.
pub(super) fn currency(code: &str, field: &str) -> Result<String, AppError> {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(code.to_ascii_uppercase());
    }
    let detail = "A currency is a three-letter code of ISO 4217.";
    Err(wrong(field, detail).fix("EUR"))
}

/// A time as callers write it. Fails if it is not RFC 3339.
pub(in crate::app::prices) fn moment(text: &str, field: &str) -> Result<Timestamp, AppError> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = "This is not an RFC 3339 time with an offset or Z.";
        wrong(field, detail).fix("2026-01-01T00:00:00Z")
    })
}

pub(super) fn rate(rate: Option<f64>, field: &str) -> Result<Option<Decimal>, AppError> {
    let Some(rate) = rate else { return Ok(None) };
    let decimal = (0.0..=HIGHEST)
        .contains(&rate)
        .then(|| Decimal::parse(&rate.to_string()));
    decimal
        .flatten()
        .map(Some)
        .ok_or_else(|| wrong(field, &format!("A rate is 0 to {HIGHEST}.")))
}

pub(super) fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
