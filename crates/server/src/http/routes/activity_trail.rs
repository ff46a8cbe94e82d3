use axum::response::Response;
use weir_insights::views::activity::trail::TrailReport;

use super::super::{
    parameters::{Parameters, TrailParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

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
