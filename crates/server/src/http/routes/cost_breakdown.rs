use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{BreakdownParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::costs::Breakdown};

/// Costs by what they were for: action type, provider, model, workflow or user; the dearest first.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/breakdown", tag = "analytics", operation_id = "costBreakdown",
    params(BreakdownParameters),
    responses(
        (status = 200, description = "The breakdown.", body = Breakdown),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn cost_breakdown(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<BreakdownParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let by = wanted.by.as_deref();
    let found = app
        .cost_breakdown(caller.viewer, &wanted.costs(), by, wanted.limit, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
