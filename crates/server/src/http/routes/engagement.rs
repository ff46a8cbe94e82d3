use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{EngagementParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::activity::engagement::EngagementReport};

/// Daily, weekly and monthly active users, stickiness, and how engaged every user is.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/engagement", tag = "activity", operation_id = "engagement",
    params(EngagementParameters),
    responses(
        (status = 200, description = "Engagement.", body = EngagementReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn engagement(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<EngagementParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let frame = wanted.frame();
    let found = app
        .engagement(caller.viewer, &frame, &wanted.page(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
