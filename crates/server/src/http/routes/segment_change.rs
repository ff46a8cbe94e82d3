use axum::{
    Json,
    extract::{Path, State},
};
use weir_insights::segments::{SegmentInput, SegmentView};

use super::super::{
    Shared,
    auth::{InProject, ManageSegments},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};

/// Replaces the name and definition of a segment.
#[utoipa::path(
    put, path = "/api/v1/analytics/segments/{id}", tag = "cohorts", operation_id = "changeSegment",
    params(("id" = String, Path, description = "UUID of the segment."), ProjectParameters),
    request_body = SegmentInput,
    responses(
        (status = 200, description = "The segment.", body = SegmentView),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no segment with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another segment has this name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn change_segment(
    caller: InProject<ManageSegments>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<SegmentInput>,
) -> Result<Json<SegmentView>, Refused> {
    let actor = caller.actor();
    let changed = app.change_segment(caller.viewer, &id, &input, &actor);
    Ok(Json(changed.await?))
}
