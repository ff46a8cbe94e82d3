use axum::response::Response;
use weir_insights::views::usage::PerformanceInsights;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, UsageParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns which node types are slow, fail or take the most time, and the effect of caches on them.
#[utoipa::path(
    get, path = "/analytics/performance", tag = "analytics", operation_id = "nodePerformance",
    params(UsageParameters),
    responses((status = 200, description = "The insights.", body = PerformanceInsights), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_performance(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .node_performance(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
