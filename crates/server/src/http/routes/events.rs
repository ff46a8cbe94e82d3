use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use weir_meta::Who;

use super::super::{
    Shared,
    auth::{InProject, SendEvents},
    body,
    environment::OneEnvironment,
    event_headers::{self, EventHeaders},
    origin::CameFrom,
    problem::{Refused, WriteProblems},
};
use crate::app::intake::{Delivery, Outcome, Sender};

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
    let EventHeaders {
        shape,
        encoding,
        source,
        sync,
    } = EventHeaders::read(&headers)?;
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
        .await
        .map_err(event_headers::explained)?;
    let all_rejected = outcome.rejected > 0 && outcome.accepted + outcome.duplicates == 0;
    let status = match all_rejected {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok((status, Json(outcome)))
}
