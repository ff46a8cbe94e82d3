//! A trace as read from a file.

use jiff::Timestamp;
use serde_json::{Map, Value};
use weir_model::event::Status;

/// The most bytes of metadata from attributes; the limit of 16 KiB leaves room for keys that the import adds.
const MAX_METADATA: usize = 13 * 1024;

/// One trace: its attributes and its events in the file's order.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub line: u64,
    pub end_line: u64,
    pub name: Option<String>,
    pub attributes: Attributes,
    pub events: Vec<LogEvent>,
    /// Events that could not be read.
    pub refused: Vec<Unread>,
    /// The status of the case, if the log gives one.
    pub status: Option<Status>,
}

/// An event that could not be read.
#[derive(Debug)]
pub(crate) struct Unread {
    pub line: u64,
    pub detail: String,
    /// Whether the reason is its time.
    pub of_time: bool,
}

/// One event of a trace.
#[derive(Debug)]
pub(crate) struct LogEvent {
    pub line: u64,
    /// Distinguishes it from the other events of its trace; the same each time the log is read.
    pub key: String,
    pub at: Timestamp,
    /// When it began, if it gives a start that is not after `at`.
    pub began: Option<Timestamp>,
    /// It gives a start, but that is unreadable or after `at`.
    pub odd_start: bool,
    pub activity: String,
    pub transition: String,
    pub instance: Option<String>,
    pub user: Option<String>,
    pub attributes: Attributes,
}

/// Attributes by path, for an event's metadata.
#[derive(Debug, Default, Clone)]
pub(crate) struct Attributes {
    values: Map<String, Value>,
    size: usize,
}

impl Attributes {
    /// Adds a value; a repeated key (an XES list) becomes an array. Values that would make the metadata too large are
    /// left out.
    pub fn add(&mut self, key: &str, value: Value) {
        let size = json_length(key) + value.as_str().map_or(24, json_length) + 2;
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

    /// Adds a value if its key has none.
    pub fn add_first(&mut self, key: &str, value: Value) {
        if !self.values.contains_key(key) {
            self.add(key, value);
        }
    }

    /// The keys of attributes with text values.
    pub fn text_keys(&self) -> impl Iterator<Item = &str> {
        let texts = self.values.iter().filter(|(_, value)| value.is_string());
        texts.map(|(key, _)| key.as_str())
    }

    /// Removes an attribute and returns it as text, for a separate field.
    pub fn take_text(&mut self, key: &str) -> Option<String> {
        match self.values.remove(key)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    /// A numeric attribute; a text that is a number counts.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.values.get(key)? {
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            other => other.as_f64(),
        }
    }

    /// The attributes as an event's metadata; `None` if there are none.
    pub fn metadata(&self) -> Option<Map<String, Value>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

impl LogEvent {
    /// When it began, or happened.
    pub fn first_moment(&self) -> Timestamp {
        self.began.unwrap_or(self.at)
    }

    /// Sets the start that the log gives.
    pub fn began_at(&mut self, began: Option<Timestamp>) {
        self.began = began.filter(|began| *began <= self.at);
        self.odd_start = began.is_some() && self.began.is_none();
    }
}

/// The length of a text in JSON, including its quotes, in bytes.
pub(super) fn json_length(text: &str) -> usize {
    let of = |byte: u8| match byte {
        b'"' | b'\\' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(of).sum::<usize>() + 2
}
