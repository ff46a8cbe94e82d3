use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, Read},
    conditional::{answer, freshness},
    parameters::{Parameters, RankingParameters},
    problem::Problem,
};
use crate::app::{AppError, views::rankings::Rankings};

/// Workflows ranked: the slowest, those that fail most, the busiest, the dearest.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/rankings", tag = "analytics", operation_id = "workflowRankings",
    params(RankingParameters),
    responses(
        (status = 200, description = "The ranking.", body = Rankings),
        (status = 304, description = "The caller has it: `If-None-Match` is the `ETag`."),
        (status = 400, description = "A parameter is not valid; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthenticated`.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`missing_scope`: the key lacks `read`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_rankings(
    caller: InProject<Read>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<RankingParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let by = wanted.by.unwrap_or_default();
    let found = app
        .workflow_rankings(caller.scope, &wanted.frame(), by, wanted.limit, freshness)
        .await?;
    Ok(answer(caller.scope, &uri, &headers, found))
}
