use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, SeriesParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::executions::ExecutionStatistics};

/// Execution statistics over time, by one dimension if asked.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions", tag = "analytics", operation_id = "executionStatistics",
    params(SeriesParameters),
    responses(
        (status = 200, description = "The statistics.", body = ExecutionStatistics),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn executions(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<SeriesParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let (granularity, group_by) = (wanted.granularity.as_deref(), wanted.group_by.as_deref());
    let frame = wanted.frame();
    let found = app
        .execution_statistics(caller.viewer, &frame, granularity, group_by, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
