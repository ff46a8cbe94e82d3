use axum::{extract::Path, response::Response};
use weir_insights::views::errors::ErrorGroupDetail;

use super::super::{
    parameters::{Parameters, RangeParameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns an error group: its metrics in the range, and the errors that belong to it.
#[utoipa::path(
    get, path = "/api/v1/errors/groups/{id}", tag = "errors", operation_id = "errorGroup",
    params(("id" = String, Path, description = "The group's id."), RangeParameters),
    responses(
        (status = 200, description = "The group.", body = ErrorGroupDetail), ReadProblems,
        (status = 404, description = "`unknown_error_group`: no error of this group was ever stored.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_group(
    read: Read,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<RangeParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .error_group(read.viewer, &wanted.frame(), &id, read.freshness)
        .await?;
    Ok(read.answer(found))
}
