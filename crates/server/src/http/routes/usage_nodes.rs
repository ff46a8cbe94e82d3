use axum::response::Response;
use weir_insights::views::usage::NodeUsage;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, UsageParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns which node types are used, how often, and how reliable they are.
#[utoipa::path(
    get, path = "/analytics/nodes", tag = "analytics", operation_id = "nodeUsage",
    params(UsageParameters),
    responses((status = 200, description = "The usage.", body = NodeUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_nodes(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .node_usage(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
