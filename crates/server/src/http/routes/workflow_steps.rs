use axum::{extract::Path, response::Response};
use weir_insights::views::steps::WorkflowSteps;

use super::super::{
    parameters::{Parameters, WorkflowParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists the steps of a workflow with their durations and shares of time; the one that takes most time first.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/steps", tag = "analytics", operation_id = "workflowSteps",
    params(("id" = String, Path, description = "The workflow's id."), WorkflowParameters),
    responses(
        (status = 200, description = "The steps.", body = WorkflowSteps),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_steps(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<WorkflowParameters>,
) -> Result<Response, Refused> {
    let mut frame = wanted.frame();
    frame.workflow = Some(id.clone());
    let found = read
        .reading
        .workflow_steps(read.viewer, &id, &frame, read.freshness)
        .await?;
    Ok(read.answer(found))
}
