use axum::{Json, extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        Shared,
        auth::{Anyone, SameSite},
        body::JsonBody,
        origin::CameFrom,
        problem::{EntryProblems, Problem, Refused},
    },
    session_open::opened,
    session_show::SessionView,
};
use crate::app::people::InvitationShown;

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct InvitationToken {
    /// The part of the link after the `#`.
    #[schema(format = "password")]
    token: String,
}

/// What a user sends to accept an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AcceptInput {
    /// The part of the link after the `#`.
    #[schema(format = "password")]
    token: String,
    /// The user's name, if they have no account yet.
    name: Option<String>,
    /// The password of the user's account. For a new account, the password to set: at least 10 characters.
    #[schema(format = "password")]
    password: String,
    /// A code of the second factor, if the user's account has one.
    code: Option<String>,
}

/// Returns the invitation that a token belongs to.
#[utoipa::path(
    post, path = "/api/v1/invitations/show", tag = "people", operation_id = "showInvitation",
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation.", body = InvitationShown),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is unknown, used or expired.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn show_invitation(
    _: Anyone,
    State(app): State<Shared>,
    JsonBody(given): JsonBody<InvitationToken>,
) -> Result<Json<InvitationShown>, Refused> {
    Ok(Json(app.show_invitation(&given.token).await?))
}

/// Accepts an invitation, creates an account if the user has none, and logs the user in.
#[utoipa::path(
    post, path = "/api/v1/invitations/accept", tag = "people", operation_id = "acceptInvitation",
    request_body = AcceptInput,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "The session cookie `weir_session`."))),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is unknown, used or expired.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn accept_invitation(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(given): JsonBody<AcceptInput>,
) -> Result<Response, Refused> {
    let (name, code) = (given.name.as_deref(), given.code.as_deref());
    let login = app
        .accept_invitation(&given.token, name, &given.password, code, &origin)
        .await?;
    opened(&app, &login).await
}
