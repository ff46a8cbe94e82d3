use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::Login;

use super::{
    super::{
        Shared,
        auth::SameSite,
        body::JsonBody,
        cookie,
        origin::CameFrom,
        problem::{EntryProblems, Problem, Refused},
    },
    session_show::{SessionView, view},
};
use crate::app::{App, AppError, sessions};

/// The credentials of a user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Credentials {
    /// The user's e-mail address.
    #[schema(example = "owner@localhost")]
    email: String,
    /// The user's password.
    #[schema(format = "password")]
    password: String,
    /// A code of the user's second factor, or a recovery code.
    #[schema(example = "123456")]
    code: Option<String>,
}

/// Logs a user in and sets the session cookie.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", operation_id = "logIn",
    request_body = Credentials,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "The session cookie `weir_session`."))),
        EntryProblems,
        (status = 401, description = "`invalid_credentials`; `second_factor_required`: the password is right, but the code is missing; `invalid_code`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn log_in(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<Response, Refused> {
    let credentials = sessions::Credentials {
        email: &given.email,
        password: &given.password,
        code: given.code.as_deref(),
    };
    let login = app.log_in(credentials, &origin).await?;
    opened(&app, &login).await
}

/// The answer to a successful login: the session, and the cookie that keeps it.
pub(super) async fn opened(app: &App, login: &Login) -> Result<Response, Refused> {
    let cookie = session_cookie(app, login)?;
    let body = view(app, &login.principal).await?;
    Ok(([(header::SET_COOKIE, cookie)], body).into_response())
}

/// The cookie that keeps the session of a login until it expires.
pub(super) fn session_cookie(app: &App, login: &Login) -> Result<HeaderValue, AppError> {
    let seconds = (login.expires.0 - app.clock.now().0) / 1000;
    cookie::set(&login.token, seconds, app.settings.secure_cookie)
}
