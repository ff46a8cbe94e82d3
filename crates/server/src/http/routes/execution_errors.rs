use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, Read},
    conditional::{answer, freshness},
    parameters::{Parameters, RangeParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::errors::ExecutionErrors};

/// Errors by type: how many, since when, which workflows, what the newest says.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions/errors", tag = "analytics", operation_id = "executionErrors",
    params(RangeParameters),
    responses(
        (status = 200, description = "The errors.", body = ExecutionErrors),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_errors(
    caller: InProject<Read>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<RangeParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .execution_errors(caller.scope, &wanted.frame(), freshness)
        .await?;
    Ok(answer(caller.scope, &uri, &headers, found))
}
