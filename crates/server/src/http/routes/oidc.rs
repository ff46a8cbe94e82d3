use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde::Deserialize;

use super::super::{
    Shared,
    auth::Anyone,
    cookie, meter,
    origin::CameFrom,
    problem::{Problem, Refused},
};
use crate::app::{
    AppError,
    oidc::{Failed, Return},
};

/// Which provider.
#[derive(Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    provider: String,
}

/// Leads a browser to a provider, to log in there.
#[utoipa::path(
    get, path = "/api/v1/oidc/start", tag = "session", operation_id = "beginSignIn",
    params(("provider" = String, Query, description = "The provider's id, as `POST /api/v1/login-options` tells it.")),
    responses(
        (status = 303, description = "To the provider; or to `/login?failed=CODE`, if that cannot be: `unknown_provider`, `provider_unreachable`, `provider_secret_lost`, `not_believed`."),
        (status = 429, description = "`rate_limited`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn begin_sign_in(
    _: Anyone,
    State(app): State<Shared>,
    parts: Parts,
) -> Result<Response, Refused> {
    meter::stranger(&parts)?;
    let wanted = read::<Wanted>(&parts.uri);
    match app.begin_sign_in(&wanted.provider).await {
        Ok(start) => {
            let cookie = cookie::sign_in(&start.token, app.settings.secure_cookie)?;
            let headers = AppendHeaders([(header::SET_COOKIE, cookie)]);
            Ok((headers, see(&start.location)?).into_response())
        }
        Err(failed) => refused(&failed),
    }
}

/// Ends a log-in at a provider: sets the session cookie.
#[utoipa::path(
    get, path = "/api/v1/oidc/callback", tag = "session", operation_id = "endSignIn",
    params(
        ("code" = Option<String>, Query, description = "What the provider gave."),
        ("state" = Option<String>, Query, description = "What the log-in began with."),
        ("error" = Option<String>, Query, description = "Why the provider refused."),
        ("iss" = Option<String>, Query, description = "The issuer."),
    ),
    responses(
        (status = 303, description = "To the application; or to `/login?failed=CODE`: `sign_in_expired`, `provider_refused`, `provider_unreachable`, `not_believed`, `unknown_person`.", headers(("Set-Cookie" = String, description = "`weir_session`"))),
        (status = 429, description = "`rate_limited`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn end_sign_in(
    _: Anyone,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    parts: Parts,
) -> Result<Response, Refused> {
    meter::stranger(&parts)?;
    let back = read::<Return>(&parts.uri);
    let secure = app.settings.secure_cookie;
    let over = cookie::sign_in("", secure)?;
    let token = cookie::sign_in_token(&parts.headers);
    match app.end_sign_in(token, back, &origin).await {
        Ok(login) => {
            let seconds = (login.expires.0 - app.clock.now().0) / 1000;
            let session = cookie::set(&login.token, seconds, secure)?;
            let headers =
                AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, over)]);
            Ok((headers, see("/")?).into_response())
        }
        Err(failed) => {
            let headers = AppendHeaders([(header::SET_COOKIE, over)]);
            Ok((headers, refused(&failed)?).into_response())
        }
    }
}

/// The page says it; the log says why.
fn refused(failed: &Failed) -> Result<Response, Refused> {
    let (code, context) = (failed.failure.name(), &failed.context);
    tracing::warn!(code, context, "a log-in by an identity provider failed");
    see(&format!("/login?failed={code}"))
}

fn see(location: &str) -> Result<Response, Refused> {
    let location = HeaderValue::from_str(location).map_err(AppError::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, location);
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The query's fields; none where it cannot be read.
fn read<T: Default + serde::de::DeserializeOwned>(uri: &Uri) -> T {
    Query::<T>::try_from_uri(uri).map_or_else(|_| T::default(), |Query(read)| read)
}
