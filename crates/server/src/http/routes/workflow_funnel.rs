use axum::{Json, extract::Path, response::Response};
use weir_insights::views::journeys::{FunnelRequest, WorkflowFunnel};

use super::super::{
    body::JsonBody,
    journey_parameters::FunnelParameters,
    parameters::Parameters,
    problem::{ReadProblems, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// The funnel of a workflow: how far those come who were enrolled in the range.
///
/// Ordered strict, sequential or any, with a conversion window, exclusions, repeated steps and a
/// breakdown. A workflow that is not known has no enrolments.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/funnel", tag = "journeys", operation_id = "workflowFunnel",
    params(("id" = String, Path, description = "The workflow."), FunnelParameters),
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

/// A funnel of a workflow, asked for in a body.
#[utoipa::path(
    post, path = "/api/v1/workflows/{id}/analytics/funnel", tag = "journeys", operation_id = "askWorkflowFunnel",
    params(
        ("id" = String, Path, description = "The workflow."),
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
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
