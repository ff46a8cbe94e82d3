use axum::{
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, RangeParameters},
    problem::{Problem, ReadProblems},
};
use crate::app::{AppError, views::errors::ErrorGroupDetail};

/// One group of errors: its figures in a range, and what belongs to it.
#[utoipa::path(
    get, path = "/api/v1/errors/groups/{id}", tag = "errors", operation_id = "errorGroup",
    params(("id" = String, Path, description = "The group's id."), RangeParameters),
    responses(
        (status = 200, description = "The group.", body = ErrorGroupDetail), ReadProblems,
        (status = 404, description = "`unknown_error_group`: no error of it was ever stored.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_group(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<RangeParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .error_group(caller.viewer, &wanted.frame(), &id, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
