use axum::response::Response;
use weir_insights::views::executions::ExecutionSummary;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, RangeParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns execution metrics of a range, compared with the previous period.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions/summary", tag = "analytics", operation_id = "executionSummary",
    params(RangeParameters),
    responses(
        (status = 200, description = "The metrics.", body = ExecutionSummary),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_summary(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<RangeParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .execution_summary(read.viewer, &wanted.frame(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
