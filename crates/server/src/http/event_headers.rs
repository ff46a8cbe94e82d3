//! What the headers of a request say about the events in its body.

use std::{collections::HashMap, sync::Arc};

use axum::http::{HeaderMap, HeaderName, header};

use super::headers::text;
use crate::app::{
    AppError, ErrorCode,
    intake::{Encoding, Shape},
    live::{SyncReport, SyncUnit},
};

const SOURCE: HeaderName = HeaderName::from_static("weir-source");
const SYNC: HeaderName = HeaderName::from_static("weir-sync");
/// The longest name of a source, in bytes.
const SOURCE_BYTES: usize = 128;
/// The longest id of a sync, in bytes.
const SYNC_ID_BYTES: usize = 128;
/// The supported media types, as a refusal lists them.
const MEDIA_TYPES: &str = "application/json, application/x-ndjson, application/cloudevents+json or \
                           application/cloudevents-batch+json";

/// The headers of a request with events.
#[derive(Debug)]
pub(super) struct EventHeaders {
    /// What `Content-Type` says.
    pub shape: Shape,
    /// What `Content-Encoding` says.
    pub encoding: Encoding,
    /// What `Weir-Source` says; `http` without it.
    pub source: Arc<str>,
    /// What `Weir-Sync` says.
    pub sync: Option<SyncReport>,
}

impl EventHeaders {
    /// Reads the headers. Fails if one of them is malformed or names something unsupported.
    pub fn read(headers: &HeaderMap) -> Result<Self, AppError> {
        Ok(Self {
            shape: shape(text(headers, &header::CONTENT_TYPE))?,
            encoding: encoding(text(headers, &header::CONTENT_ENCODING))?,
            source: source(headers)?,
            sync: text(headers, &SYNC).map(sync).transpose()?,
        })
    }
}

/// Names the header that is at fault when a body cannot be read.
pub(super) fn explained(error: AppError) -> AppError {
    match error.code {
        ErrorCode::InvalidEncoding => error
            .field("Content-Encoding")
            .fix("Compress the whole body, or omit Content-Encoding. Nothing was stored."),
        ErrorCode::MalformedJson if error.fix.is_none() => {
            error.fix("To send one event per line, use Content-Type: application/x-ndjson.")
        }
        _ => error,
    }
}

fn shape(media_type: Option<&str>) -> Result<Shape, AppError> {
    let essence = media_type
        .and_then(|value| value.split(';').next())
        .unwrap_or("");
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Shape::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Shape::Lines),
        "application/cloudevents+json" => Ok(Shape::CloudEvent),
        "application/cloudevents-batch+json" => Ok(Shape::CloudEventBatch),
        other => Err(AppError::new(
            ErrorCode::UnsupportedMediaType,
            format!("Events cannot be sent as {other:?}."),
        )
        .field("Content-Type")
        .fix(format!("Send {MEDIA_TYPES}."))),
    }
}

/// Only a single coding: no client stacks them.
fn encoding(coding: Option<&str>) -> Result<Encoding, AppError> {
    match coding
        .map(|value| value.trim().to_ascii_lowercase())
        .as_deref()
    {
        None | Some("" | "identity") => Ok(Encoding::Identity),
        Some("gzip" | "x-gzip") => Ok(Encoding::Gzip),
        Some("zstd") => Ok(Encoding::Zstd),
        Some(other) => Err(AppError::new(
            ErrorCode::UnsupportedEncoding,
            format!("The content encoding {other:?} is not supported."),
        )
        .field("Content-Encoding")
        .fix("Use gzip, zstd or none.")),
    }
}

fn source(headers: &HeaderMap) -> Result<Arc<str>, AppError> {
    let Some(value) = headers.get(SOURCE) else {
        return Ok("http".into());
    };
    let visible = |byte: u8| (b' '..=b'~').contains(&byte);
    match value.to_str().map(str::trim) {
        Ok(name) if (1..=SOURCE_BYTES).contains(&name.len()) && name.bytes().all(visible) => {
            Ok(name.into())
        }
        _ => Err(AppError::new(
            ErrorCode::InvalidParameter,
            "Weir-Source must be 1 to 128 visible ASCII characters.",
        )
        .field("Weir-Source")),
    }
}

