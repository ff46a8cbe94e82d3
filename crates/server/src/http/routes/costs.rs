use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{CostParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::costs::CostStatistics};

/// Costs of a range beside those of the range before, over time, for each execution, and what was wasted.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs", tag = "analytics", operation_id = "costs",
    params(CostParameters),
    responses(
        (status = 200, description = "The costs.", body = CostStatistics),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn costs(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<CostParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let (granularity, group_by) = (wanted.granularity.as_deref(), wanted.group_by.as_deref());
    let found = app
        .cost_statistics(
            caller.viewer,
            &wanted.costs(),
            granularity,
            group_by,
            freshness,
        )
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
