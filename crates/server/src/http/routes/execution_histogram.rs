use axum::response::Response;
use weir_insights::views::execution_list::ExecutionTimes;

use super::super::{
    environment::OneEnvironment,
    parameters::{ExecutionTimesParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns when the executions of the list happened: their number by bucket of time and state.
///
/// It counts exactly the executions that `GET /api/v1/executions` lists with the same parameters. With
/// `since`, `total` says how many executions have come above a row since it was the newest.
#[utoipa::path(
    get, path = "/api/v1/executions/histogram", tag = "analytics", operation_id = "executionHistogram",
    params(ExecutionTimesParameters),
    responses((status = 200, description = "The buckets.", body = ExecutionTimes), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn execution_histogram(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<ExecutionTimesParameters>,
) -> Result<Response, Refused> {
    let granularity = wanted
        .granularity
        .as_deref()
        .filter(|word| !word.is_empty());
    let found = read
        .reading
        .execution_histogram(read.viewer, &wanted.wanted()?, granularity, read.freshness)
        .await?;
    Ok(read.answer(found))
}
