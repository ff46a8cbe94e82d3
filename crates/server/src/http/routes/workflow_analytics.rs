use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    journey_parameters::EnrolmentParameters,
    parameters::Parameters,
    problem::ReadProblems,
};
use crate::app::{AppError, views::journeys::WorkflowAnalytics};

/// Enrolment and conversion of a workflow: who was enrolled in the range, and where they stand now.
///
/// An enrolment is an execution at its first moment; `unit=subject` counts each subject once. A workflow
/// that is not known has no enrolments.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics", tag = "journeys", operation_id = "workflowAnalytics",
    params(("id" = String, Path, description = "The workflow."), EnrolmentParameters),
    responses(
        (status = 200, description = "The figures and their series.", body = WorkflowAnalytics),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_analytics(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<EnrolmentParameters>,
) -> Result<Response, AppError> {
    let found = app
        .workflow_analytics(caller.viewer, &id, &wanted.request(), freshness(&headers))
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
