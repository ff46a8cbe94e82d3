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
        origin::CameFrom,
        problem::{Problem, Refused, WriteProblems},
    },
    session_show::{SessionView, view},
};

/// What a person says about themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ProfileInput {
    /// Their name.
    #[schema(example = "Ada Lovelace")]
    name: String,
}

/// A password in place of another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasswordInput {
    /// The one that holds.
    #[schema(format = "password")]
    current: String,
    /// The new one: at least 10 characters.
    #[schema(format = "password")]
    new: String,
}

/// Gives the caller another name.
#[utoipa::path(
    put, path = "/api/v1/profile", tag = "session", operation_id = "changeProfile",
    request_body = ProfileInput,
    responses((status = 200, description = "The session with it.", body = SessionView), WriteProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_profile(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
    JsonBody(input): JsonBody<ProfileInput>,
) -> Result<Json<SessionView>, Refused> {
    let me = caller.oneself(&origin);
    app.rename_person(me, &input.name).await?;
    let token = cookie::token(&headers).unwrap_or_default();
    let renamed = app.meta.authenticate_session(token).await?;
    view(&app, renamed.as_ref().unwrap_or(&caller.principal)).await
}

/// Gives the caller another password. Their other sessions end.
#[utoipa::path(
    put, path = "/api/v1/profile/password", tag = "session", operation_id = "changePassword",
    request_body = PasswordInput,
    responses(
        (status = 204, description = "The new password holds."),
        WriteProblems,
        (status = 401, description = "`unauthenticated`; `invalid_credentials`: the current password is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_attempts`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_password(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(input): JsonBody<PasswordInput>,
) -> Result<StatusCode, Refused> {
    let me = caller.oneself(&origin);
    app.change_password(me, &input.current, &input.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
