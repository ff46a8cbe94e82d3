//! Helpers for events as JSON.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// An event and its time in epoch milliseconds.
pub(crate) type Timed = (i64, Value);

/// Formats epoch milliseconds as RFC 3339 in UTC.
pub(crate) fn rfc3339(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

/// Sets a field.
pub(crate) fn set(fields: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    fields.insert(key.to_owned(), value.into());
}
