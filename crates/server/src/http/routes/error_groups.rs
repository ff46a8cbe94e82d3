use axum::response::Response;
use weir_insights::views::errors::ExecutionErrors;

use super::{
    super::{
        parameters::{ErrorParameters, Parameters},
        problem::{ReadProblems, Refused},
        read::Read,
    },
    execution_errors::execution_errors,
};

/// Lists error groups, the most frequent first.
#[utoipa::path(
    get, path = "/api/v1/errors/groups", tag = "errors", operation_id = "errorGroups",
    params(ErrorParameters),
    responses((status = 200, description = "The groups.", body = ExecutionErrors), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_groups(
    read: Read,
    wanted: Parameters<ErrorParameters>,
) -> Result<Response, Refused> {
    execution_errors(read, wanted).await
}
