use axum::response::Response;
use weir_insights::views::errors::ExecutionErrors;

use super::super::{
    parameters::{ErrorParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Errors by class and group: how many, since when, which workflows, what they say, how they develop.
///
/// A group holds errors that are the same error but for identifiers, numbers, addresses, dates, hosts
/// and quoted values, whichever library said it. Rules and merges of the project come on top.
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
