use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        Shared,
        auth::LoggedIn,
        body::JsonBody,
        cookie,
        problem::{Problem, Refused, WriteProblems},
    },
    session_show::{SessionView, view},
};

/// The profile of the logged-in user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ProfileInput {
    /// The new name.
    #[schema(example = "Ada Lovelace")]
    name: String,
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasswordInput {
    /// The current password.
    #[schema(format = "password")]
    current: String,
    /// The new password: at least 10 characters.
    #[schema(format = "password")]
    new: String,
}

/// Changes the caller's name.
#[utoipa::path(
    put, path = "/api/v1/profile", tag = "session", operation_id = "changeProfile",
    request_body = ProfileInput,
    responses((status = 200, description = "The session with the new name.", body = SessionView), WriteProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_profile(
    caller: LoggedIn,
    State(app): State<Shared>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<ProfileInput>,
) -> Result<Json<SessionView>, Refused> {
    let me = caller.oneself();
    app.rename_person(me, &input.name).await?;
    let token = cookie::token(&headers).unwrap_or_default();
    let renamed = app.authenticate_session(token).await?;
    view(&app, renamed.as_ref().unwrap_or(&caller.principal)).await
}

/// Changes the caller's password. Their other sessions end.
#[utoipa::path(
    put, path = "/api/v1/profile/password", tag = "session", operation_id = "changePassword",
    request_body = PasswordInput,
    responses(
        (status = 204, description = "The password is changed."),
        WriteProblems,
        (status = 401, description = "`unauthenticated`; `invalid_credentials`: the current password is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_password(
    caller: LoggedIn,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<PasswordInput>,
) -> Result<StatusCode, Refused> {
    let me = caller.oneself();
    app.change_password(me, &input.current, &input.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
