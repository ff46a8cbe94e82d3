//! Keeping a request to one environment.

use axum::{
    extract::{MatchedPath, OriginalUri},
    http::{Uri, request::Parts, uri::PathAndQuery},
};

use crate::app::{AppError, access};

const PARAMETER: &str = "environment";

/// What can be kept to one environment: all that is in the answer is chosen by the parameter, or the
/// handler sees to it itself. Whatever is not here is refused to a key that is bound to one.
const KEPT: [&str; 9] = [
    "/api/v1/events",
    "/api/v1/query",
    "/api/v1/executions",
    "/api/v1/analytics/executions",
    "/api/v1/analytics/executions/summary",
    "/api/v1/analytics/workflows/{id}/performance",
    "/analytics/nodes",
    "/analytics/workflows",
    "/analytics/performance",
];

/// Makes a request one about this environment, whatever parameters it has; refuses it if it asks for
/// another, or is about more.
pub(super) fn keep_to(parts: &mut Parts, only: &str) -> Result<(), AppError> {
    let path = parts.extensions.get::<MatchedPath>();
    if !path.is_some_and(|path| KEPT.contains(&path.as_str())) {
        return Err(access::environment_bound(only));
    }
    narrow(parts, only)
}

fn narrow(parts: &mut Parts, only: &str) -> Result<(), AppError> {
    let query = parts.uri.query().unwrap_or_default();
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).as_str() {
            PARAMETER if value.is_empty() || decoded(value) == only => {}
            PARAMETER => return Err(access::environment_bound(only)),
            _ => kept.push(pair.to_owned()),
        }
    }
    kept.push(format!("{PARAMETER}={}", encoded(only)));
    let path = format!("{}?{}", parts.uri.path(), kept.join("&"));
    let mut uri = parts.uri.clone().into_parts();
    uri.path_and_query = Some(PathAndQuery::try_from(path).map_err(AppError::internal)?);
    parts.uri = Uri::from_parts(uri).map_err(AppError::internal)?;
    // Tags of answers are made of it: they must not be those of the whole project.
    parts.extensions.insert(OriginalUri(parts.uri.clone()));
    Ok(())
}

pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let hex = (bytes[place] == b'%')
            .then(|| text.get(place + 1..place + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(match (hex, bytes[place]) {
            (Some(byte), _) => byte,
            (None, b'+') => b' ',
            (None, byte) => byte,
        });
        place += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let encode = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::app::ErrorCode;

    fn kept(uri: &str, only: &str) -> Result<String, ErrorCode> {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        narrow(&mut parts, only).map_err(|error| error.code)?;
        Ok(parts.uri.to_string())
    }

    #[test]
    fn a_request_is_kept_to_its_environment() {
        assert_eq!(kept("/a", "prod").unwrap(), "/a?environment=prod");
        let asked = "/a?last=7d&environment=&by=x";
        assert_eq!(
            kept(asked, "prod").unwrap(),
            "/a?last=7d&by=x&environment=prod"
        );
        assert_eq!(
            kept("/a?environment=pr%6Fd", "prod").unwrap(),
            "/a?environment=prod"
        );
        assert_eq!(
            kept("/a?environment=a+%26b", "a &b").unwrap(),
            "/a?environment=a%20%26b"
        );
    }

    #[test]
    fn another_environment_is_refused_however_it_is_written() {
        for uri in [
            "/a?environment=test",
            "/a?%65nvironment=test",
            "/a?environment=prod&environment=test",
            "/a?environment=%",
        ] {
            assert_eq!(kept(uri, "prod"), Err(ErrorCode::EnvironmentBound), "{uri}");
        }
    }
}
