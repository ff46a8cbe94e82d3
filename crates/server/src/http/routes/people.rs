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
use crate::app::people::{MemberView, People, RolesInput};

/// Lists the people of the organisation and their roles.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "people", operation_id = "listPeople",
    responses((status = 200, description = "The people.", body = People), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn list_people(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
) -> Result<Json<People>, Refused> {
    Ok(Json(app.people(&caller.principal).await?))
}

/// Gives a person roles in place of those that they had. They hold at once. To make or unmake an owner
/// takes an owner.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/roles", tag = "people", operation_id = "setRoles",
    params(("id" = String, Path, description = "UUID of the person.")),
    request_body = RolesInput,
    responses(
        (status = 200, description = "The person with them.", body = MemberView),
        WriteProblems,
        (status = 404, description = "`unknown_person`, `unknown_project`.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`: the organisation would be left without one.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn set_roles(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<RolesInput>,
) -> Result<Json<MemberView>, Refused> {
    let actor = caller.principal.actor(&origin);
    let changed = app.set_roles(&caller.principal, &actor, &id, &input);
    Ok(Json(changed.await?))
}

/// Takes a person out of the organisation. Their sessions in it end at once.
#[utoipa::path(
    delete, path = "/api/v1/people/{id}", tag = "people", operation_id = "removePerson",
    params(("id" = String, Path, description = "UUID of the person.")),
    responses(
        (status = 204, description = "They do not belong to it any more."),
        PersonProblems,
        (status = 404, description = "`unknown_person`.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`: the organisation would be left without one.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn remove_person(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let actor = caller.principal.actor(&origin);
    app.remove_person(&caller.principal, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
