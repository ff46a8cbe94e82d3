use axum::Json;
use weir_insights::views::retention::{RetentionReport, RetentionRequest};

use super::super::{
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// Who came back: cohorts of users or workflows, period by period.
///
/// N-day, unbounded or by brackets; by periods of the calendar or rolling ones after each member's
/// own beginning. Periods that are not over are marked, those that have not begun are null.
#[utoipa::path(
    post, path = "/api/v1/analytics/retention", tag = "cohorts", operation_id = "retention",
    params(
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
        ("refresh" = Option<bool>, Query, description = "Whether the table is computed anew, whatever was answered before."),
    ),
    request_body = RetentionRequest,
    responses(
        (status = 200, description = "The table.", body = RetentionReport),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no segment of this id.", body = Problem, content_type = "application/problem+json"),
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
