use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    journey_parameters::ActionParameters,
    parameters::Parameters,
    problem::ReadProblems,
};
use crate::app::{AppError, views::journeys::WorkflowActions};

/// The actions of a workflow: how its steps perform, and at which of them enrolments stop.
///
/// A workflow that is not known has no actions.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/actions", tag = "journeys", operation_id = "workflowActions",
    params(("id" = String, Path, description = "The workflow."), ActionParameters),
    responses(
        (status = 200, description = "The actions, those reached by most first.", body = WorkflowActions),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_actions(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ActionParameters>,
) -> Result<Response, AppError> {
    let found = app
        .workflow_actions(caller.viewer, &id, &wanted.frame(), freshness(&headers))
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
