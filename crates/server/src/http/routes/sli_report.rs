use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, SliParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::sli::SliReport};

/// Indicators of a window against their target, burn rates, and the windows before (paper 5).
///
/// An unknown workflow has no runs: its figures are null and its verdict is `no_data`.
#[utoipa::path(
    get, path = "/api/workflow-analytics/sli", tag = "analytics", operation_id = "workflowAnalyticsSli",
    params(SliParameters),
    responses(
        (status = 200, description = "The service levels.", body = SliReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_report(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<SliParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .sli_report(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
