//! Splitting a body into the texts of single events, without decoding them yet.

use std::{fmt, ops::Range};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::app::{AppError, ErrorCode};

/// The shape of a body, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `application/json`: one event or an array of events.
    Json,
    /// `application/x-ndjson`: one event per line.
    Lines,
    /// `application/cloudevents+json`: one CloudEvent.
    CloudEvent,
    /// `application/cloudevents-batch+json`: an array of CloudEvents.
    CloudEventBatch,
}

impl Shape {
    /// Whether the events are wrapped in CloudEvents.
    pub fn is_cloud_event(self) -> bool {
        matches!(self, Self::CloudEvent | Self::CloudEventBatch)
    }

    /// Finds the first events of a body, and counts all. Lines are split without being parsed, so that a
    /// malformed line affects only itself; any other body must be valid JSON as a whole. Fails if it is not.
    fn open(self, body: &[u8], bounds: SliceBounds) -> Result<Opened, AppError> {
        let start = if body.starts_with(MARK) {
            MARK.len()
        } else {
            0
        };
        let mut opened = Opened {
            first: Slice::new(bounds, start),
            total: 0,
        };
        match self {
            Self::Lines => {
                let mut at = start;
                while let Some(record) = next_line(body, &mut at) {
                    opened.found(record, at);
                }
            }
            Self::Json | Self::CloudEvent | Self::CloudEventBatch => {
                self.open_json(body, start, &mut opened)?;
            }
        }
        Ok(opened)
    }

    fn open_json(self, body: &[u8], start: usize, opened: &mut Opened) -> Result<(), AppError> {
        let array_allowed = self != Self::CloudEvent;
        let object_allowed = self != Self::CloudEventBatch;
        let text = &body[start..];
        match text.trim_ascii_start().first() {
            Some(b'[') if array_allowed => {
                let mut json = serde_json::Deserializer::from_slice(text);
                let items = Items { body, opened };
                json.deserialize_seq(items).map_err(malformed)?;
                json.end().map_err(malformed)
            }
            Some(b'{') if object_allowed => {
                let item: &RawValue = serde_json::from_slice(text).map_err(malformed)?;
                opened.found(place(body, item), body.len());
                Ok(())
            }
            None => Err(
                AppError::new(ErrorCode::MalformedJson, "The body is empty.")
                    .field("body")
                    .fix("Send one event or an array of events."),
            ),
            Some(_) => Err(AppError::new(
                ErrorCode::MalformedJson,
                match (object_allowed, array_allowed) {
                    (true, true) => "The body is neither a JSON object nor a JSON array.",
                    (true, false) => "The body is not one JSON object.",
                    _ => "The body is not a JSON array.",
                },
            )
            .field("body")
            .fix("Send one event or an array of events.")),
        }
    }

    /// The next event from a position on, in a body that is valid as a whole. Moves the position past it.
    fn next(self, body: &[u8], at: &mut usize) -> Option<Range<usize>> {
        if self == Self::Lines {
            return next_line(body, at);
        }
        let between = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b',';
        let skipped = body[*at..].iter().take_while(between).count();
        let text = &body[*at + skipped..];
        let item =
            <&RawValue>::deserialize(&mut serde_json::Deserializer::from_slice(text)).ok()?;
        let record = place(body, item);
        *at = record.end;
        Some(record)
    }
}

/// A byte order mark, which can precede the text.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much of a body is read and stored at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct SliceBounds {
    /// The most events.
    pub events: usize,
    /// No event is added once there are this many bytes.
    pub bytes: usize,
}

/// The positions of consecutive events in a body.
#[derive(Debug)]
struct Slice {
    records: Vec<Range<usize>>,
    bounds: SliceBounds,
    bytes: usize,
    /// The position after the last of them.
    end: usize,
}

impl Slice {
    fn new(bounds: SliceBounds, start: usize) -> Self {
        Self {
            records: Vec::new(),
            bounds,
            bytes: 0,
            end: start,
        }
    }

    fn is_full(&self) -> bool {
        self.records.len() >= self.bounds.events || self.bytes >= self.bounds.bytes
    }

    fn add(&mut self, record: Range<usize>, end: usize) {
        self.bytes += record.len();
        self.records.push(record);
        self.end = end;
    }
}

/// The result of a first pass over a body.
struct Opened {
    first: Slice,
    total: usize,
}

impl Opened {
    fn found(&mut self, record: Range<usize>, end: usize) {
        self.total += 1;
        if !self.first.is_full() {
            self.first.add(record, end);
        }
    }
}

/// The events of a body. Their positions are found slice by slice, because the positions of all of them could
/// take many times the memory of the body.
#[derive(Debug)]
pub(super) struct Records {
    body: Bytes,
    shape: Shape,
    slice: Slice,
    /// The number of events.
    pub total: usize,
}

impl Records {
    /// Makes a first pass over a body, whose first events are the first slice. Fails if the body is malformed
    /// as a whole.
    pub fn open(body: Bytes, shape: Shape, bounds: SliceBounds) -> Result<Self, AppError> {
        let Opened { first, total } = shape.open(&body, bounds)?;
        Ok(Self {
            body,
            shape,
            slice: first,
            total,
        })
    }

