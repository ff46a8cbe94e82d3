//! Streams of server-sent events: headers, ids, and their end.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};

use super::{
    Shared,
    auth::{Follow, Somewhere},
    outflow::paced,
};
use crate::{
    app::{AppError, ErrorCode, live::Message},
    net::Outflow,
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells proxies not to buffer the stream.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The id of the last event that the client received: the header that a browser sends when it reconnects, or
/// the parameter for clients that cannot send headers. An empty one counts as absent.
pub(super) fn last_id(headers: &HeaderMap, parameter: Option<String>) -> Option<String> {
    let header = headers
        .get(LAST_EVENT_ID)
        .and_then(|value| value.to_str().ok());
    header
        .map(str::to_owned)
        .or(parameter)
        .filter(|id| !id.trim().is_empty())
}

/// Whether the client polls for JSON. All others get a stream.
pub(super) fn polls(headers: &HeaderMap) -> bool {
    let mut accepted = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let json =
        |value: &str| value.contains("application/json") && !value.contains("text/event-stream");
    accepted.any(json)
}

/// Suggests polling to a client that finds no place among the streams.
pub(super) fn or_poll(error: AppError) -> AppError {
    match (error.code, &error.fix) {
        (ErrorCode::Busy, None) => {
            error.fix("Poll instead: send Accept: application/json from time to time.")
        }
        _ => error,
    }
}

/// An answer that ends when the caller loses the permission, or when the server stops. `parts` is the
/// request, which is authenticated again from time to time.
pub(super) fn stream(
    app: &Shared,
    parts: Parts,
    news: impl Stream<Item = Message> + Send + 'static,
) -> Response {
    let retry = Event::default().retry(app.live_retry());
    // Without a connection, as in tests, nothing reports what was sent.
    let outflow = parts.extensions.get::<Outflow>().cloned();
    let news = match outflow {
        Some(outflow) => {
            outflow.narrow();
            paced(news, outflow, app.live_waiting_bytes()).left_stream()
        }
        None => news.right_stream(),
    };
    let events = stream::once(async move { retry }).chain(news.map(event));
    let allowed = events.take_until(refused(Shared::clone(app), parts));
    let mut response = Sse::new(allowed.map(Ok::<_, Infallible>)).into_response();
    let headers = response.headers_mut();
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-transform"),
    );
    response
}

fn event(message: Message) -> Event {
    Event::default()
        .id(message.id)
        .event(message.event)
        .data(message.data)
}

/// Waits until the request would be refused, for example because its key was revoked or its session ended. It
/// checks as soon as any permissions change, and from time to time in case another process changed them.
async fn refused(app: Shared, mut parts: Parts) {
    let every: Duration = app.live_check_interval();
    let mut changes = app.rights_changes();
    loop {
        // It does not matter which of the two ended the wait.
        let _ = tokio::time::timeout(every, changes.changed()).await;
        // Its state is large and rarely needed: a waiting stream should not hold it.
        let caller = Box::pin(Somewhere::<Follow>::from_request_parts(&mut parts, &app)).await;
        let lost = [
            ErrorCode::Unauthenticated,
            ErrorCode::MissingScope,
            ErrorCode::MissingPermission,
        ];
        if caller.is_err_and(|refused| lost.contains(&refused.error().code)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_header_precedes_the_parameter_and_an_empty_id_is_absent() {
        let given = headers(LAST_EVENT_ID, "12");
        assert_eq!(last_id(&given, Some("7".to_owned())).as_deref(), Some("12"));
        let none = HeaderMap::new();
        assert_eq!(last_id(&none, Some("7".to_owned())).as_deref(), Some("7"));
        assert_eq!(last_id(&headers(LAST_EVENT_ID, " "), None), None);
        assert_eq!(last_id(&none, None), None);
    }

    #[test]
    fn only_a_client_that_accepts_json_but_no_stream_polls() {
        assert!(polls(&headers(header::ACCEPT, "application/json")));
        for streams in [
            "text/event-stream",
            "*/*",
            "application/json, text/event-stream",
        ] {
            assert!(!polls(&headers(header::ACCEPT, streams)), "{streams}");
        }
        assert!(!polls(&HeaderMap::new()));
    }
}
