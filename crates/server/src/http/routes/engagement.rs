use axum::response::Response;
use weir_insights::views::activity::engagement::EngagementReport;

use super::super::{
    parameters::{EngagementParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns daily, weekly and monthly active users, stickiness, and an engagement score for each user.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/engagement", tag = "activity", operation_id = "engagement",
    params(EngagementParameters),
    responses(
        (status = 200, description = "The engagement.", body = EngagementReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn engagement(
    read: Read,
    Parameters(wanted): Parameters<EngagementParameters>,
) -> Result<Response, Refused> {
    let frame = wanted.frame();
    let found = read
        .reading
        .engagement(read.viewer, &frame, &wanted.page(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
