//! A trace as read.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::time;

/// The most metadata an event may carry, with room for the keys import adds itself (the limit is 16 KiB).
const MAX_METADATA: usize = 15 * 1024;

/// One trace: its attributes and its events in the file's order.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub line: u64,
    pub end_line: u64,
    pub name: Option<String>,
    pub attributes: Attributes,
    pub events: Vec<LogEvent>,
    /// Events that could not be read: line and reason.
    pub refused: Vec<(u64, String)>,
}

/// One event of a trace.
#[derive(Debug)]
pub(crate) struct LogEvent {
    pub line: u64,
    /// Its place in the trace, counted from 0, refused events included.
    pub index: usize,
    pub at: Timestamp,
    pub activity: String,
    pub transition: String,
    pub instance: Option<String>,
    pub user: Option<String>,
    pub attributes: Attributes,
}

/// Attributes by path, as metadata of an event.
#[derive(Debug, Default, Clone)]
pub(crate) struct Attributes {
    values: Map<String, Value>,
    size: usize,
}

impl Attributes {
    /// Adds a value; a repeated key (a XES list) becomes an array. What would make the metadata too large is left out.
    pub fn add(&mut self, key: &str, value: Value) {
        let size = key.len() + 4 + value.as_str().map_or(24, str::len);
        if self.size + size > MAX_METADATA {
            return;
        }
        self.size += size;
        match self.values.get_mut(key) {
            None => {
                self.values.insert(key.to_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    /// Takes a text attribute out, for a field of its own.
    pub fn take_text(&mut self, key: &str) -> Option<String> {
        match self.values.remove(key)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    /// A numeric attribute; a text that reads as a number counts.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.values.get(key)? {
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            other => other.as_f64(),
        }
    }

    /// The attributes as event metadata; none when there are none.
    pub fn metadata(&self) -> Option<Map<String, Value>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

/// An attribute's value by the element it is written as.
pub(super) fn typed(tag: &str, value: String) -> Value {
    match tag {
        "int" => value
            .trim()
            .parse::<i64>()
            .map_or(Value::String(value), Value::from),
        "float" => value
            .trim()
            .parse::<f64>()
            .map_or(Value::String(value), Value::from),
        "boolean" => value
            .trim()
            .parse::<bool>()
            .map_or(Value::String(value), Value::from),
        _ => Value::String(value),
    }
}

/// An event from its attributes, or why it is none.
pub(super) fn log_event(
    line: u64,
    index: usize,
    mut attributes: Attributes,
    zone: &TimeZone,
) -> Result<LogEvent, String> {
    let at = attributes
        .take_text("time:timestamp")
        .ok_or("the event has no time:timestamp")?;
    let at = time::iso(at.trim(), zone).map_err(|detail| format!("time:timestamp {detail}"))?;
    let activity = attributes
        .take_text("concept:name")
        .ok_or("the event has no concept:name")?;
    let transition = attributes
        .take_text("lifecycle:transition")
        .map(|text| text.trim().to_lowercase());
    Ok(LogEvent {
        line,
        index,
        at,
        activity,
        transition: transition.unwrap_or_else(|| "complete".to_owned()),
        instance: attributes.take_text("concept:instance"),
        user: attributes.take_text("org:resource"),
        attributes,
    })
}
