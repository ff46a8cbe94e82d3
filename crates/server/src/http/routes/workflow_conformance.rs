use axum::{Json, extract::Path, response::Response};
use weir_insights::views::process::{ProcessRulesInput, WorkflowConformance};

use super::super::{
    body::JsonBody,
    parameters::{ConformanceParameters, Parameters},
    problem::{ReadProblems, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// Returns how many executions of a workflow keep to each of its rules, with examples of those that do not.
///
/// Only executions that have ended and reported steps are judged.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/conformance", tag = "process", operation_id = "workflowConformance",
    params(("id" = String, Path, description = "The workflow's id."), ConformanceParameters),
    responses((status = 200, description = "The rules, judged.", body = WorkflowConformance), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_conformance(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ConformanceParameters>,
) -> Result<Response, Refused> {
    let executions = wanted.executions(&id)?;
    let found = read
        .reading
        .workflow_conformance(read.viewer, &executions, None, read.freshness)
        .await?;
    Ok(read.answer(found))
}

/// Judges rules without saving them.
#[utoipa::path(
    post, path = "/api/v1/analytics/workflows/{id}/conformance", tag = "process", operation_id = "tryConformance",
    params(("id" = String, Path, description = "The workflow's id."), ConformanceParameters),
    request_body = ProcessRulesInput,
    responses((status = 200, description = "The rules, judged.", body = WorkflowConformance), WriteProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn try_conformance(
    read: Read,
    visit: Visit,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ConformanceParameters>,
    JsonBody(input): JsonBody<ProcessRulesInput>,
) -> Result<Json<WorkflowConformance>, Refused> {
    let (executions, rules) = (wanted.executions(&id)?, input.checked()?);
    let found = read
        .reading
        .workflow_conformance(read.viewer, &executions, Some(rules), read.freshness)
        .await?;
    visit.reads(found.body.range);
    Ok(Json(found.body))
}
