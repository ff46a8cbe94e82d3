use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    body::JsonBody,
    conditional::freshness,
    parameters::{MemberParameters, Parameters},
    problem::{Problem, ReadProblems, WriteProblems},
};
use crate::app::{
    AppError,
    segments::{Members, definition::SegmentDefinition},
};

/// Who is in a stored segment now.
#[utoipa::path(
    get, path = "/api/v1/analytics/segments/{id}/members", tag = "cohorts", operation_id = "segmentMembers",
    params(("id" = String, Path, description = "UUID of the segment."), MemberParameters),
    responses(
        (status = 200, description = "A page of members.", body = Members),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no segment of this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn segment_members(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<MemberParameters>,
    headers: HeaderMap,
) -> Result<Json<Members>, AppError> {
    let page = wanted.page();
    let members = app.segment_members(caller.viewer, &id, &page, freshness(&headers));
    Ok(Json(members.await?))
}

/// Who would be in a segment: tries a definition without storing it.
#[utoipa::path(
    post, path = "/api/v1/analytics/segments/preview", tag = "cohorts", operation_id = "previewSegment",
    params(MemberParameters),
    request_body = SegmentDefinition,
    responses(
        (status = 200, description = "A page of members.", body = Members),
        WriteProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn preview_segment(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<MemberParameters>,
    headers: HeaderMap,
    JsonBody(definition): JsonBody<SegmentDefinition>,
) -> Result<Json<Members>, AppError> {
    let page = wanted.page();
    let members = app.members(caller.viewer, &definition, &page, freshness(&headers));
    Ok(Json(members.await?))
}
