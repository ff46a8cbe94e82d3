use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{OverviewParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::sli::Overview};

/// Indicators, runs per day and documents of a window (paper 5).
#[utoipa::path(
    get, path = "/api/workflow-analytics/overview", tag = "analytics", operation_id = "workflowAnalyticsOverview",
    params(OverviewParameters),
    responses(
        (status = 200, description = "The overview.", body = Overview),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_overview(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<OverviewParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .sli_overview(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
