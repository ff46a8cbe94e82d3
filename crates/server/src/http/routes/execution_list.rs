use axum::response::Response;
use weir_insights::views::execution_list::ExecutionList;

use super::super::{
    environment::OneEnvironment,
    parameters::{ExecutionListParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists executions, newest first.
///
/// One row for every execution that the figures count: open ones in their newest state, finished ones
/// at their end. A filter that nothing meets, an unknown workflow among them, has an empty list.
#[utoipa::path(
    get, path = "/api/v1/executions", tag = "analytics", operation_id = "listExecutions",
    params(ExecutionListParameters),
    responses((status = 200, description = "A page.", body = ExecutionList), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn list_executions(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<ExecutionListParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_list(read.viewer, &wanted.wanted()?)
        .await?;
    Ok(read.answer(found))
}
