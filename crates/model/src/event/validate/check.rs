//! Checks of single fields: limits, formats, redaction.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::super::{
    EventError, EventErrorCode as Code, EventType,
    text::{Moment, Text, Whole},
};
use crate::{
    Decimal, ExecutionHash, ExecutionId, Timestamp, decimal::SCALE, redact::Redactor,
    sketch::MAX_VALUE,
};

/// Limits on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest id or short text, in bytes.
    pub text_bytes: usize,
    /// The longest error message, in bytes; the rest is cut off.
    pub message_bytes: usize,
    /// The largest `metadata`, in bytes as sent.
    pub metadata_bytes: usize,
    /// The earliest time accepted.
    pub oldest: Timestamp,
    /// How far ahead of the server's clock a time can be, in milliseconds.
    pub ahead: i64,
}

impl Default for Limits {
    /// 256 bytes of text, 8 KiB of message, 16 KiB of metadata; from 2000-01-01 to one day ahead.
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

/// The largest count or size.
const MAX_COUNT: i64 = 1 << 53;
/// The largest amount, in whole units: sums over a billion such events stay exact.
const MAX_AMOUNT: i64 = 10_000_000;
/// The years 2000 to 2100 in epoch seconds, which a producer may have sent instead of milliseconds.
const EPOCH_SECONDS: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// Numbers with at most this many digits fit into a 64-bit float.
const MOST_DIGITS: u32 = 300;

pub(super) type Checked<T> = Result<T, EventError>;

/// What fields are checked against.
#[derive(Clone, Copy, Debug)]
pub(in crate::event) struct Check<'a> {
    pub limits: &'a Limits,
    pub redactor: &'a Redactor,
    /// The only environment that events can belong to.
    pub environment: Option<&'a str>,
    pub now: Timestamp,
}

