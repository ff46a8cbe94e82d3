use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    super::{
        Shared,
        auth::Anyone,
        cookie, meter,
        origin::CameFrom,
        problem::{Problem, Refused},
    },
    session_open::session_cookie,
};
use crate::app::{
    AppError,
    oidc::{Failed, Return},
};

/// Which provider to log in with.
#[derive(Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    provider: String,
}

/// Redirects the browser to an identity provider to log in.
#[utoipa::path(
    get, path = "/api/v1/oidc/start", tag = "session", operation_id = "beginSignIn",
    params(("provider" = String, Query, description = "The provider's id, from `POST /api/v1/login-options`.")),
    responses(
        (status = 303, description = "To the provider, or, if the login cannot begin, to `/login?failed=CODE`: `unknown_provider`, `provider_unreachable`, `provider_secret_lost`, `not_believed`."),
        (status = 429, description = "`rate_limited`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
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

/// Completes a login with an identity provider and sets the session cookie.
#[utoipa::path(
    get, path = "/api/v1/oidc/callback", tag = "session", operation_id = "endSignIn",
    params(
        ("code" = Option<String>, Query, description = "The authorisation code from the provider."),
        ("state" = Option<String>, Query, description = "The state that the login began with."),
        ("error" = Option<String>, Query, description = "The reason why the provider refused the login."),
        ("iss" = Option<String>, Query, description = "The issuer's URL."),
    ),
    responses(
        (status = 303, description = "To the application, or, if the login fails, to `/login?failed=CODE`: `sign_in_expired`, `provider_refused`, `provider_unreachable`, `not_believed`, `unknown_person`.", headers(("Set-Cookie" = String, description = "The session cookie `weir_session`."))),
        (status = 429, description = "`rate_limited`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
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
    let end = cookie::sign_in("", app.settings.secure_cookie)?;
    let token = cookie::sign_in_token(&parts.headers);
    match app.end_sign_in(token, back, &origin).await {
        Ok(login) => {
            let session = session_cookie(&app, &login)?;
            let headers = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, end)]);
            Ok((headers, see("/")?).into_response())
        }
        Err(failed) => {
            let headers = AppendHeaders([(header::SET_COOKIE, end)]);
            Ok((headers, refused(&failed)?).into_response())
        }
    }
}

/// The login page shows the code; the log has the reason.
fn refused(failed: &Failed) -> Result<Response, Refused> {
    let (code, context) = (failed.failure.name(), &failed.context);
    tracing::warn!(code, context, "a login with an identity provider failed");
    see(&format!("/login?failed={code}"))
}

fn see(location: &str) -> Result<Response, Refused> {
    let location = HeaderValue::from_str(location).map_err(AppError::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, location);
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The parameters of the query; their defaults if it cannot be read.
fn read<T: Default + serde::de::DeserializeOwned>(uri: &Uri) -> T {
    Query::<T>::try_from_uri(uri).map_or_else(|_| T::default(), |Query(read)| read)
}
