use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, TrailParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::activity::trail::TrailReport};

/// The audit trail: who did what, when, to what; the newest first.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/trail", tag = "activity", operation_id = "activityTrail",
    params(TrailParameters),
    responses(
        (status = 200, description = "A page of the trail.", body = TrailReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn activity_trail(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<TrailParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let frame = wanted.frame();
    let found = app
        .trail(caller.viewer, &frame, &wanted.filter(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
