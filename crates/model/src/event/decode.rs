//! From JSON to [`Event`]: one pass over the bytes for valid events, and a second one for invalid
//! events, to find the offending field.

use std::sync::Arc;

use serde_json::Value;

use super::{
    Event, EventError, EventErrorCode, IdKey,
    text::MAX_EXACT,
    validate::{self, Check, Limits},
    wire::{FIELDS, Kind, Wire},
};
use crate::{Timestamp, redact::Redactor};

/// A decoded event, and what was ignored in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The event.
    pub event: Event,
    /// Names of fields that look like money or tokens but are not fields of the event's type, at
    /// most a few. Nothing of them is stored.
    pub ignored: Vec<String>,
}

/// Decodes, validates and redacts events.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// Limits on events.
    pub limits: Limits,
    /// Removes sensitive values before storage.
    pub redactor: Arc<Redactor>,
    /// The environment of events that name none; an event that names another one is rejected.
    pub environment: Option<Arc<str>>,
    /// The key for deriving ids.
    pub id_key: IdKey,
}

impl Decoder {
    /// A decoder with these limits and redaction rules, for any environment.
    pub fn new(limits: Limits, redactor: Arc<Redactor>) -> Self {
        Self {
            limits,
            redactor,
            environment: None,
            id_key: IdKey::default(),
        }
    }

    /// The same decoder, bound to one environment.
    #[must_use]
    pub fn of_environment(&self, environment: Option<Arc<str>>) -> Self {
        Self {
            environment,
            ..self.clone()
        }
    }

    /// Decodes one JSON object as an event received from `source` at `now`. Fails if it is not a
    /// valid event.
    pub fn decode(
        &self,
        json: &[u8],
        source: &Arc<str>,
        now: Timestamp,
    ) -> Result<Event, EventError> {
        self.read(json, source, now).map(|decoded| decoded.event)
    }

    /// Like [`Decoder::decode`], and also reports the ignored fields. Fails if the JSON is not a valid event.
    pub fn read(
        &self,
        json: &[u8],
        source: &Arc<str>,
        now: Timestamp,
    ) -> Result<Decoded, EventError> {
        // An array would be read as the fields in their order of declaration.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(not_an_object());
        }
        let wire: Wire = serde_json::from_slice(json).map_err(|error| diagnose(json, &error))?;
        let id = wire.id.as_ref().map(|id| id.0.to_string());
        let ignored = wire.ignored();
        let check = Check {
            limits: &self.limits,
            redactor: &self.redactor,
            environment: self.environment.as_deref(),
            now,
        };
        let event = validate::event(wire, &check, source, &self.id_key)
            .map_err(|error| EventError { id, ..error })?;
        Ok(Decoded { event, ignored })
    }
}

fn not_an_object() -> EventError {
    let detail = "an event must be a JSON object";
    EventError::new(EventErrorCode::MalformedJson, None, detail)
}

/// Finds the field that made the first pass fail.
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
                format!("{camel} is given in both camelCase and snake_case; send only one");
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

/// The kind of a value, for an error message. The value itself can be long or private.
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

/// What the value should have been; `None` if it is right.
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
