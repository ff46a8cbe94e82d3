use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{Authorized, ManagePeople},
    body::JsonBody,
    problem::{PersonProblems, Problem, Refused, WriteProblems},
};
use crate::app::people::{InvitationInput, InvitationView, Invitations};

/// Lists the open invitations to the organisation.
#[utoipa::path(
    get, path = "/api/v1/invitations", tag = "people", operation_id = "listInvitations",
    responses((status = 200, description = "The invitations.", body = Invitations), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn list_invitations(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
) -> Result<Json<Invitations>, Refused> {
    Ok(Json(app.invitations(&caller.principal).await?))
}

/// Invites a user to the organisation and sends them a link. Only an owner can invite an owner.
#[utoipa::path(
    post, path = "/api/v1/invitations", tag = "people", operation_id = "invite",
    request_body = InvitationInput,
    responses(
        (status = 201, description = "The invitation with its link, which only this answer contains.", body = InvitationView),
        WriteProblems,
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_member`: a member of the organisation has this e-mail address.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn invite(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<InvitationInput>,
) -> Result<(StatusCode, Json<InvitationView>), Refused> {
    let actor = caller.actor();
    let created = app.invite(&caller.principal, &actor, &input).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Withdraws an invitation.
#[utoipa::path(
    delete, path = "/api/v1/invitations/{id}", tag = "people", operation_id = "withdrawInvitation",
    params(("id" = String, Path, description = "UUID of the invitation.")),
    responses(
        (status = 204, description = "Withdrawn. The link no longer works."),
        PersonProblems,
        (status = 404, description = "`not_found`: the organisation has no open invitation with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn withdraw_invitation(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let actor = caller.actor();
    app.withdraw_invitation(&caller.principal, &actor, &id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
