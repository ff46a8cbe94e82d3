use axum::{extract::Path, response::Response};
use weir_insights::views::execution_norms::ExecutionNorms;

use super::super::{
    parameters::{ExecutionParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns what is unusual about an execution: its durations against its workflow's past, findings, its error
/// group and its neighbours.
///
/// The past is the 30 days before its start, of the same workflow and environment. Percentiles are of completed
/// executions and step runs, and null if there are fewer than 20.
#[utoipa::path(
    get, path = "/api/v1/executions/{id}/norms", tag = "analytics", operation_id = "executionNorms",
    params(("id" = String, Path, description = "The execution's `id`, or its `executionId`."), ExecutionParameters),
    responses(
        (status = 200, description = "The norms and findings.", body = ExecutionNorms),
        ReadProblems,
        (status = 308, description = "The execution has a new id because more is known about it now; see `Location`."),
        (status = 404, description = "`not_found`: the project has no such execution, or the execution has no such run.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`ambiguous`: several executions have this `executionId`; `candidates` lists them.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_norms(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ExecutionParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_norms(read.viewer, &id, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.found(found, "/norms"))
}
