use axum::{extract::Path, response::Response};
use weir_insights::views::journeys::WorkflowActions;

use super::super::{
    parameters::{ActionParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the actions of a workflow: how its steps perform, and where enrolments stop.
///
/// An unknown workflow has no actions.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/actions", tag = "journeys", operation_id = "workflowActions",
    params(("id" = String, Path, description = "The workflow's id."), ActionParameters),
    responses(
        (status = 200, description = "The actions, the most reached first.", body = WorkflowActions),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_actions(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ActionParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_actions(read.viewer, &id, &wanted.frame(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
