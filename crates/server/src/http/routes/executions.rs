use axum::response::Response;
use weir_insights::views::executions::ExecutionStatistics;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, SeriesParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns execution statistics over time, optionally grouped by one dimension.
#[utoipa::path(
    get, path = "/api/v1/analytics/executions", tag = "analytics", operation_id = "executionStatistics",
    params(SeriesParameters),
    responses(
        (status = 200, description = "The statistics.", body = ExecutionStatistics),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn executions(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<SeriesParameters>,
) -> Result<Response, Refused> {
    let (granularity, group_by) = (wanted.granularity.as_deref(), wanted.group_by.as_deref());
    let frame = wanted.frame();
    let found = read
        .reading
        .execution_statistics(read.viewer, &frame, granularity, group_by, read.freshness)
        .await?;
    Ok(read.answer(found))
}
