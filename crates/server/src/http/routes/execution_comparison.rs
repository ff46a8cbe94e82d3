use axum::response::Response;
use weir_insights::views::execution_comparison::ComparedExecutions;

use super::super::{
    parameters::{ComparedParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Compares two executions: their steps side by side in their order, and the fields that differ.
///
/// Steps are aligned so that as many as possible of the same step stand side by side and both orders are kept.
/// Exchanging `a` and `b` exchanges the sides and changes nothing else.
#[utoipa::path(
    get, path = "/api/v1/executions/comparison", tag = "analytics", operation_id = "compareExecutions",
    params(ComparedParameters),
    responses(
        (status = 200, description = "The comparison.", body = ComparedExecutions),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no such execution.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`ambiguous`: several executions have this `executionId`; `candidates` lists them.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn compare_executions(
    read: Read,
    Parameters(wanted): Parameters<ComparedParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .compared_executions(read.viewer, &wanted.a, &wanted.b, wanted.frame())
        .await?;
    Ok(read.answer(found))
}
