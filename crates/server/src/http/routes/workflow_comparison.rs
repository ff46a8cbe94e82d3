use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{ComparisonParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::comparison::WorkflowComparison};

/// Versions of a workflow, or workflows, side by side: differences with bounds, and what can not be told yet. A version or workflow that did not run has figures of zero.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/comparison", tag = "analytics", operation_id = "workflowComparison",
    params(ComparisonParameters),
    responses((status = 200, description = "The comparison.", body = WorkflowComparison), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_comparison(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ComparisonParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .workflow_comparison(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
