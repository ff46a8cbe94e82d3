use axum::response::Response;
use weir_insights::views::usage::CostUsage;

use super::super::{
    parameters::{Parameters, UsageParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the costs of calls to paid APIs, by provider, type and model, and by day.
#[utoipa::path(
    get, path = "/analytics/costs", tag = "analytics", operation_id = "costUsage",
    params(UsageParameters),
    responses((status = 200, description = "The costs.", body = CostUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_costs(
    read: Read,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .cost_usage(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
