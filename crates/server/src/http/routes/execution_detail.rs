use axum::{extract::Path, response::Response};
use weir_insights::views::execution_detail::ExecutionDetail;

use super::super::{
    parameters::{ExecutionParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns one execution: its states, steps as a waterfall, costs, retries, parent and children.
///
/// The path contains its `id`, or its `executionId` if no other execution of the project has the same.
#[utoipa::path(
    get, path = "/api/v1/executions/{id}", tag = "analytics", operation_id = "showExecution",
    params(("id" = String, Path, description = "The execution's `id`, or its `executionId`."), ExecutionParameters),
    responses(
        (status = 200, description = "The execution.", body = ExecutionDetail),
        ReadProblems,
        (status = 308, description = "The execution has a new id because more is known about it now; see `Location`."),
        (status = 404, description = "`not_found`: the project has no such execution, or the execution has no such run.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`ambiguous`: several executions have this `executionId`; `candidates` lists them.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn show_execution(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ExecutionParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_detail(read.viewer, &id, &wanted.wanted())
        .await?;
    Ok(read.found(found, ""))
}
