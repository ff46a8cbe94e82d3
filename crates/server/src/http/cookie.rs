//! Cookies, and the check that another site did not cause a request with a session cookie.

use axum::http::{HeaderMap, HeaderValue, Method, header};

use crate::app::{AppError, ErrorCode};

/// The cookie of a session.
const NAME: &str = "weir_session";

/// The cookie of a login that is in progress at an identity provider.
const SIGN_IN: &str = "weir_sign_in";
/// How long such a login can take, in seconds.
const SIGN_IN_SECONDS: i64 = 600;

/// The session token of a request.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    value(headers, NAME)
}

/// The token of a login that is in progress.
pub(super) fn sign_in_token(headers: &HeaderMap) -> Option<&str> {
    value(headers, SIGN_IN)
}

/// The cookie that keeps the token of a login until the user returns from the provider, which is another
/// site. An empty token deletes it.
pub(super) fn sign_in(token: &str, secure: bool) -> Result<HeaderValue, AppError> {
    let secure = if secure { "; Secure" } else { "" };
    let seconds = if token.is_empty() { 0 } else { SIGN_IN_SECONDS };
    let text = format!(
        "{SIGN_IN}={token}; Path=/api/v1/oidc; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    );
    HeaderValue::from_str(&text).map_err(AppError::internal)
}

fn value<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted && !value.is_empty()).then_some(value))
}

/// The cookie that keeps a session for this many seconds. An empty token and zero delete it.
pub(super) fn set(token: &str, seconds: i64, secure: bool) -> Result<HeaderValue, AppError> {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(AppError::internal)
}

/// Fails if the request changes something and, according to the browser, another site caused it. A client
/// that sends neither `Sec-Fetch-Site` nor `Origin` is not a browser.
pub(super) fn refuse_cross_site(method: &Method, headers: &HeaderMap) -> Result<(), AppError> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let same = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => text("host").is_some_and(|host| host_of(origin) == Some(host)),
        (None, None) => true,
    };
    same.then_some(()).ok_or_else(|| {
        AppError::new(
            ErrorCode::CrossSite,
            "According to the browser, another site caused this request.",
        )
    })
}

fn host_of(origin: &str) -> Option<&str> {
    origin.split_once("://").map(|(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for &(name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let found = headers(&[("cookie", "a=1; weir_session=abc; b=2")]);
        assert_eq!(token(&found), Some("abc"));
        let second = headers(&[("cookie", "a=1"), ("cookie", "weir_session=def")]);
        assert_eq!(token(&second), Some("def"));
        for other in [
            "",
            "weir_session=",
            "not_weir_session=abc",
            "weir_session",
            "x",
        ] {
            let mut map = HeaderMap::new();
            map.insert("cookie", HeaderValue::from_str(other).unwrap());
            assert_eq!(token(&map), None, "{other}");
        }
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_the_cookie() {
        let cookie = set("abc", 60, true).unwrap();
        assert_eq!(
            cookie,
            "weir_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure"
        );
        assert!(
            !set("abc", 60, false)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("Secure")
        );
    }

    #[test]
    fn a_request_that_another_site_caused_is_refused() {
        let check = |method: Method, pairs: &[(&'static str, &'static str)]| {
            refuse_cross_site(&method, &headers(pairs)).is_ok()
        };
        let host = ("host", "weir.test:8080");
        assert!(check(Method::POST, &[("sec-fetch-site", "same-origin")]));
        assert!(check(
            Method::POST,
            &[host, ("origin", "http://weir.test:8080")]
        ));
        assert!(check(Method::POST, &[host]));
        assert!(check(Method::GET, &[("sec-fetch-site", "cross-site")]));
        assert!(!check(Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(!check(Method::DELETE, &[("sec-fetch-site", "same-site")]));
        assert!(!check(
            Method::POST,
            &[host, ("origin", "http://evil.test")]
        ));
        assert!(!check(Method::POST, &[host, ("origin", "null")]));
        let both = [
            host,
            ("origin", "http://weir.test:8080"),
            ("sec-fetch-site", "cross-site"),
        ];
        assert!(!check(Method::POST, &both));
    }
}
