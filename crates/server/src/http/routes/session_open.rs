use axum::{
    extract::State,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{Shared, auth::Anyone, body::JsonBody, cookie, origin::CameFrom, problem::Problem},
    session_show::{SessionView, view},
};
use crate::app::AppError;

/// What a person logs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Credentials {
    /// The person's address.
    #[schema(example = "owner@localhost")]
    email: String,
    /// The person's password.
    #[schema(format = "password")]
    password: String,
}

/// Logs a person in: sets the session cookie.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", operation_id = "logIn",
    request_body = Credentials,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "`weir_session`"))),
        (status = 401, description = "`invalid_credentials`.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`cross_site_request`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn log_in(
    _: Anyone,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<Response, AppError> {
    cookie::refuse_cross_site(&Method::POST, &headers)?;
    let login = app.log_in(&given.email, &given.password, &origin).await?;
    let seconds = (login.expires.0 - app.clock.now().0) / 1000;
    let cookie = cookie::set(&login.token, seconds, app.settings.secure_cookie)?;
    let body = view(&app, &login.principal).await?;
    Ok(([(header::SET_COOKIE, cookie)], body).into_response())
}
