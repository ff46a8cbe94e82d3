use axum::{extract::Path, response::Response};
use weir_insights::views::execution_list::ExecutionNeighbours;

use super::super::{
    environment::OneEnvironment,
    parameters::{NeighboursParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns the executions directly above and below one in the list with the same filters.
///
/// The execution does not have to match the filters itself.
#[utoipa::path(
    get, path = "/api/v1/executions/{id}/neighbours", tag = "analytics", operation_id = "executionNeighbours",
    params(("id" = String, Path, description = "The execution's `id`, or its `executionId`."), NeighboursParameters),
    responses(
        (status = 200, description = "The neighbours.", body = ExecutionNeighbours),
        ReadProblems,
        (status = 308, description = "The execution has a new id because more is known about it now; see `Location`."),
        (status = 404, description = "`not_found`: the project has no such execution.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`ambiguous`: several executions have this `executionId`; `candidates` lists them.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_neighbours(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<NeighboursParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_neighbours(read.viewer, &id, &wanted.wanted()?)
        .await?;
    Ok(read.found(found, "/neighbours"))
}
