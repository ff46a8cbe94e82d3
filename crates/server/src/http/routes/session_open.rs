use axum::{
    extract::State,
    http::header,
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
use crate::app::{App, sessions};

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
    /// A code of the person's second factor, or a recovery code.
    #[schema(example = "123456")]
    code: Option<String>,
}

/// Logs a person in: sets the session cookie.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", operation_id = "logIn",
    request_body = Credentials,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "`weir_session`"))),
        EntryProblems,
        (status = 401, description = "`invalid_credentials`; `second_factor_required`: the password is right, the code did not come with it; `invalid_code`.", body = Problem, content_type = "application/problem+json"),
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

/// The answer to somebody who came in: the session, and the cookie that keeps it.
pub(super) async fn opened(app: &App, login: &Login) -> Result<Response, Refused> {
    let seconds = (login.expires.0 - app.clock.now().0) / 1000;
    let cookie = cookie::set(&login.token, seconds, app.settings.secure_cookie)?;
    let body = view(app, &login.principal).await?;
    Ok(([(header::SET_COOKIE, cookie)], body).into_response())
}
