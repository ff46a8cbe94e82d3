use axum::{Json, extract::Path};
use weir_insights::segments::{Members, definition::SegmentDefinition};

use super::super::{
    body::JsonBody,
    parameters::{MemberParameters, Parameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Lists the current members of a segment.
#[utoipa::path(
    get, path = "/api/v1/analytics/segments/{id}/members", tag = "cohorts", operation_id = "segmentMembers",
    params(("id" = String, Path, description = "UUID of the segment."), MemberParameters),
    responses(
        (status = 200, description = "A page of members.", body = Members),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no segment with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn segment_members(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<MemberParameters>,
) -> Result<Json<Members>, Refused> {
    let page = wanted.page();
    let members = read
        .reading
        .segment_members(read.viewer, &id, &page, read.freshness);
    Ok(Json(members.await?))
}

/// Lists the members that a segment would have, without storing it.
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
    read: Read,
    Parameters(wanted): Parameters<MemberParameters>,
    JsonBody(definition): JsonBody<SegmentDefinition>,
) -> Result<Json<Members>, Refused> {
    let page = wanted.page();
    let members = read
        .reading
        .members(read.viewer, &definition, &page, read.freshness);
    Ok(Json(members.await?))
}
