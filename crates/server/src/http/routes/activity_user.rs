use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, UserActivityParameters},
    problem::{Problem, ReadProblems},
};
use crate::app::{AppError, views::activity::user::UserActivityReport};

/// What one user did, how engaged they are, and their newest activities.
///
/// A user of whom no activity is stored is not found; one without activity in the range has figures of 0.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/users/{id}", tag = "activity", operation_id = "userActivity",
    params(("id" = String, Path, description = "The user."), UserActivityParameters),
    responses(
        (status = 200, description = "The user's activity.", body = UserActivityReport),
        ReadProblems,
        (status = 404, description = "`not_found`: no activity of this user is stored.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn activity_user(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<UserActivityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let frame = wanted.frame();
    let granularity = wanted.granularity.as_deref();
    let found = app
        .user_activity(caller.viewer, &id, &frame, granularity, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
