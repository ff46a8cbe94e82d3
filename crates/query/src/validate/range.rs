//! The range of a request.

use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, HOUR, MINUTE},
};

use crate::{
    error::{ErrorCode, QueryError},
    query::Range,
};

/// All ranges lie between 1900-01-01 and 2200-01-01.
pub const BOUNDS: TimeRange = TimeRange {
    from: Timestamp(-2_208_988_800_000),
    to: Timestamp(7_258_118_400_000),
};

/// A range as requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeSpec {
    /// Between two moments.
    Between(TimeRange),
    /// A length that ends at the present.
    Last(Length),
    /// From the first to the newest event.
    All,
}

/// A length of time up to the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A length by the clock, in milliseconds.
    Clock(i64),
    /// Calendar days.
    Days(i64),
}

/// Parses a range. Fails if it is not exactly one of the three forms, is empty, or is outside [`BOUNDS`].
pub(super) fn range(range: &Range) -> Result<RangeSpec, QueryError> {
    match (&range.from, &range.to, &range.last, range.all) {
        (Some(from), Some(to), None, None) => between(from, to),
        (None, None, Some(last), None) => Ok(RangeSpec::Last(length(last)?)),
        (None, None, None, Some(true)) => Ok(RangeSpec::All),
        _ => Err(QueryError::new(
            ErrorCode::InvalidRange,
            "range",
            "a range is either `from` with `to`, or `last`, or `all`",
        )
        .with_fix("{\"last\":\"30d\"}")),
    }
}

fn between(from: &str, to: &str) -> Result<RangeSpec, QueryError> {
    let range = TimeRange {
        from: moment(from, "range.from")?,
        to: moment(to, "range.to")?,
    };
    if range.from >= range.to {
        let detail = format!(
            "the range ends at {}, not after it begins at {}",
            range.to, range.from
        );
        let error = QueryError::new(ErrorCode::ReversedRange, "range.to", detail);
        return Err(error.with_fix("a `to` later than `from`"));
    }
    if range.from < BOUNDS.from || range.to > BOUNDS.to {
        return Err(out_of_bounds("range"));
    }
    Ok(RangeSpec::Between(range))
}

fn out_of_bounds(field: &str) -> QueryError {
    let detail = "the range is outside the supported years";
    QueryError::new(ErrorCode::RangeOutOfBounds, field, detail)
        .with_fix(format!("between {} and {}", BOUNDS.from, BOUNDS.to))
}

fn moment(text: &str, field: &str) -> Result<Timestamp, QueryError> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = format!("`{text}` is not an RFC 3339 time with an offset or Z");
        QueryError::new(ErrorCode::InvalidTime, field, detail).with_fix("2012-01-01T00:00:00Z")
    })
}

/// The longest relative range: 50 years.
const MAX_LENGTH: i64 = 18_263 * DAY;

impl Length {
    /// Parses a relative range, such as `30d`. Fails if it is not one, is empty, or is longer than 50 years.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        length(text)
    }
}

fn length(text: &str) -> Result<Length, QueryError> {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let unit = match &text[number.len()..] {
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => 0,
    };
    if !digits || unit == 0 {
        let detail = format!("`{text}` is not a number of minutes, hours, days or weeks");
        let error = QueryError::new(ErrorCode::InvalidRange, "range.last", detail);
        return Err(error.with_fix("30m, 24h, 30d or 2w"));
    }
    let number: i64 = number.parse().unwrap_or(i64::MAX);
    let length = number.saturating_mul(unit);
    match length {
        0 => Err(
            QueryError::new(ErrorCode::ReversedRange, "range.last", "the range is empty")
                .with_fix(format!("1{}", &text[text.len() - 1..])),
        ),
        MAX_LENGTH.. => Err(out_of_bounds("range.last")),
        _ if unit < DAY => Ok(Length::Clock(length)),
        _ => Ok(Length::Days(length / DAY)),
    }
}
