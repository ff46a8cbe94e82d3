use axum::{extract::Path, response::Response};
use weir_insights::views::journeys::WorkflowAnalytics;

use super::super::{
    parameters::{EnrolmentParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the enrolment and conversion of a workflow: the enrolments of the range and their current states.
///
/// An enrolment is the start of an execution; `unit=subject` counts each subject once. An unknown workflow
/// has no enrolments.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics", tag = "journeys", operation_id = "workflowAnalytics",
    params(("id" = String, Path, description = "The workflow's id."), EnrolmentParameters),
    responses(
        (status = 200, description = "The metrics and their time series.", body = WorkflowAnalytics),
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
