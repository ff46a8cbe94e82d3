use axum::{extract::Path, response::Response};
use weir_insights::views::grid::WorkflowGrid;

use super::super::{
    environment::OneEnvironment,
    parameters::{GridParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the newest executions of a workflow by their steps: how each step went in each of them.
///
/// An unknown workflow has no executions.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/grid", tag = "analytics", operation_id = "workflowGrid",
    params(("id" = String, Path, description = "The workflow's id."), GridParameters),
    responses(
        (status = 200, description = "The executions and their steps.", body = WorkflowGrid),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_grid(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<GridParameters>,
) -> Result<Response, Refused> {
    let frame = wanted.frame(&id);
    let found = read
        .reading
        .workflow_grid(read.viewer, &id, &frame, wanted.runs, read.freshness)
        .await?;
    Ok(read.answer(found))
}
