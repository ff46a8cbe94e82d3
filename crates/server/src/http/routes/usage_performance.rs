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
use crate::app::{AppError, views::usage::PerformanceInsights};

/// Which types of nodes are slow, fail or take the time, and what caches do for them (paper 1).
#[utoipa::path(
    get, path = "/analytics/performance", tag = "analytics", operation_id = "nodePerformance",
    params(UsageParameters),
    responses((status = 200, description = "The insights.", body = PerformanceInsights), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_performance(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .node_performance(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
