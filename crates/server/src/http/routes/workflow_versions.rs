use axum::{extract::Path, response::Response};
use weir_insights::views::comparison::WorkflowVersions;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, VersionParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists the versions of a workflow side by side, each compared with the one before it.
///
/// Figures have confidence bounds; a change beyond chance names the step behind it. An unknown workflow has
/// no versions.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/versions", tag = "analytics", operation_id = "workflowVersions",
    params(("id" = String, Path, description = "The workflow's id."), VersionParameters),
    responses(
        (status = 200, description = "The versions, the newest first.", body = WorkflowVersions),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_versions(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<VersionParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_versions(read.viewer, &id, &wanted.frame(&id), read.freshness)
        .await?;
    Ok(read.answer(found))
}
