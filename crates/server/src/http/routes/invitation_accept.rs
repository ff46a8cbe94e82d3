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

/// The proof that somebody was invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct InvitationToken {
    /// What stands behind the `#` of the link.
    #[schema(format = "password")]
    token: String,
}

/// How somebody who was invited comes in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AcceptInput {
    /// What stands behind the `#` of the link.
    #[schema(format = "password")]
    token: String,
    /// The name of somebody who has no account yet.
    name: Option<String>,
    /// The password of their account; of somebody new the one that they want: at least 10 characters.
    #[schema(format = "password")]
    password: String,
    /// A code of the second factor of somebody who has an account with one.
    code: Option<String>,
}

/// Shows an invitation to whoever holds its link.
#[utoipa::path(
    post, path = "/api/v1/invitations/show", tag = "people", operation_id = "showInvitation",
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation.", body = InvitationShown),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is not good (any more).", body = Problem, content_type = "application/problem+json"),
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

/// Lets somebody who was invited in, and logs them in.
#[utoipa::path(
    post, path = "/api/v1/invitations/accept", tag = "people", operation_id = "acceptInvitation",
    request_body = AcceptInput,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "`weir_session`"))),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is not good (any more).", body = Problem, content_type = "application/problem+json"),
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
