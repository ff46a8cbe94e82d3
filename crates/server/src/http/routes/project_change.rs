use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{Authorized, ManageProjects},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::projects::{ProjectChange, ProjectInput, ProjectView};

/// Creates a project.
#[utoipa::path(
    post, path = "/api/v1/projects", tag = "projects", operation_id = "createProject",
    request_body = ProjectInput,
    responses(
        (status = 201, description = "The project.", body = ProjectView),
        WriteProblems,
        (status = 409, description = "`name_taken`: another project of the organisation has this name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn create_project(
    caller: Authorized<ManageProjects>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<ProjectInput>,
) -> Result<(StatusCode, Json<ProjectView>), Refused> {
    let actor = caller.actor();
    let created = app
        .create_project(&caller.principal, &actor, &input)
        .await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Changes the name of a project, and its environments that are known before events name them.
#[utoipa::path(
    patch, path = "/api/v1/projects/{id}", tag = "projects", operation_id = "changeProject",
    params(("id" = String, Path, description = "UUID of the project.")),
    request_body = ProjectChange,
    responses(
        (status = 200, description = "The project.", body = ProjectView),
        WriteProblems,
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another project of the organisation has this name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn change_project(
    caller: Authorized<ManageProjects>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<ProjectChange>,
) -> Result<Json<ProjectView>, Refused> {
    let actor = caller.actor();
    let changed = app.change_project(&caller.principal, &actor, &id, &input);
    Ok(Json(changed.await?))
}
