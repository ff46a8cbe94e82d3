//! The frame around every handler: the request's id, trace span, telemetry and deadline, the rendering of
//! refusals, and the headers that every answer carries.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::{
    Shared, headers,
    meter::Meter,
    origin,
    problem::{self, Refused},
};
use crate::{
    app::{App, AppError, ErrorCode},
    net::HEAD_BYTES,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer than any body or query is allowed to take: a request that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(300);

pub(super) async fn frame(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let mut request = refreshed(request);
    let trusted = &app.settings.trusted_proxies;
    let origin = origin::origin(request.extensions(), request.headers(), trusted);
    request.extensions_mut().insert(origin);
    let meter = Meter::new(Arc::clone(&app));
    request.extensions_mut().insert(meter.clone());
    let started = Instant::now();
    let id = request_id(&request, &app);
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", |path| path.as_str())
        .to_owned();
    // Neither the query nor headers: they can contain data that must not be logged.
    let span = tracing::info_span!("request", %id, %method, %route);
    let response = if head_bytes(&request) > HEAD_BYTES {
        Refused::from(head_too_large()).into_response()
    } else {
        let answer = tokio::time::timeout(DEADLINE, next.run(request))
            .instrument(span.clone())
            .await;
        answer.unwrap_or_else(|_| {
            Refused::from(AppError::new(
                ErrorCode::Timeout,
                "The request took too long.",
            ))
            .into_response()
        })
    };
    let mut response = span.in_scope(|| problem::render(response, &id));
    headers::secure(response.headers_mut(), app.settings.secure_cookie);
    meter.report(response.headers_mut());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let took = started.elapsed();
    app.telemetry.request(known(&method), &route, status, took);
    span.in_scope(|| tracing::debug!(status, milliseconds = took.as_secs_f64() * 1e3, "answered"));
    response
}

/// The size of a request's head in HTTP/1.1, in bytes.
fn head_bytes(request: &Request) -> usize {
    let line = request.method().as_str().len() + request.uri().to_string().len() + 12;
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 4);
    line + headers.sum::<usize>() + 2
}

fn head_too_large() -> AppError {
    let detail = format!("The head of the request is larger than {HEAD_BYTES} bytes.");
    AppError::new(ErrorCode::HeadTooLarge, detail)
        .fix("Send fewer or shorter headers and parameters.")
}

/// Turns `?refresh=true` into `Cache-Control: no-cache`, for clients that cannot send headers.
fn refreshed(mut request: Request) -> Request {
    let query = request.uri().query().unwrap_or_default();
    if query.split('&').any(|part| part == "refresh=true") {
        let value = HeaderValue::from_static("no-cache");
        request.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    request
}

/// A method as a label of telemetry; the number of labels is limited, because callers can invent methods.
fn known(method: &axum::http::Method) -> &str {
    match method.as_str() {
        name @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => name,
        _ => "other",
    }
}

/// The id that the caller sent, if it is harmless, or a new one.
fn request_id(request: &Request, app: &App) -> String {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    match given {
        Some(id) if is_harmless(id) => id.to_owned(),
        _ => {
            let mut random = [0; 16];
            app.entropy.fill(&mut random);
            format!("{:032x}", u128::from_be_bytes(random))
        }
    }
}

fn is_harmless(id: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=64).contains(&id.len()) && id.bytes().all(harmless)
}

/// The answer if a handler panicked.
pub(super) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Refused::from(AppError::internal(format!("panic: {text}"))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_bypasses_the_cache_only_if_it_is_true() {
        let asks = |uri: &str| {
            let request = Request::get(uri).body(axum::body::Body::empty()).unwrap();
            refreshed(request)
                .headers()
                .contains_key(header::CACHE_CONTROL)
        };
        assert!(asks("/a?refresh=true") && asks("/a?x=1&refresh=true"));
        for no in [
            "/a",
            "/a?refresh=false",
            "/a?norefresh=true",
            "/a?x=refresh=true",
        ] {
            assert!(!asks(no), "{no}");
        }
    }

    #[test]
    fn the_bytes_of_a_head_are_those_on_the_wire() {
        let wire = "GET /a?b=1 HTTP/1.1\r\nhost: x\r\naccept: */*\r\n\r\n";
        let request = Request::get("/a?b=1")
            .header("host", "x")
            .header("accept", "*/*")
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(head_bytes(&request), wire.len());
    }

    #[test]
    fn only_harmless_request_ids_are_kept() {
        assert!(is_harmless("0192f3a4-5b6c.trace_1"));
        for bad in ["", "a b", "a\"b", "<script>", &"x".repeat(65)] {
            assert!(!is_harmless(bad), "{bad}");
        }
    }
}
