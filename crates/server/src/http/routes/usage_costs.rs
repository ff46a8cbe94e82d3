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
use crate::app::{AppError, views::usage::CostUsage};

/// What calls to paid interfaces cost, by provider, type and model, by day (paper 1).
#[utoipa::path(
    get, path = "/analytics/costs", tag = "analytics", operation_id = "costUsage",
    params(UsageParameters),
    responses((status = 200, description = "The costs.", body = CostUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_costs(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .cost_usage(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
