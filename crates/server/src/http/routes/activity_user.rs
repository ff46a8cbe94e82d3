use axum::{extract::Path, response::Response};
use weir_insights::views::activity::user::UserActivityReport;

use super::super::{
    parameters::{Parameters, UserActivityParameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns the activity of one user, how engaged they are, and their newest activities.
///
/// A user without any stored activity is not found. For a user without activity in the range, the figures
/// are 0.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/users/{id}", tag = "activity", operation_id = "userActivity",
    params(("id" = String, Path, description = "The user's id."), UserActivityParameters),
    responses(
        (status = 200, description = "The user's activity.", body = UserActivityReport),
        ReadProblems,
        (status = 404, description = "`not_found`: no activity of this user is stored.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn activity_user(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<UserActivityParameters>,
) -> Result<Response, Refused> {
    let frame = wanted.frame();
    let granularity = wanted.granularity.as_deref();
    let found = read
        .reading
        .user_activity(read.viewer, &id, &frame, granularity, read.freshness)
        .await?;
    Ok(read.answer(found))
}
