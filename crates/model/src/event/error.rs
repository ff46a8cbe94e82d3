//! Why an event is rejected.

use serde::{Deserialize, Serialize};

/// Why an event was rejected: a closed set of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventErrorCode {
    /// The bytes are not a JSON object.
    MalformedJson,
    /// A field that the type requires is absent.
    MissingField,
    /// A field has the wrong JSON type.
    WrongType,
    /// A value is not in the list of allowed ones, for example of `type` or `status`.
    UnknownValue,
    /// A number is negative or too large.
    OutOfRange,
    /// A text is longer than allowed, or contains a control character.
    InvalidText,
    /// `metadata` is larger than allowed.
    MetadataTooLarge,
    /// The time is before the year 2000.
    TimestampTooOld,
    /// The time is more than a day ahead of the server's clock.
    TimestampTooFarAhead,
    /// The API key is bound to another environment.
    EnvironmentBound,
}

impl EventErrorCode {
    /// The code in API responses.
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

/// Why one event was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct EventError {
    /// The error code.
    pub code: EventErrorCode,
    /// The name of the offending field, in camelCase.
    pub field: Option<String>,
    /// What is wrong, and what would be right.
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
