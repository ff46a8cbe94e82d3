use axum::{extract::Path, response::Response};
use weir_insights::views::process::WorkflowMap;

use super::super::{
    environment::OneEnvironment,
    parameters::{MapParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the process map of a workflow: its steps, and which directly follow which.
///
/// Steps are ordered by start, then by end, then as they were sent. The attempts of a step count as one, so
/// retries are no loop; skipped steps do not count. Where steps run in parallel, the one that starts later
/// follows the one that started earlier, and `overlaps` counts how often.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/map", tag = "process", operation_id = "workflowMap",
    params(("id" = String, Path, description = "The workflow's id."), MapParameters),
    responses((status = 200, description = "The process map.", body = WorkflowMap), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_map(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<MapParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_map(read.viewer, &wanted.request(&id)?, read.freshness)
        .await?;
    Ok(read.answer(found))
}
