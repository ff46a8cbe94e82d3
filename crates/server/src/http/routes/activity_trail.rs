use axum::response::Response;
use weir_insights::views::activity::trail::TrailReport;

use super::super::{
    parameters::{Parameters, TrailParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists user activities, newest first: who did what, when, and to which resource.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/trail", tag = "activity", operation_id = "activityTrail",
    params(TrailParameters),
    responses(
        (status = 200, description = "A page of activities.", body = TrailReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn activity_trail(
    read: Read,
    Parameters(wanted): Parameters<TrailParameters>,
) -> Result<Response, Refused> {
    let frame = wanted.frame();
    let found = read
        .reading
        .trail(read.viewer, &frame, &wanted.filter(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
