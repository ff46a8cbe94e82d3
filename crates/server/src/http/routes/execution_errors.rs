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
    problem::Problem,
};
use crate::app::{AppError, views::errors::ExecutionErrors};

/// Errors by type: how many, since when, which workflows, what the newest says.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions/errors", tag = "analytics", operation_id = "executionErrors",
    params(RangeParameters),
    responses(
        (status = 200, description = "The errors.", body = ExecutionErrors),
        (status = 304, description = "The caller has it: `If-None-Match` is the `ETag`."),
        (status = 400, description = "A parameter is not valid; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`unauthenticated`.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`missing_scope`: the key lacks `read`.", body = Problem, content_type = "application/problem+json"),
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
