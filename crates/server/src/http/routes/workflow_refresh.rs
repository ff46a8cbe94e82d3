use axum::{Json, extract::Path};
use weir_insights::views::journeys::WorkflowRefresh;

use super::super::{
    journey_parameters::EnrolmentParameters,
    parameters::Parameters,
    problem::{Refused, WriteProblems},
    read::Read,
};

/// Computes the analytics, the funnel and the actions of a workflow anew, in place of kept answers.
///
/// Figures follow every commit by themselves; this is for a person who wants to be sure.
#[utoipa::path(
    post, path = "/api/v1/workflows/{id}/analytics/refresh", tag = "journeys", operation_id = "refreshWorkflowAnalytics",
    params(("id" = String, Path, description = "The workflow."), EnrolmentParameters),
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
