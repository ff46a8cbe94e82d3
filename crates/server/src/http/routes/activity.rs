use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{ActivityParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::activity::ActivityReport};

/// What users did: logins, use of features, sessions, active time, patterns of day and week.
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
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ActivityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let frame = wanted.frame();
    let granularity = wanted.granularity.as_deref();
    let found = app
        .activity(
            caller.viewer,
            &frame,
            &wanted.filter(),
            granularity,
            freshness,
        )
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
