//! Reads bodies, within limits of size, time and speed.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::{Shared, fault::Misfit, headers::text, origin::CameFrom, problem::Refused};
use crate::app::{
    AppError, ErrorCode,
    intake::{Buffer, Counted, Sender, Share, too_large},
};

/// The limit of bodies other than events, in bytes.
const SMALL: usize = 256 * 1024;
const SMALL_TIMEOUT: Duration = Duration::from_secs(15);
/// The time over which the speed of a body is measured.
pub(super) const WINDOW: Duration = Duration::from_secs(10);
/// How many bytes of a refused body are read and discarded: a client that is still sending does not
/// listen, and would see a broken connection instead of the answer.
const DISCARDED: usize = 256 << 20;

/// The length of the body according to the request.
pub(super) fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Limits on how a body arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    /// The maximum size in bytes.
    pub limit: usize,
    /// The maximum time.
    pub within: Duration,
    /// The minimum speed in bytes per second, on average over the window.
    pub rate: usize,
    /// The time over which the speed is measured.
    pub window: Duration,
}

/// Reads a body, and counts its bytes against the share as they arrive. Fails if the body exceeds a limit,
/// does not fit into the share, or is incomplete.
pub(super) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    arrival: Arrival,
    share: Share,
) -> Result<Counted, AppError> {
    let too_long = declared_length(headers).is_some_and(|length| length > arrival.limit);
    let read = match too_long {
        true => Err(too_large(arrival.limit, "as sent")),
        false => gathered(headers, &mut body, arrival, share).await,
    };
    let awaits_continue = too_long && headers.contains_key(header::EXPECT);
    if let Err(error) = &read
        && error.code != ErrorCode::IncompleteBody
        && !awaits_continue
    {
        // In the background: a client that listens while it sends can stop sending.
        tokio::spawn(tokio::time::timeout(arrival.within, discard(body, arrival)));
    }
    read
}

async fn gathered(
    headers: &HeaderMap,
    body: &mut Body,
    arrival: Arrival,
    share: Share,
) -> Result<Counted, AppError> {
    let reading = gather(body, arrival, declared_length(headers), Buffer::new(share));
    tokio::time::timeout(arrival.within, reading)
        .await
        .unwrap_or_else(|_| {
            let seconds = arrival.within.as_secs();
            let detail = format!("The body did not arrive within {seconds} s; nothing was stored.");
            Err(AppError::new(ErrorCode::IncompleteBody, detail))
        })
}

/// How many bytes of a body have to arrive, and by when.
struct Window {
    until: Instant,
    bytes: usize,
}

impl Window {
    fn after(bytes: usize, arrival: Arrival) -> Self {
        let more = (arrival.rate as f64 * arrival.window.as_secs_f64()) as usize;
        Self {
            until: Instant::now() + arrival.window,
            bytes: bytes.saturating_add(more),
        }
    }
}

async fn gather(
    body: &mut Body,
    arrival: Arrival,
    declared: Option<usize>,
    mut buffer: Buffer,
) -> Result<Counted, AppError> {
    let expected = declared.unwrap_or(arrival.limit);
    let mut window = Window::after(0, arrival);
    loop {
        let Ok(data) = tokio::time::timeout_at(window.until, next(body)).await else {
            buffer.share().count_slow();
            return Err(too_slow(arrival));
        };
        let Some(data) = data? else {
            return Ok(buffer.finish());
        };
        if buffer.length() + data.len() > arrival.limit {
            return Err(too_large(arrival.limit, "as sent"));
        }
        buffer.extend(&data, expected).await?;
        if buffer.length() >= window.bytes {
            window = Window::after(buffer.length(), arrival);
        }
    }
}

fn too_slow(arrival: Arrival) -> AppError {
    let detail = format!(
        "The body arrived at less than {} bytes per second for {} s; nothing was stored.",
        arrival.rate,
        arrival.window.as_secs()
    );
    AppError::new(ErrorCode::IncompleteBody, detail)
        .fix("Send it in smaller parts; the operator can lower intake.body_bytes_per_second.")
}

