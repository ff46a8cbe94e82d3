use axum::{extract::Path, response::Response};
use weir_insights::views::activity::user::UserActivityReport;

use super::super::{
    parameters::{Parameters, UserActivityParameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

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
