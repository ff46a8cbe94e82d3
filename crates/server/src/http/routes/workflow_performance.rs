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
use crate::app::{AppError, views::performance::WorkflowPerformance};

/// The performance of one workflow: figures, trend, versions, bottleneck.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/performance", tag = "analytics", operation_id = "workflowPerformance",
    params(("id" = String, Path, description = "The workflow."), WorkflowParameters),
    responses(
        (status = 200, description = "The performance.", body = WorkflowPerformance),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_performance(
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
    let granularity = wanted.granularity.as_deref();
    let found = app
        .workflow_performance(caller.viewer, &id, &frame, granularity, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
