use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use weir_insights::views::process::{ProcessRules, ProcessRulesInput};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    conditional,
    parameters::ProjectParameters,
    problem::{Problem, ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Returns the conformance rules of a workflow.
///
/// `ETag` identifies their version, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/rules", tag = "process", operation_id = "workflowRules",
    params(("id" = String, Path, description = "The workflow's id."), ProjectParameters),
    responses((status = 200, description = "The rules.", body = ProcessRules), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_rules(
    read: Read,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    Ok(tagged(read.reading.process_rules(read.viewer, &id).await?))
}

/// Replaces the conformance rules of a workflow. A workflow can have rules before it has run.
#[utoipa::path(
    put, path = "/api/v1/workflows/{id}/rules", tag = "process", operation_id = "putWorkflowRules",
    params(("id" = String, Path, description = "The workflow's id."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the rules to replace; without it, any version is replaced.")),
    request_body = ProcessRulesInput,
    responses(
        (status = 200, description = "The rules as stored.", body = ProcessRules),
        WriteProblems,
        (status = 412, description = "`precondition_failed`: the rules have another version.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_workflow_rules(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<ProcessRulesInput>,
) -> Result<Response, Refused> {
    let (after, actor) = (conditional::matched_version(&headers)?, caller.actor());
    let put = app
        .put_process_rules(caller.scope, &id, &input.checked()?, after, &actor)
        .await
        .map_err(conditional::unmatched)?;
    Ok(tagged(put))
}

fn tagged(rules: ProcessRules) -> Response {
    conditional::tagged(&format!("\"{}\"", rules.version), rules)
}
