use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, TimeseriesParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::sli::Timeseries};

/// Runs, durations and documents of a window over time (paper 5).
#[utoipa::path(
    get, path = "/api/workflow-analytics/timeseries", tag = "analytics", operation_id = "workflowAnalyticsTimeseries",
    params(TimeseriesParameters),
    responses(
        (status = 200, description = "The time series.", body = Timeseries),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_timeseries(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<TimeseriesParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let bucket = wanted.bucket.as_deref().filter(|bucket| !bucket.is_empty());
    let found = app
        .sli_timeseries(caller.viewer, &wanted.wanted(), bucket, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
