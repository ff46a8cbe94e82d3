use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::Authenticated,
    problem::{Problem, Refused},
};
use crate::app::projects::ProjectView;

/// The projects that a caller may see.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Projects {
    /// In the order they were made.
    projects: Vec<ProjectView>,
}

/// Lists the projects that the key or session may see.
#[utoipa::path(
    get, path = "/api/v1/projects", tag = "projects", operation_id = "listProjects",
    responses(
        (status = 200, description = "The projects.", body = Projects),
        (status = 401, description = "`unauthenticated`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []), ("session" = [])),
)]
pub(in crate::http) async fn list_projects(
    caller: Authenticated,
    State(app): State<Shared>,
) -> Result<Json<Projects>, Refused> {
    let projects = app.projects(&caller.principal).await?;
    Ok(Json(Projects { projects }))
}
