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
use crate::app::people::{MemberView, People, RolesInput};

/// Lists the members of the organisation and their roles.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "people", operation_id = "listPeople",
    responses((status = 200, description = "The members.", body = People), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn list_people(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
) -> Result<Json<People>, Refused> {
    Ok(Json(app.people(&caller.principal).await?))
}

/// Replaces the roles of a member. The change takes effect immediately.
///
/// Only an owner can grant or revoke the role of owner.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/roles", tag = "people", operation_id = "setRoles",
    params(("id" = String, Path, description = "UUID of the member.")),
    request_body = RolesInput,
    responses(
        (status = 200, description = "The member with the new roles.", body = MemberView),
        WriteProblems,
        (status = 404, description = "`unknown_person`: the organisation has no member with this id. `unknown_project`: the organisation has no project with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`: the organisation would have no owner.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn set_roles(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<RolesInput>,
) -> Result<Json<MemberView>, Refused> {
    let actor = caller.actor();
    let changed = app.set_roles(&caller.principal, &actor, &id, &input);
    Ok(Json(changed.await?))
}

/// Removes a member from the organisation. Their sessions in it end immediately.
#[utoipa::path(
    delete, path = "/api/v1/people/{id}", tag = "people", operation_id = "removePerson",
    params(("id" = String, Path, description = "UUID of the member.")),
    responses(
        (status = 204, description = "Removed."),
        PersonProblems,
        (status = 404, description = "`unknown_person`: the organisation has no member with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_owner`: the organisation would have no owner.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn remove_person(
    caller: Authorized<ManagePeople>,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let actor = caller.actor();
    app.remove_person(&caller.principal, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
