use axum::{extract::Path, response::Response};
use weir_insights::views::execution_tree::ExecutionFamily;

use super::super::{
    parameters::{ExecutionParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns the whole family of an execution: from the execution that neither was called nor retries another,
/// everything that was called or retried, and the outcome of the whole.
#[utoipa::path(
    get, path = "/api/v1/executions/{id}/tree", tag = "analytics", operation_id = "executionTree",
    params(("id" = String, Path, description = "The execution's `id`, or its `executionId`."), ExecutionParameters),
    responses(
        (status = 200, description = "The family.", body = ExecutionFamily),
        ReadProblems,
        (status = 308, description = "The execution has a new id because more is known about it now; see `Location`."),
        (status = 404, description = "`not_found`: the project has no such execution, or the execution has no such run.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`ambiguous`: several executions have this `executionId`; `candidates` lists them.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_tree(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ExecutionParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_family(read.viewer, &id, &wanted.wanted())
        .await?;
    Ok(read.found(found, "/tree"))
}
