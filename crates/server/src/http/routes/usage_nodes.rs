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
use crate::app::{AppError, views::usage::NodeUsage};

/// Which types of nodes are used, how often, and how well they do (paper 1).
#[utoipa::path(
    get, path = "/analytics/nodes", tag = "analytics", operation_id = "nodeUsage",
    params(UsageParameters),
    responses((status = 200, description = "The usage.", body = NodeUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_nodes(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .node_usage(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
