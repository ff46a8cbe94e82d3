use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{ErrorParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::errors::ExecutionErrors};

/// Groups of errors, the most frequent first.
#[utoipa::path(
    get, path = "/api/v1/errors/groups", tag = "errors", operation_id = "errorGroups",
    params(ErrorParameters),
    responses((status = 200, description = "The groups.", body = ExecutionErrors), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_groups(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ErrorParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .execution_errors(caller.viewer, &wanted.frame(), &wanted.wanted()?, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