    /// The texts of the events of this slice.
    pub fn slice(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.slice
            .records
            .iter()
            .map(|record| &self.body[record.clone()])
    }

    /// Advances to the next slice, which is empty at the end.
    pub fn advance(&mut self) {
        let mut at = self.slice.end;
        let mut next = Slice::new(self.slice.bounds, at);
        while !next.is_full() {
            let Some(record) = self.shape.next(&self.body, &mut at) else {
                break;
            };
            next.add(record, at);
        }
        self.slice = next;
    }
}

/// The next non-blank line, without surrounding white space.
fn next_line(body: &[u8], at: &mut usize) -> Option<Range<usize>> {
    while *at < body.len() {
        let rest = &body[*at..];
        let length = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(rest.len());
        let start = *at;
        *at = (start + length + 1).min(body.len());
        let line = rest[..length].trim_ascii_start();
        let from = start + length - line.len();
        let line = line.trim_ascii_end();
        if !line.is_empty() {
            return Some(from..from + line.len());
        }
    }
    None
}

/// The position of a value in the body.
fn place(body: &[u8], value: &RawValue) -> Range<usize> {
    let text = value.get();
    let from = text.as_ptr() as usize - body.as_ptr() as usize;
    from..from + text.len()
}

/// Finds the items of an array.
struct Items<'a> {
    body: &'a [u8],
    opened: &'a mut Opened,
}

impl<'a> Visitor<'a> for Items<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<&'a RawValue>()? {
            let record = place(self.body, item);
            let end = record.end;
            self.opened.found(record, end);
        }
        Ok(())
    }
}

fn malformed(error: serde_json::Error) -> AppError {
    AppError::new(
        ErrorCode::MalformedJson,
        format!("The body is not valid JSON: {error}. Nothing was stored."),
    )
    .field("body")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a body, after checking that slices of any size give the same ones.
    fn split(shape: Shape, body: &[u8]) -> Result<Vec<String>, ErrorCode> {
        let whole = split_by(shape, body, 1_000, usize::MAX)?;
        for (events, bytes) in [(1, usize::MAX), (2, usize::MAX), (1_000, 1), (1_000, 8)] {
            assert_eq!(split_by(shape, body, events, bytes).unwrap(), whole);
        }
        Ok(whole)
    }

    fn split_by(
        shape: Shape,
        body: &[u8],
        events: usize,
        bytes: usize,
    ) -> Result<Vec<String>, ErrorCode> {
        let bounds = SliceBounds { events, bytes };
        let body = Bytes::copy_from_slice(body);
        let mut records = Records::open(body, shape, bounds).map_err(|error| error.code)?;
        let mut texts = Vec::new();
        while records.slice().len() > 0 {
            assert!(records.slice().len() <= events);
            let slice = records.slice().map(String::from_utf8_lossy);
            texts.extend(slice.map(String::from));
            records.advance();
        }
        assert_eq!(texts.len(), records.total);
        Ok(texts)
    }

    #[test]
    fn an_object_is_one_event_and_an_array_is_many() {
        let one = split(Shape::Json, b" {\"a\":1} ").unwrap();
        assert_eq!(one, ["{\"a\":1}"]);
        let many = split(Shape::Json, b"[{\"a\":1}, 7,\n{\"b\":[2]}]").unwrap();
        assert_eq!(many, ["{\"a\":1}", "7", "{\"b\":[2]}"]);
        assert!(split(Shape::Json, b"[]").unwrap().is_empty());
    }

    #[test]
    fn lines_are_split_whatever_they_contain() {
        let cut = split(Shape::Lines, b"{\"a\":1}\r\n\n  \n{broken\n{\"b\":2").unwrap();
        assert_eq!(cut, ["{\"a\":1}", "{broken", "{\"b\":2"]);
        assert!(split(Shape::Lines, b"").unwrap().is_empty());
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(split(Shape::Json, b"\xEF\xBB\xBF{}").unwrap(), ["{}"]);
        assert_eq!(split(Shape::Lines, b"\xEF\xBB\xBF{}\n").unwrap(), ["{}"]);
    }

    #[test]
    fn a_body_that_is_not_json_is_malformed_as_a_whole() {
        for body in [
            &b""[..],
            b"  ",
            b"42",
            b"\"text\"",
            b"{\"a\":",
            b"[{}",
            b"{}{}",
            b"[\xFF]",
        ] {
            assert_eq!(
                split(Shape::Json, body),
                Err(ErrorCode::MalformedJson),
                "{body:?}"
            );
        }
    }

    #[test]
    fn a_cloud_event_is_an_object_and_a_batch_is_an_array() {
        assert_eq!(split(Shape::CloudEvent, b"{}").unwrap(), ["{}"]);
        assert_eq!(
            split(Shape::CloudEvent, b"[{}]"),
            Err(ErrorCode::MalformedJson)
        );
        assert_eq!(split(Shape::CloudEventBatch, b"[{}]").unwrap(), ["{}"]);
        assert_eq!(
            split(Shape::CloudEventBatch, b"{}"),
            Err(ErrorCode::MalformedJson)
        );
    }
}
