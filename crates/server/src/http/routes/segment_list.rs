use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use weir_insights::segments::SegmentView;

use super::super::{
    parameters::ProjectParameters,
    problem::{ReadProblems, Refused},
    read::Read,
};

/// The segments of a project.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Segments {
    /// Sorted by name.
    segments: Vec<SegmentView>,
}

/// Lists the segments of a project.
#[utoipa::path(
    get, path = "/api/v1/analytics/segments", tag = "cohorts", operation_id = "listSegments",
    params(ProjectParameters),
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
