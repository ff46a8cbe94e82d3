use axum::{extract::Path, response::Response};
use weir_insights::views::journeys::WorkflowAnalytics;

use super::super::{
    journey_parameters::EnrolmentParameters,
    parameters::Parameters,
    problem::{ReadProblems, Refused},
    read::Read,
};

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
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<EnrolmentParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_analytics(read.viewer, &id, &wanted.request(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
