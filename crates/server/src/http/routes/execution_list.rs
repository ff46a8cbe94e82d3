use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::answer,
    parameters::{ExecutionListParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::execution_list::ExecutionList};

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
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ExecutionListParameters>,
) -> Result<Response, AppError> {
    let found = app.execution_list(caller.viewer, &wanted.wanted()?).await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
