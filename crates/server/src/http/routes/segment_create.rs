use axum::{Json, extract::State, http::StatusCode};
use weir_insights::segments::{SegmentInput, SegmentView};

use super::super::{
    Shared,
    auth::{InProject, ManageSegments},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};

/// Creates a segment of users or workflows.
#[utoipa::path(
    post, path = "/api/v1/analytics/segments", tag = "cohorts", operation_id = "createSegment",
    params(ProjectParameters),
    request_body = SegmentInput,
    responses(
        (status = 201, description = "The segment.", body = SegmentView),
        WriteProblems,
        (status = 409, description = "`name_taken`: another segment has this name.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn create_segment(
    caller: InProject<ManageSegments>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<SegmentInput>,
) -> Result<(StatusCode, Json<SegmentView>), Refused> {
    let created = app
        .create_segment(caller.viewer, &input, &caller.actor())
        .await?;
    Ok((StatusCode::CREATED, Json(created)))
}
