use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, WorkflowParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::steps::WorkflowSteps};

/// The steps of one workflow with timing and share of time; the one that takes most time is first.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/steps", tag = "analytics", operation_id = "workflowSteps",
    params(("id" = String, Path, description = "The workflow."), WorkflowParameters),
    responses(
        (status = 200, description = "The steps.", body = WorkflowSteps),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_steps(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<WorkflowParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let mut frame = wanted.frame();
    frame.workflow = Some(id.clone());
    let found = app
        .workflow_steps(caller.viewer, &id, &frame, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
