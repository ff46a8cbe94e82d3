use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, RankingParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::rankings::Rankings};

/// Workflows ranked: the slowest, those that fail most, the busiest, the dearest.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/rankings", tag = "analytics", operation_id = "workflowRankings",
    params(RankingParameters),
    responses(
        (status = 200, description = "The ranking.", body = Rankings),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_rankings(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<RankingParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let by = wanted.by.unwrap_or_default();
    let found = app
        .workflow_rankings(caller.viewer, &wanted.frame(), by, wanted.limit, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
