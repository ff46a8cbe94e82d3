use axum::{Json, extract::Path, response::Response};
use weir_insights::views::journeys::{FunnelRequest, WorkflowFunnel};

use super::super::{
    body::JsonBody,
    parameters::{FunnelParameters, Parameters, ProjectParameters},
    problem::{ReadProblems, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// Returns the funnel of a workflow: how far the enrolments of the range get.
///
/// The order of steps is strict, sequential or any. A funnel can have a conversion window, exclusions,
/// repeated steps and a breakdown. An unknown workflow has no enrolments.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/funnel", tag = "journeys", operation_id = "workflowFunnel",
    params(("id" = String, Path, description = "The workflow's id."), FunnelParameters),
    responses(
        (status = 200, description = "The funnel.", body = WorkflowFunnel),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_funnel(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<FunnelParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_funnel(read.viewer, &id, &wanted.request(), read.freshness)
        .await?;
    Ok(read.answer(found))
}

/// Returns the funnel of a workflow that the body describes.
#[utoipa::path(
    post, path = "/api/v1/workflows/{id}/analytics/funnel", tag = "journeys", operation_id = "askWorkflowFunnel",
    params(
        ("id" = String, Path, description = "The workflow's id."),
        ProjectParameters,
    ),
    request_body = FunnelRequest,
    responses(
        (status = 200, description = "The funnel.", body = WorkflowFunnel),
        WriteProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn ask_workflow_funnel(
    read: Read,
    visit: Visit,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<FunnelRequest>,
) -> Result<Json<WorkflowFunnel>, Refused> {
    let found = read
        .reading
        .workflow_funnel(read.viewer, &id, &wanted, read.freshness)
        .await?;
    visit.reads(found.body.range);
    Ok(Json(found.body))
}