async fn next(body: &mut Body) -> Result<Option<Bytes>, AppError> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Some(Err(_)) => {
                let detail =
                    "The connection ended before the body was complete; nothing was stored.";
                return Err(AppError::new(ErrorCode::IncompleteBody, detail));
            }
        }
    }
}

/// Reads and discards the rest of a body, as long as it arrives at the minimum speed.
async fn discard(mut body: Body, arrival: Arrival) {
    let mut seen = 0;
    let mut window = Window::after(0, arrival);
    while let Ok(Ok(Some(data))) = tokio::time::timeout_at(window.until, next(&mut body)).await {
        seen += data.len();
        if seen > DISCARDED {
            return;
        }
        if seen >= window.bytes {
            window = Window::after(seen, arrival);
        }
    }
}

/// A small JSON body. Extraction fails if the body is too large, is not JSON, or does not match `T`.
pub(super) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refused> {
        let body = small(request, app).await?;
        Ok(Self(parse(&body.bytes)?))
    }
}

/// Reads a small body that says it is JSON. Fails if it does not say so, is too large, or is incomplete.
async fn small(request: Request, app: &Shared) -> Result<Counted, AppError> {
    let (head, body) = request.into_parts();
    demand_json(&head.headers)?;
    let from = head.extensions.get::<CameFrom>();
    let share = app.intake.share(Sender {
        key: None,
        address: from.and_then(|CameFrom(origin)| origin.address),
    });
    let arrival = Arrival {
        limit: SMALL,
        within: SMALL_TIMEOUT,
        rate: app.intake.settings().body_rate,
        window: WINDOW,
    };
    read(&head.headers, body, arrival, share).await
}

fn demand_json(headers: &HeaderMap) -> Result<(), AppError> {
    let essence = text(headers, &header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    if essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    Err(
        AppError::new(ErrorCode::UnsupportedMediaType, "The body must be JSON.")
            .field("Content-Type")
            .fix("Send Content-Type: application/json."),
    )
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| unfit(bytes, &error))?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(read)
}

fn unfit(bytes: &[u8], error: &serde_path_to_error::Error<serde_json::Error>) -> AppError {
    let inner = error.inner();
    // serde_json reports an enum of another type as a syntax error.
    match inner.is_data() || is_json(bytes) {
        true => Misfit::in_body(error.path(), &inner.to_string()).refusal(),
        false => malformed(inner),
    }
}

fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

