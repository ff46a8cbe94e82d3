use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    body::JsonBody,
    conditional::{answer, freshness},
    journey_parameters::FunnelParameters,
    parameters::Parameters,
    problem::{ReadProblems, WriteProblems},
    visit::Visit,
};
use crate::app::{
    AppError,
    views::journeys::{FunnelRequest, WorkflowFunnel},
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
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<FunnelParameters>,
) -> Result<Response, AppError> {
    let found = app
        .workflow_funnel(caller.viewer, &id, &wanted.request(), freshness(&headers))
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
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
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    visit: Visit,
    headers: HeaderMap,
    Path(id): Path<String>,
    JsonBody(wanted): JsonBody<FunnelRequest>,
) -> Result<Json<WorkflowFunnel>, AppError> {
    let found = app
        .workflow_funnel(caller.viewer, &id, &wanted, freshness(&headers))
        .await?;
    visit.reads(found.body.range);
    Ok(Json(found.body))
}
