use axum::response::Response;
use weir_insights::views::activity::ActivityReport;

use super::super::{
    parameters::{ActivityParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns user activity: logins, feature use, sessions, active time, and patterns by hour and weekday.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity", tag = "activity", operation_id = "activity",
    params(ActivityParameters),
    responses(
        (status = 200, description = "The activity.", body = ActivityReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn activity(
    read: Read,
    Parameters(wanted): Parameters<ActivityParameters>,
) -> Result<Response, Refused> {
    let frame = wanted.frame();
    let granularity = wanted.granularity.as_deref();
    let found = read
        .reading
        .activity(
            read.viewer,
            &frame,
            &wanted.filter(),
            granularity,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
