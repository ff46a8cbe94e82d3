use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use weir_insights::segments::SegmentView;

use super::super::{
    problem::{ReadProblems, Refused},
    read::Read,
};

/// The segments of a project.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Segments {
    /// In order of name.
    segments: Vec<SegmentView>,
}

/// Lists the stored segments.
#[utoipa::path(
    get, path = "/api/v1/analytics/segments", tag = "cohorts", operation_id = "listSegments",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses(
        (status = 200, description = "The segments.", body = Segments),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn list_segments(read: Read) -> Result<Json<Segments>, Refused> {
    let segments = read.reading.segments(read.viewer).await?;
    Ok(Json(Segments { segments }))
}
