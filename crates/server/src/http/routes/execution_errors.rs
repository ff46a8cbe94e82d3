use axum::response::Response;
use weir_insights::views::errors::ExecutionErrors;

use super::super::{
    parameters::{ErrorParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns errors by class and group: counts, first and last occurrence, workflows, messages and trends.
///
/// Errors of a group differ only in identifiers, numbers, addresses, dates, hosts and quoted values, and in
/// the library that reported them. The rules and merges of the project also apply.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions/errors", tag = "analytics", operation_id = "executionErrors",
    params(ErrorParameters),
    responses(
        (status = 200, description = "The errors.", body = ExecutionErrors),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_errors(
    read: Read,
    Parameters(wanted): Parameters<ErrorParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_errors(
            read.viewer,
            &wanted.frame(),
            &wanted.wanted()?,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