impl Check<'_> {
    pub(super) fn needed(
        &self,
        field: &'static str,
        value: &Option<Text>,
        event_type: EventType,
    ) -> Checked<String> {
        self.text(field, value)?
            .ok_or_else(|| missing(field, event_type))
    }

    /// A short text; empty text counts as absent.
    pub(super) fn text(
        &self,
        field: &'static str,
        value: &Option<Text>,
    ) -> Checked<Option<String>> {
        let Some(Text(text)) = value else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(None);
        }
        let most = self.limits.text_bytes;
        if text.len() > most {
            let detail = format!(
                "{field} has {} bytes; at most {most} are allowed",
                text.len()
            );
            return Err(EventError::new(Code::InvalidText, field, detail));
        }
        if has_control(text) {
            let detail = format!("{field} contains a control character");
            return Err(EventError::new(Code::InvalidText, field, detail));
        }
        Ok(Some(text.to_string()))
    }

    /// The public id of an execution.
    pub(super) fn execution_id(
        &self,
        field: &'static str,
        value: &Option<Text>,
    ) -> Checked<Option<ExecutionHash>> {
        let Some(text) = self.text(field, value)? else {
            return Ok(None);
        };
        let id: Result<ExecutionId, _> = text.parse();
        id.map(|id| Some(id.hash())).map_err(|_| {
            let detail = format!(
                "{field} is not an execution id; send the id that /api/v1/executions returns"
            );
            EventError::new(Code::UnknownValue, field, detail)
        })
    }

    /// A short text that describes something and does not identify it, without sensitive values.
    pub(super) fn attribute(
        &self,
        field: &'static str,
        value: &Option<Text>,
    ) -> Checked<Option<String>> {
        let text = self.text(field, value)?;
        let most = self.limits.text_bytes;
        Ok(text.map(|text| match self.redactor.text(&text) {
            Cow::Owned(redacted) => cut(redacted, most),
            Cow::Borrowed(_) => text,
        }))
    }

    /// An error message, redacted and then cut to its limit. It is never a reason to reject the
    /// event.
    pub(super) fn message(&self, value: &Option<Text>) -> Option<String> {
        let text = value.as_ref()?.0.as_ref();
        if text.is_empty() {
            return None;
        }
        let redacted = self.redactor.text(text).replace('\0', " ");
        Some(cut(redacted, self.limits.message_bytes))
    }

    pub(super) fn word<T: Copy>(
        &self,
        field: &'static str,
        value: &Option<Text>,
        all: &'static [T],
        name: fn(T) -> &'static str,
    ) -> Checked<T> {
        let words = || all.iter().map(|&v| name(v)).collect::<Vec<_>>().join(", ");
        let Some(Text(given)) = value else {
            let detail = format!("{field} is required: one of {}", words());
            return Err(EventError::new(Code::MissingField, field, detail));
        };
        let found = all.iter().copied().find(|&v| name(v) == given.as_ref());
        found.ok_or_else(|| {
            let shown: String = given.chars().take(40).collect();
            let detail = format!("{field} is {shown:?}; it must be one of {}", words());
            EventError::new(Code::UnknownValue, field, detail)
        })
    }

    fn whole(&self, field: &'static str, value: Option<Whole>, most: i64) -> Checked<Option<i64>> {
        match value {
            Some(Whole(number)) if number < 0 => {
                let detail = format!("{field} is {number}; it cannot be negative");
                Err(EventError::new(Code::OutOfRange, field, detail))
            }
            Some(Whole(number)) if number > most => {
                let detail = format!("{field} is {number}; it can be at most {most}");
                Err(EventError::new(Code::OutOfRange, field, detail))
            }
            other => Ok(other.map(|Whole(number)| number)),
        }
    }

    pub(super) fn duration(
        &self,
        field: &'static str,
        value: Option<Whole>,
    ) -> Checked<Option<i64>> {
        self.whole(field, value, MAX_VALUE)
    }

    pub(super) fn count(&self, field: &'static str, value: Option<Whole>) -> Checked<Option<i64>> {
        self.whole(field, value, MAX_COUNT)
    }

    pub(super) fn amount(
        &self,
        field: &'static str,
        value: Option<&RawValue>,
    ) -> Checked<Option<Decimal>> {
        let Some(text) = value.map(RawValue::get).filter(|text| *text != "null") else {
            return Ok(None);
        };
        let text = text.trim_matches('"');
        let beyond = || {
            let detail = format!("{field} must be between -{MAX_AMOUNT} and {MAX_AMOUNT}");
            EventError::new(Code::OutOfRange, field, detail)
        };
        let amount = Decimal::parse(text).ok_or_else(|| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => beyond(),
            _ => {
                let detail = format!("{field} must be a decimal number, such as 0.25");
                EventError::new(Code::WrongType, field, detail)
            }
        })?;
        if amount.0.abs() > MAX_AMOUNT * SCALE {
            return Err(beyond());
        }
        Ok(Some(amount))
    }

    pub(super) fn moment(
        &self,
        field: &'static str,
        value: Option<Moment>,
    ) -> Checked<Option<Timestamp>> {
        let Some(Moment(moment)) = value else {
            return Ok(None);
        };
        let limits = self.limits;
        if moment < limits.oldest {
            let hint = match EPOCH_SECONDS.contains(&moment.0) {
                true => "; if these are epoch seconds, send milliseconds",
                false => "",
            };
            let detail = format!(
                "{field} is {moment}; the earliest allowed time is {}{hint}",
                limits.oldest
            );
            return Err(EventError::new(Code::TimestampTooOld, field, detail));
        }
        if moment > self.now.plus(limits.ahead) {
            let detail = format!(
                "{field} is {moment}; the latest allowed time is {}, a day ahead of the server's clock",
                self.now.plus(limits.ahead)
            );
            return Err(EventError::new(Code::TimestampTooFarAhead, field, detail));
        }
        Ok(Some(moment))
    }

    pub(super) fn metadata(&self, value: Option<&RawValue>) -> Checked<Option<String>> {
        let Some(text) = value.map(RawValue::get).filter(|text| *text != "null") else {
            return Ok(None);
        };
        let most = self.limits.metadata_bytes;
        if text.len() > most {
            let detail = format!(
                "metadata has {} bytes; at most {most} are allowed",
                text.len()
            );
            return Err(EventError::new(Code::MetadataTooLarge, "metadata", detail));
        }
        if !text.starts_with('{') {
            let detail = "metadata must be a JSON object";
            return Err(EventError::new(Code::WrongType, "metadata", detail));
        }
        if is_doubtful(text) && serde_json::from_str::<serde_json::Value>(text).is_err() {
            let detail =
                "metadata contains a number that is too large, or half of a surrogate pair";
            return Err(EventError::new(Code::MalformedJson, "metadata", detail));
        }
        Ok(Some(self.redactor.json(text)))
    }
}

pub(super) fn missing(field: &'static str, event_type: EventType) -> EventError {
    let name = event_type.name();
    EventError::new(
        Code::MissingField,
        field,
        format!("{field} is required for events of type {name}"),
    )
}

/// The text, cut to at most `most` bytes.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
    text
}

/// Whether valid JSON may contain something that cannot be read later: half of a surrogate pair, or
/// a number beyond the range of a 64-bit float. Few texts need a closer look.
fn is_doubtful(json: &str) -> bool {
    let mut digits = 0;
    let mut before = b' ';
    json.bytes().any(|byte| {
        let escaped = before == b'\\' && byte == b'u';
        let exponent = before.is_ascii_digit() && matches!(byte, b'e' | b'E');
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        before = byte;
        escaped || exponent || digits > MOST_DIGITS
    })
}

/// Whether a text contains a control character (C0, DEL or C1). Most texts are ASCII, whose bytes are enough.
fn has_control(text: &str) -> bool {
    match text.is_ascii() {
        true => text.bytes().any(|byte| byte.is_ascii_control()),
        false => text.chars().any(char::is_control),
    }
}
