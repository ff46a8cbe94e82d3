use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use weir_meta::Who;

use super::super::{
    Shared,
    auth::{InProject, SendEvents},
    body,
    environment::OneEnvironment,
    headers::text,
    origin::CameFrom,
    problem::{Refused, WriteProblems},
};
use crate::app::{
    AppError, ErrorCode,
    intake::{Delivery, Encoding, Outcome, Sender, Shape},
    live::SyncReport,
};

const SOURCE: HeaderName = HeaderName::from_static("weir-source");
const SYNC: HeaderName = HeaderName::from_static("weir-sync");
const SOURCE_BYTES: usize = 128;

/// Sends events.
///
/// The body is one event, an array of events, NDJSON, a CloudEvent or a batch of CloudEvents, optionally
/// compressed with gzip or zstd (`Content-Encoding`). Valid events are stored even if others in the body are
/// rejected. Accepted events are durable when the request is answered. It is safe to send the same events
/// again: they count once. If the key is bound to an environment, its events belong to that environment, and
/// events that name another are rejected. `Weir-Source` names the source of the events in completeness
/// figures; the default is `http`.
#[utoipa::path(
    post, path = "/api/v1/events", tag = "events", operation_id = "sendEvents",
    params(
        ("projectId" = Option<String>, Query, description = "UUID of the project; required only if the key has access to several."),
        ("Weir-Source" = Option<String>, Header, description = "The name of the source, at most 128 visible ASCII characters."),
        ("Weir-Sync" = Option<String>, Header, description = "The progress of the import or synchronisation that the events belong to, for live streams: `id=nightly; current=1200; total=50000; unit=events` (or `bytes`)."),
        ("Content-Encoding" = Option<String>, Header, description = "gzip, zstd or identity."),
    ),
    request_body(
        description = "The events. By default, a body can have up to 32 MiB as sent and up to 256 MiB decompressed. Decompressed bodies larger than 1 MiB can be at most 200 times as large as sent.",
        content(
            (crate::http::document::EventInput = "application/json"),
            (String = "application/x-ndjson"),
            (serde_json::Value = "application/cloudevents+json"),
            (Vec<serde_json::Value> = "application/cloudevents-batch+json"),
        ),
    ),
    responses(
        (status = 200, description = "At least one event is stored, by this request or an earlier one.", body = Outcome),
        (status = 422, description = "Every event was rejected; `errors` gives the reasons.", body = Outcome),
        WriteProblems,
    ),
    security(("key" = ["ingest"])),
)]
pub(in crate::http) async fn send_events(
    caller: InProject<SendEvents, OneEnvironment>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Outcome>), Refused> {
    let shape = Shape::parse(text(&headers, &header::CONTENT_TYPE))?;
    let encoding = Encoding::parse(text(&headers, &header::CONTENT_ENCODING))?;
    let source = source(&headers)?;
    let sync = text(&headers, &SYNC).map(SyncReport::parse).transpose()?;
    let bounds = app.intake.settings();
    let arrival = body::Arrival {
        limit: bounds.body_bytes,
        within: bounds.body_timeout,
        rate: bounds.body_rate,
        window: body::WINDOW,
    };
    let share = app.intake.share(Sender {
        key: match caller.principal.who() {
            Who::Key { id, .. } => Some(*id),
            Who::Person(_) | Who::Operator => None,
        },
        address: origin.address,
    });
    let body = body::read(&headers, body, arrival, share).await?;
    let outcome = app
        .take_events(Delivery {
            scope: caller.scope,
            environment: caller.principal.environment().map(Into::into),
            source,
            shape,
            encoding,
            sync,
            body,
        })
        .await?;
    let all_rejected = outcome.rejected > 0 && outcome.accepted + outcome.duplicates == 0;
    let status = match all_rejected {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok((status, Json(outcome)))
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
    fn the_source_is_http_unless_the_header_names_another() {
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
}
