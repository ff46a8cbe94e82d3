use axum::{Json, extract::Path};
use weir_insights::views::journeys::WorkflowRefresh;

use super::super::{
    parameters::{EnrolmentParameters, Parameters},
    problem::{Refused, WriteProblems},
    read::Read,
};

/// Recomputes the analytics, funnel and actions of a workflow, and replaces cached answers.
///
/// This is never necessary, because every commit updates the figures; it lets a user make sure.
#[utoipa::path(
    post, path = "/api/v1/workflows/{id}/analytics/refresh", tag = "journeys", operation_id = "refreshWorkflowAnalytics",
    params(("id" = String, Path, description = "The workflow's id."), EnrolmentParameters),
    responses(
        (status = 200, description = "What was computed.", body = WorkflowRefresh),
        WriteProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn refresh_workflow_analytics(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<EnrolmentParameters>,
) -> Result<Json<WorkflowRefresh>, Refused> {
    let found = read
        .reading
        .refresh_workflow(read.viewer, &id, &wanted.request())
        .await?;
    Ok(Json(found))
}
