use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, UsageParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::usage::WorkflowUsage};

/// How often workflows ran and how well: altogether, by day, by workflow (paper 1).
#[utoipa::path(
    get, path = "/analytics/workflows", tag = "analytics", operation_id = "workflowUsage",
    params(UsageParameters),
    responses((status = 200, description = "The usage.", body = WorkflowUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_workflows(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .workflow_usage(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
