use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::answer,
    parameters::{ExecutionParameters, Parameters},
    problem::{Problem, ReadProblems},
};
use crate::app::{AppError, views::execution_detail::ExecutionDetail};

/// One execution: states, steps as a waterfall, costs, retries, parent and children.
#[utoipa::path(
    get, path = "/api/v1/executions/{id}", tag = "analytics", operation_id = "showExecution",
    params(("id" = String, Path, description = "The execution."), ExecutionParameters),
    responses(
        (status = 200, description = "The execution.", body = ExecutionDetail),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no such execution.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn show_execution(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<ExecutionParameters>,
) -> Result<Response, AppError> {
    let found = app
        .execution_detail(caller.viewer, &id, &wanted.frame())
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
