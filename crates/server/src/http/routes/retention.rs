use axum::Json;
use weir_insights::views::retention::{RetentionReport, RetentionRequest};

use super::super::{
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// Returns retention: how many members of each cohort of users or workflows returned, period by period.
///
/// Retention is N-day, unbounded or by brackets. Periods are calendar periods, or rolling ones that start
/// with each member. Periods that are not over are marked; periods that have not begun are null.
#[utoipa::path(
    post, path = "/api/v1/analytics/retention", tag = "cohorts", operation_id = "retention",
    params(
        ProjectParameters,
        ("refresh" = Option<bool>, Query, description = "Whether to bypass the cache: true or false."),
    ),
    request_body = RetentionRequest,
    responses(
        (status = 200, description = "The table.", body = RetentionReport),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no segment with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn retention(
    read: Read,
    visit: Visit,
    JsonBody(asked): JsonBody<RetentionRequest>,
) -> Result<Json<RetentionReport>, Refused> {
    let found = read
        .reading
        .retention(read.viewer, &asked, read.freshness)
        .await?;
    visit.reads(found.range);
    Ok(Json(found))
}