/// Reads `id=nightly; current=1200; total=50000; unit=events`; the unit is events if omitted.
fn sync(text: &str) -> Result<SyncReport, AppError> {
    let mut parts = HashMap::new();
    for part in text.split(';') {
        let (name, value) = part.split_once('=').ok_or_else(malformed_sync)?;
        parts.insert(name.trim(), value.trim());
    }
    let number = |name| parts.get(name).and_then(|text| text.parse::<u64>().ok());
    let id = parts.get("id").copied().filter(|id| is_harmless(id));
    let unit = match parts.get("unit").copied() {
        None | Some("events") => Some(SyncUnit::Events),
        Some("bytes") => Some(SyncUnit::Bytes),
        Some(_) => None,
    };
    let known = |name: &&str| ["id", "current", "total", "unit"].contains(name);
    match (id, number("current"), number("total"), unit) {
        (Some(id), Some(current), Some(total), Some(unit))
            if current <= total && parts.keys().all(known) =>
        {
            Ok(SyncReport {
                id: id.to_owned(),
                current,
                total,
                unit,
            })
        }
        _ => Err(malformed_sync()),
    }
}

fn is_harmless(id: &str) -> bool {
    (1..=SYNC_ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn malformed_sync() -> AppError {
    let detail = "Weir-Sync does not state the progress of a sync.";
    AppError::new(ErrorCode::InvalidParameter, detail)
        .field("Weir-Sync")
        .fix(
            "id=nightly; current=1200; total=50000; unit=events (or bytes), with current <= total.",
        )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn source_of(value: Option<&str>) -> Result<String, ErrorCode> {
        let mut headers = HeaderMap::new();
        if let Some(value) = value {
            headers.insert(SOURCE, HeaderValue::from_str(value).unwrap());
        }
        source(&headers)
            .map(|name| name.to_string())
            .map_err(|error| error.code)
    }

    #[test]
    fn the_source_is_http_unless_the_sender_names_another() {
        assert_eq!(source_of(None).unwrap(), "http");
        assert_eq!(
            source_of(Some("import:log file.xes")).unwrap(),
            "import:log file.xes"
        );
        for bad in ["", " ", "tab\tin it", &"x".repeat(129)] {
            assert_eq!(
                source_of(Some(bad)),
                Err(ErrorCode::InvalidParameter),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_sync_report_is_read_and_a_malformed_one_is_refused() {
        let read = sync("id=a-1; current=5; total=10; unit=bytes").unwrap();
        assert_eq!(
            (read.current, read.total, read.unit),
            (5, 10, SyncUnit::Bytes)
        );
        for bad in [
            "",
            "id=a",
            "id=; current=1; total=2",
            "id=a; current=3; total=2",
            "id=a; current=-1; total=2",
            "id=a; current=1; total=2; unit=miles",
            "id=a; current=1; total=2; speed=3",
            "id=a b; current=1; total=2",
        ] {
            let error = sync(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidParameter, "{bad:?}");
        }
    }

    #[test]
    fn an_unknown_encoding_is_refused_and_case_is_ignored() {
        let error = encoding(Some("br")).unwrap_err();
        assert_eq!(error.code, ErrorCode::UnsupportedEncoding);
        assert_eq!(encoding(Some(" GZIP ")).unwrap(), Encoding::Gzip);
        assert_eq!(encoding(None).unwrap(), Encoding::Identity);
    }

    #[test]
    fn media_types_are_read_without_parameters_and_case() {
        let parsed = shape(Some("Application/JSON; charset=utf-8")).unwrap();
        assert_eq!(parsed, Shape::Json);
        assert_eq!(shape(Some("application/x-ndjson")).unwrap(), Shape::Lines);
        for bad in [
            None,
            Some(""),
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
        ] {
            let error = shape(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::UnsupportedMediaType, "{bad:?}");
        }
    }
}
