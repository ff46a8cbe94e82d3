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
/// The list has one row for every execution that metrics count: open ones at their newest state, finished
/// ones at their end. If nothing matches the filters, for example because the workflow is unknown, the list
/// is empty.
///
/// To follow the list, ask for `since` = `newestCursor` of an answer whenever `/api/v1/sse/counts` reports a change:
/// the histogram then counts what has come above, and this list has its rows. An execution that got another
/// state comes again, with the same `id`.
#[utoipa::path(
    get, path = "/api/v1/executions", tag = "analytics", operation_id = "listExecutions",
    params(ExecutionListParameters),
    responses((status = 200, description = "A page of executions.", body = ExecutionList), ReadProblems),
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
