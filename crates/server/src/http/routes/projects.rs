use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::Authenticated,
    problem::{Problem, Refused},
};
use crate::app::projects::ProjectView;

/// The projects that the caller has access to.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Projects {
    /// The oldest first.
    projects: Vec<ProjectView>,
}

/// Lists the projects that the key or session has access to.
#[utoipa::path(
    get, path = "/api/v1/projects", tag = "projects", operation_id = "listProjects",
    responses(
        (status = 200, description = "The projects.", body = Projects),
        (status = 401, description = "`unauthenticated`: the request has no valid API key or session.", body = Problem, content_type = "application/problem+json"),
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
