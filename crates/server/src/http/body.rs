//! Reading bodies: never more than allowed, never for longer than allowed.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use crate::app::{AppError, ErrorCode, intake::too_large};

/// Bodies of requests that are no events.
const SMALL: usize = 256 * 1024;
const SMALL_TIMEOUT: Duration = Duration::from_secs(15);
/// How much of a refused body is read and thrown away: a client that is still sending does not
/// listen, and would see a broken connection instead of the answer.
const DISCARDED: usize = 256 << 20;

/// The length that the request says its body has.
pub(super) fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// A text header, if it is there and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    limit: usize,
    timeout: Duration,
) -> Result<Bytes, AppError> {
    let declared = declared_length(headers);
    let waits_for_leave = headers.contains_key(header::EXPECT);
    let reading = async {
        if declared.is_some_and(|length| length > limit) {
            if !waits_for_leave {
                discard(&mut body).await;
            }
            return Err(too_large(limit, "as sent"));
        }
        let mut bytes = BytesMut::with_capacity(declared.unwrap_or(0));
        while let Some(data) = next(&mut body).await? {
            if bytes.len() + data.len() > limit {
                drop(bytes);
                discard(&mut body).await;
                return Err(too_large(limit, "as sent"));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes.freeze())
    };
    tokio::time::timeout(timeout, reading)
        .await
        .unwrap_or_else(|_| {
            let detail = format!(
                "The body did not arrive within {} s; nothing was taken.",
                timeout.as_secs()
            );
            Err(AppError::new(ErrorCode::IncompleteBody, detail))
        })
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
                let detail = "The connection ended before the body did; nothing was taken.";
                return Err(AppError::new(ErrorCode::IncompleteBody, detail));
            }
        }
    }
}

async fn discard(body: &mut Body) {
    let mut seen = 0;
    while let Ok(Some(data)) = next(body).await {
        seen += data.len();
        if seen > DISCARDED {
            return;
        }
    }
}

/// A small JSON body.
pub(super) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let (head, body) = request.into_parts();
        demand_json(&head.headers)?;
        let bytes = read(&head.headers, body, SMALL, SMALL_TIMEOUT).await?;
        parse(&bytes).map(Self)
    }
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
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            AppError::new(
                ErrorCode::InvalidParameter,
                format!("The body does not fit: {error}."),
            )
        } else {
            AppError::new(
                ErrorCode::MalformedJson,
                format!("The body is not valid JSON: {error}."),
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_of(
        body: Body,
        length: Option<&'static str>,
        limit: usize,
    ) -> Result<Bytes, ErrorCode> {
        let mut headers = HeaderMap::new();
        if let Some(length) = length {
            headers.insert(header::CONTENT_LENGTH, length.parse().unwrap());
        }
        let read = read(&headers, body, limit, Duration::from_secs(5)).await;
        read.map_err(|error| error.code)
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read() {
        assert_eq!(
            read_of(Body::from("12345"), None, 5).await.unwrap(),
            "12345"
        );
    }

    #[tokio::test]
    async fn a_longer_body_is_refused_whether_or_not_it_says_its_length() {
        for length in [Some("6"), None] {
            let refused = read_of(Body::from("123456"), length, 5).await;
            assert_eq!(refused, Err(ErrorCode::PayloadTooLarge), "{length:?}");
        }
    }

    #[test]
    fn json_that_does_not_fit_is_told_from_what_is_no_json() {
        let code = |text: &str| parse::<Vec<u8>>(text.as_bytes()).map_err(|error| error.code);
        assert_eq!(code("[1,2]"), Ok(vec![1, 2]));
        assert_eq!(code("{}"), Err(ErrorCode::InvalidParameter));
        assert_eq!(code("[1,"), Err(ErrorCode::MalformedJson));
    }
}
