use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, RangeParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::executions::ExecutionSummary};

/// Execution figures of a range beside those of the range before.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions/summary", tag = "analytics", operation_id = "executionSummary",
    params(RangeParameters),
    responses(
        (status = 200, description = "The figures.", body = ExecutionSummary),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_summary(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<RangeParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .execution_summary(caller.viewer, &wanted.frame(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
