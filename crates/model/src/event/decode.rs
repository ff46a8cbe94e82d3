//! JSON to [`Event`]: one pass over the bytes for good events, and a second look that names the
//! field for bad ones.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Event, IdKey,
    text::MAX_EXACT,
    validate,
    wire::{FIELDS, Kind, Wire},
};
use crate::{Timestamp, redact::Redactor};

/// Bounds on what an event may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an id or a short text.
    pub text_bytes: usize,
    /// Bytes kept of an error message; the rest is cut off.
    pub message_bytes: usize,
    /// Bytes of `metadata` as sent.
    pub metadata_bytes: usize,
    /// The earliest time accepted.
    pub oldest: Timestamp,
    /// How many milliseconds ahead of the server's clock a time may be.
    pub ahead: i64,
}

impl Default for Limits {
    /// 256 bytes of text, 8 KiB of message, 16 KiB of metadata, 2000-01-01, one day ahead.
    fn default() -> Self {
        Self {
            text_bytes: 256,
            message_bytes: 8 * 1024,
            metadata_bytes: 16 * 1024,
            oldest: Timestamp(946_684_800_000),
            ahead: crate::time::DAY,
        }
    }
}

/// Why an event was refused: a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventErrorCode {
    /// The bytes are no JSON object.
    MalformedJson,
    /// A field is absent that the type needs.
    MissingField,
    /// A field holds another kind of JSON value.
    WrongType,
    /// A word is not one of those listed, for example of `type` or `status`.
    UnknownValue,
    /// A number is negative or too large.
    OutOfRange,
    /// A text is longer than allowed, or holds a control character.
    InvalidText,
    /// `metadata` is larger than allowed.
    MetadataTooLarge,
    /// The time is before the year 2000.
    TimestampTooOld,
    /// The time is more than a day ahead of the server's clock.
    TimestampTooFarAhead,
    /// The API key sends to another environment.
    EnvironmentBound,
}

impl EventErrorCode {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::MissingField => "missing_field",
            Self::WrongType => "wrong_type",
            Self::UnknownValue => "unknown_value",
            Self::OutOfRange => "out_of_range",
            Self::InvalidText => "invalid_text",
            Self::MetadataTooLarge => "metadata_too_large",
            Self::TimestampTooOld => "timestamp_too_old",
            Self::TimestampTooFarAhead => "timestamp_too_far_ahead",
            Self::EnvironmentBound => "environment_bound",
        }
    }
}

/// A refused event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct EventError {
    /// The kind of fault.
    pub code: EventErrorCode,
    /// The field at fault, by its camelCase name.
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub detail: String,
    /// The event's own id, where it could be read.
    pub id: Option<String>,
}

impl EventError {
    pub(super) fn new(
        code: EventErrorCode,
        field: impl Into<Option<&'static str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            code,
            field: field.into().map(str::to_owned),
            detail: detail.into(),
            id: None,
        }
    }
}

/// An event as read, and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The event.
    pub event: Event,
    /// Names of fields that look like money or tokens and are no fields of the event's type: nothing
    /// of them is stored. At most a few.
    pub ignored: Vec<String>,
}

/// Turns bytes into events.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// Bounds on events.
    pub limits: Limits,
    /// What is taken out before storage.
    pub redactor: Arc<Redactor>,
    /// The environment that events are of when they name none; another is refused.
    pub environment: Option<Arc<str>>,
    /// What ids are derived with.
    pub id_key: IdKey,
}

impl Decoder {
    /// A decoder with these bounds and rules.
    pub fn new(limits: Limits, redactor: Arc<Redactor>) -> Self {
        Self {
            limits,
            redactor,
            environment: None,
            id_key: IdKey::default(),
        }
    }

    /// The same for events of one environment.
    #[must_use]
    pub fn of_environment(&self, environment: Option<Arc<str>>) -> Self {
        Self {
            environment,
            ..self.clone()
        }
    }

    /// Reads one JSON object as an event that came in by `source` at `now`.
    pub fn decode(
        &self,
        json: &[u8],
        source: &Arc<str>,
        now: Timestamp,
    ) -> Result<Event, EventError> {
        self.read(json, source, now).map(|decoded| decoded.event)
    }

    /// The same, with what was left out.
    pub fn read(
        &self,
        json: &[u8],
        source: &Arc<str>,
        now: Timestamp,
    ) -> Result<Decoded, EventError> {
        // An array would be read as the fields in their order.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(not_an_object());
        }
        let wire: Wire = serde_json::from_slice(json).map_err(|error| diagnose(json, &error))?;
        let id = wire.id.as_ref().map(|id| id.0.to_string());
        let ignored = validate::ignored(&wire);
        let event =
            validate::event(wire, self, source, now).map_err(|error| EventError { id, ..error })?;
        Ok(Decoded { event, ignored })
    }
}

fn not_an_object() -> EventError {
    let detail = "an event is a JSON object";
    EventError::new(EventErrorCode::MalformedJson, None, detail)
}

/// Finds which field made the first pass fail.
fn diagnose(json: &[u8], error: &serde_json::Error) -> EventError {
    let object = match serde_json::from_slice::<Value>(json) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return not_an_object(),
        Err(error) => {
            return EventError::new(
                EventErrorCode::MalformedJson,
                None,
                format!("not valid JSON: {error}"),
            );
        }
    };
    let id = object.get("id").and_then(Value::as_str).map(str::to_owned);
    for &(camel, snake, kind) in FIELDS {
        let both =
            snake.is_some_and(|snake| object.contains_key(camel) && object.contains_key(snake));
        if both {
            let detail =
                format!("{camel} is given twice, in camelCase and in snake_case; send one");
            let error = EventError::new(EventErrorCode::WrongType, camel, detail);
            return EventError { id, ..error };
        }
        let value = object
            .get(camel)
            .or_else(|| snake.and_then(|snake| object.get(snake)));
        if let Some(expected) = value.and_then(|value| mismatch(kind, value)) {
            let given = value.map_or("absent", shown);
            let detail = format!("{camel} is {given}; it must be {expected}");
            let error = EventError::new(EventErrorCode::WrongType, camel, detail);
            return EventError { id, ..error };
        }
    }
    EventError {
        id,
        ..EventError::new(EventErrorCode::MalformedJson, None, error.to_string())
    }
}

/// What a value is, in the words of a refusal: not the value, which may be long or private.
fn shown(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction or too many digits",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What the value should have been, if it is not.
fn mismatch(kind: Kind, value: &Value) -> Option<&'static str> {
    if value.is_null() {
        return None;
    }
    let (fits, expected) = match kind {
        Kind::Text => (
            value.is_string() || value.is_i64() || value.is_u64(),
            "text",
        ),
        Kind::Whole => (
            value
                .as_f64()
                .is_some_and(|number| number.fract() == 0.0 && number.abs() <= MAX_EXACT),
            "a whole number",
        ),
        Kind::Moment => (
            value.is_number() || value.as_str().and_then(Timestamp::parse).is_some(),
            "an RFC 3339 time with an offset (2026-01-31T12:00:00Z), or epoch milliseconds",
        ),
        Kind::Number => (value.is_number() || value.is_string(), "a decimal number"),
        Kind::Boolean => (value.is_boolean(), "true or false"),
        Kind::Object => (value.is_object(), "a JSON object"),
    };
    (!fits).then_some(expected)
}
