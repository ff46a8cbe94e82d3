use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{Authorized, ManageProjects},
    body::JsonBody,
    origin::CameFrom,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::projects::{ProjectChange, ProjectInput, ProjectView};

/// Makes a project.
#[utoipa::path(
    post, path = "/api/v1/projects", tag = "projects", operation_id = "createProject",
    request_body = ProjectInput,
    responses(
        (status = 201, description = "The project.", body = ProjectView),
        WriteProblems,
        (status = 409, description = "`name_taken`: another project of the organisation has the name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn create_project(
    caller: Authorized<ManageProjects>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(input): JsonBody<ProjectInput>,
) -> Result<(StatusCode, Json<ProjectView>), Refused> {
    let actor = caller.principal.actor(&origin);
    let made = app
        .create_project(&caller.principal, &actor, &input)
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Changes a project: its name, and the environments that it is known to have before events name them.
#[utoipa::path(
    patch, path = "/api/v1/projects/{id}", tag = "projects", operation_id = "changeProject",
    params(("id" = String, Path, description = "UUID of the project.")),
    request_body = ProjectChange,
    responses(
        (status = 200, description = "The project.", body = ProjectView),
        WriteProblems,
        (status = 404, description = "`unknown_project`.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another project of the organisation has the name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_project(
    caller: Authorized<ManageProjects>,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<ProjectChange>,
) -> Result<Json<ProjectView>, Refused> {
    let actor = caller.principal.actor(&origin);
    let changed = app.change_project(&caller.principal, &actor, &id, &input);
    Ok(Json(changed.await?))
}
