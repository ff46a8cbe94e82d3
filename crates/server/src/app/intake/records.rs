//! Cutting a body into the texts of single events, without reading them yet.

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

    /// The texts of the events in order. Lines are cut and not looked into, so that a broken line
    /// costs only itself; anything else must be JSON as a whole.
    pub fn split(self, body: &[u8]) -> Result<Vec<&[u8]>, AppError> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        match self {
            Self::Lines => Ok(lines(body)),
            Self::Json | Self::CloudEvent | Self::CloudEventBatch => self.split_json(body),
        }
    }

    fn split_json(self, body: &[u8]) -> Result<Vec<&[u8]>, AppError> {
        let array_allowed = self != Self::CloudEvent;
        let object_allowed = self != Self::CloudEventBatch;
        match body.trim_ascii_start().first() {
            Some(b'[') if array_allowed => {
                let items: Vec<&RawValue> = serde_json::from_slice(body).map_err(malformed)?;
                Ok(items
                    .into_iter()
                    .map(|item| item.get().as_bytes())
                    .collect())
            }
            Some(b'{') if object_allowed => {
                let item: &RawValue = serde_json::from_slice(body).map_err(malformed)?;
                Ok(vec![item.get().as_bytes()])
            }
            None => Err(
                AppError::new(ErrorCode::MalformedJson, "The body is empty.")
                    .fix("Send one event or an array of events."),
            ),
            Some(_) => Err(AppError::new(
                ErrorCode::MalformedJson,
                match (object_allowed, array_allowed) {
                    (true, true) => "The body is neither a JSON object nor a JSON array.",
                    (true, false) => "The body is not one JSON object.",
                    _ => "The body is not a JSON array.",
                },
            )),
        }
    }
}

/// Lines that hold something, without the white space around them.
fn lines(body: &[u8]) -> Vec<&[u8]> {
    body.split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .collect()
}

fn malformed(error: serde_json::Error) -> AppError {
    AppError::new(
        ErrorCode::MalformedJson,
        format!("The body is not valid JSON: {error}. Nothing was taken."),
    )
    .fix("For one event a line send Content-Type: application/x-ndjson.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(shape: Shape, body: &[u8]) -> Result<Vec<String>, ErrorCode> {
        let records = shape.split(body).map_err(|error| error.code)?;
        Ok(records
            .into_iter()
            .map(|record| String::from_utf8_lossy(record).into_owned())
            .collect())
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