fn malformed(error: &serde_json::Error) -> AppError {
    AppError::new(
        ErrorCode::MalformedJson,
        format!("The body is not valid JSON: {error}."),
    )
    .field("body")
    .fix("Send one complete JSON value.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    fn arrival(limit: usize) -> Arrival {
        Arrival {
            limit,
            within: Duration::from_secs(5),
            rate: 1,
            window: Duration::from_secs(5),
        }
    }

    async fn read_of(
        body: Body,
        length: Option<&'static str>,
        arrival: Arrival,
    ) -> Result<Bytes, ErrorCode> {
        let mut headers = HeaderMap::new();
        if let Some(length) = length {
            headers.insert(header::CONTENT_LENGTH, length.parse().unwrap());
        }
        let read = read(&headers, body, arrival, Share::of(MIB)).await;
        read.map(|body| body.bytes).map_err(|error| error.code)
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read() {
        let body = Body::from("12345");
        assert_eq!(read_of(body, None, arrival(5)).await.unwrap(), "12345");
    }

    #[tokio::test]
    async fn a_longer_body_is_refused_with_and_without_a_declared_length() {
        for length in [Some("6"), None] {
            let refused = read_of(Body::from("123456"), length, arrival(5)).await;
            assert_eq!(refused, Err(ErrorCode::PayloadTooLarge), "{length:?}");
        }
    }

    /// A body of 20 pieces, each sent after a pause.
    fn in_pieces(piece: usize, pause: Duration) -> Body {
        let pieces = futures_util::stream::unfold((), move |()| async move {
            tokio::time::sleep(pause).await;
            let bytes = Bytes::from(vec![b' '; piece]);
            Some((Ok::<_, std::convert::Infallible>(bytes), ()))
        });
        Body::from_stream(futures_util::StreamExt::take(pieces, 20))
    }

    #[tokio::test]
    async fn a_body_that_trickles_is_refused_and_a_steady_one_is_read() {
        let pace = Arrival {
            rate: 10_000,
            window: Duration::from_millis(200),
            ..arrival(MIB)
        };
        let pause = Duration::from_millis(20);
        let steady = read_of(in_pieces(4_000, pause), None, pace).await;
        assert_eq!(steady.unwrap().len(), 80_000);
        let slow = read_of(in_pieces(10, pause), None, pace).await;
        assert_eq!(slow, Err(ErrorCode::IncompleteBody));
        // Fast at first, then nothing.
        let first =
            futures_util::stream::iter([Ok::<_, std::convert::Infallible>("x".repeat(9_000))]);
        let never = futures_util::stream::pending();
        let stuck = Body::from_stream(futures_util::StreamExt::chain(first, never));
        let stuck = read_of(stuck, Some("500000"), pace).await;
        assert_eq!(stuck, Err(ErrorCode::IncompleteBody));
    }

    #[tokio::test]
    async fn a_declared_body_takes_no_memory_until_it_arrives() {
        let share = || Share::of(MIB);
        let headers = HeaderMap::from_iter([(header::CONTENT_LENGTH, "33554432".parse().unwrap())]);
        let small = read(&headers, Body::from("12345"), arrival(32 * MIB), share()).await;
        assert_eq!(small.unwrap().bytes, "12345");
        let large = Body::from(vec![b' '; 2 * MIB]);
        let large = read(&headers, large, arrival(32 * MIB), share()).await;
        assert_eq!(large.unwrap_err().code, ErrorCode::PayloadTooLarge);
    }

    #[tokio::test]
    async fn a_refused_body_that_stalls_is_dropped() {
        let (held, dropped) = tokio::sync::oneshot::channel::<()>();
        let silent = futures_util::stream::unfold(held, |held| async move {
            std::future::pending::<()>().await;
            Some((Ok::<_, std::convert::Infallible>("x"), held))
        });
        let arrival = Arrival {
            within: Duration::from_secs(600),
            window: Duration::from_millis(100),
            ..arrival(MIB)
        };
        let refused = read_of(Body::from_stream(silent), Some("33554432"), arrival).await;
        assert_eq!(refused, Err(ErrorCode::PayloadTooLarge));
        let waiting = tokio::time::timeout(Duration::from_secs(60), dropped);
        assert!(waiting.await.is_ok(), "its connection is still held");
    }

    #[test]
    fn a_misfit_is_distinguished_from_malformed_json() {
        let code = |text: &str| parse::<Vec<u8>>(text.as_bytes()).map_err(|error| error.code);
        assert_eq!(code("[1,2]"), Ok(vec![1, 2]));
        assert_eq!(code("{}"), Err(ErrorCode::InvalidParameter));
        assert_eq!(code("[1,"), Err(ErrorCode::MalformedJson));
        assert_eq!(code("[1] 2"), Err(ErrorCode::MalformedJson));
        #[derive(Debug, serde::Deserialize)]
        enum Word {
            One,
        }
        let misfit = parse::<Vec<Word>>(b"[7]").unwrap_err();
        assert_eq!(misfit.code, ErrorCode::InvalidParameter);
        assert_eq!(misfit.field.as_deref(), Some("[0]"));
        assert_eq!(misfit.detail, "The value is not valid here.");
        assert!(matches!(parse::<Word>(b"\"One\""), Ok(Word::One)));
    }
}
