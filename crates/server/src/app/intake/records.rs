//! Cutting a body into the texts of single events, without reading them yet.

use std::{fmt, ops::Range};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::app::{AppError, ErrorCode};

/// The shapes a body may have, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `application/json`: one event or an array of events.
    Json,
    /// `application/x-ndjson`: one event a line.
    Lines,
    /// `application/cloudevents+json`: one CloudEvent.
    CloudEvent,
    /// `application/cloudevents-batch+json`: an array of CloudEvents.
    CloudEventBatch,
}

/// The media types taken, as a refusal lists them.
const TAKEN: &str = "application/json, application/x-ndjson, application/cloudevents+json or \
                     application/cloudevents-batch+json";

impl Shape {
    /// Reads a `Content-Type`.
    pub fn parse(header: Option<&str>) -> Result<Self, AppError> {
        let essence = header
            .and_then(|value| value.split(';').next())
            .unwrap_or("");
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Self::Lines),
            "application/cloudevents+json" => Ok(Self::CloudEvent),
            "application/cloudevents-batch+json" => Ok(Self::CloudEventBatch),
            other => Err(AppError::new(
                ErrorCode::UnsupportedMediaType,
                format!("Events do not come as {other:?}."),
            )
            .field("Content-Type")
            .fix(format!("Send {TAKEN}."))),
        }
    }

    /// Whether the events are wrapped in CloudEvents.
    pub fn is_cloud_event(self) -> bool {
        matches!(self, Self::CloudEvent | Self::CloudEventBatch)
    }

    /// Where the first events of a body stand, and how many there are. Lines are cut and not looked into,
    /// so that a broken line costs only itself; anything else must be JSON as a whole.
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

    /// The next event behind a place, of a body that is good as a whole; the place moves behind it.
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

/// What may stand in front of a text.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much of a body is read and stored at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct SliceBounds {
    /// The most events.
    pub events: usize,
    /// The bytes from which on no other event is added.
    pub bytes: usize,
}

/// Where some events of a body stand, one after another.
#[derive(Debug)]
struct Slice {
    records: Vec<Range<usize>>,
    bounds: SliceBounds,
    bytes: usize,
    /// The place behind the last of them.
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

/// What is known of a body after a first look.
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

/// The events of a body. Where they stand is found out slice by slice: to write it down for all of them
/// could take many times the memory of the body.
#[derive(Debug)]
pub(super) struct Records {
    body: Bytes,
    shape: Shape,
    slice: Slice,
    /// How many there are.
    pub total: usize,
}

impl Records {
    /// Looks through a body. Its first events are the first slice.
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

    /// Goes on to the next slice, which is empty at the end.
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

/// The next line that holds something, without the white space around it.
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

/// Where a value of the body stands in it.
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
        format!("The body is not valid JSON: {error}. Nothing was taken."),
    )
    .field("body")
    .fix("For one event a line send Content-Type: application/x-ndjson.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a body, which is cut into slices of several sizes with the same result.
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
    fn lines_are_cut_whatever_they_hold() {
        let cut = split(Shape::Lines, b"{\"a\":1}\r\n\n  \n{broken\n{\"b\":2").unwrap();
        assert_eq!(cut, ["{\"a\":1}", "{broken", "{\"b\":2"]);
        assert!(split(Shape::Lines, b"").unwrap().is_empty());
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(split(Shape::Json, b"\xEF\xBB\xBF{}").unwrap(), ["{}"]);
        assert_eq!(split(Shape::Lines, b"\xEF\xBB\xBF{}\n").unwrap(), ["{}"]);
    }

    #[test]
    fn a_body_that_is_no_json_is_malformed_as_a_whole() {
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

    #[test]
    fn media_types_are_read_without_parameters_and_case() {
        let parsed = Shape::parse(Some("Application/JSON; charset=utf-8")).unwrap();
        assert_eq!(parsed, Shape::Json);
        assert_eq!(
            Shape::parse(Some("application/x-ndjson")).unwrap(),
            Shape::Lines
        );
        for bad in [
            None,
            Some(""),
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ] {
            let error = Shape::parse(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::UnsupportedMediaType, "{bad:?}");
        }
    }
}
