use axum::{Json, extract::Path};
use weir_insights::segments::SegmentView;

use super::super::{
    parameters::ProjectParameters,
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns a segment.
#[utoipa::path(
    get, path = "/api/v1/analytics/segments/{id}", tag = "cohorts", operation_id = "showSegment",
    params(("id" = String, Path, description = "UUID of the segment."), ProjectParameters),
    responses(
        (status = 200, description = "The segment.", body = SegmentView),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no segment with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn show_segment(
    read: Read,
    Path(id): Path<String>,
) -> Result<Json<SegmentView>, Refused> {
    Ok(Json(read.reading.segment(read.viewer, &id).await?))
}
