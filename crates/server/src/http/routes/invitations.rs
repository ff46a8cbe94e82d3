use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{Authorized, ManagePeople},
    body::JsonBody,
    origin::CameFrom,
    problem::{PersonProblems, Problem, Refused, WriteProblems},
};
use crate::app::people::{InvitationInput, InvitationView, Invitations};

/// Lists who is invited to the organisation and has not come yet.
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

/// Invites somebody to the organisation and sends them a link. To make an owner takes an owner.
#[utoipa::path(
    post, path = "/api/v1/invitations", tag = "people", operation_id = "invite",
    request_body = InvitationInput,
    responses(
        (status = 201, description = "The invitation with its link, which is told once.", body = InvitationView),
        WriteProblems,
        (status = 404, description = "`unknown_project`.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`already_member`: somebody of the organisation has the address.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn invite(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(input): JsonBody<InvitationInput>,
) -> Result<(StatusCode, Json<InvitationView>), Refused> {
    let actor = caller.principal.actor(&origin);
    let made = app.invite(&caller.principal, &actor, &input).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Takes an invitation back.
#[utoipa::path(
    delete, path = "/api/v1/invitations/{id}", tag = "people", operation_id = "withdrawInvitation",
    params(("id" = String, Path, description = "UUID of the invitation.")),
    responses(
        (status = 204, description = "Its link is good for nothing any more."),
        PersonProblems,
        (status = 404, description = "`not_found`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn withdraw_invitation(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let actor = caller.principal.actor(&origin);
    app.withdraw_invitation(&caller.principal, &actor, &id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
