use axum::response::Response;
use weir_insights::views::rankings::Rankings;

use super::super::{
    parameters::{Parameters, RankingParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Ranks workflows: the slowest, those that fail most, the busiest or the most expensive.
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
    read: Read,
    Parameters(wanted): Parameters<RankingParameters>,
) -> Result<Response, Refused> {
    let by = wanted.by.unwrap_or_default();
    let found = read
        .reading
        .workflow_rankings(
            read.viewer,
            &wanted.frame(),
            by,
            wanted.limit,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
