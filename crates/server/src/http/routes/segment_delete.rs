use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{InProject, ManageSegments},
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};

/// Deletes a segment.
#[utoipa::path(
    delete, path = "/api/v1/analytics/segments/{id}", tag = "cohorts", operation_id = "deleteSegment",
    params(("id" = String, Path, description = "UUID of the segment."), ProjectParameters),
    responses(
        (status = 204, description = "Deleted."),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no segment with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn delete_segment(
    caller: InProject<ManageSegments>,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    app.delete_segment(caller.scope, &id, &caller.actor())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
