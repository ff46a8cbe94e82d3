use axum::{extract::Path, response::Response};
use weir_insights::views::activity::sessions::UserSessions;

use super::super::{
    parameters::{Parameters, SessionParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists the sessions of one user, newest first. A pause of more than 30 minutes separates two sessions.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/users/{id}/sessions", tag = "activity", operation_id = "userSessions",
    params(("id" = String, Path, description = "The user's id."), SessionParameters),
    responses((status = 200, description = "A page of sessions.", body = UserSessions), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn user_sessions(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<SessionParameters>,
) -> Result<Response, Refused> {
    let (frame, page) = (wanted.frame(), wanted.page());
    let found = read
        .reading
        .user_sessions(read.viewer, &id, &frame, &page, read.freshness)
        .await?;
    Ok(read.answer(found))
}
