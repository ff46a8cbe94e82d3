use axum::response::Response;
use weir_insights::views::sli::Timeseries;

use super::super::{
    parameters::{Parameters, TimeseriesParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the runs, durations and documents of a window over time.
#[utoipa::path(
    get, path = "/api/workflow-analytics/timeseries", tag = "analytics", operation_id = "workflowAnalyticsTimeseries",
    params(TimeseriesParameters),
    responses(
        (status = 200, description = "The time series.", body = Timeseries),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_timeseries(
    read: Read,
    Parameters(wanted): Parameters<TimeseriesParameters>,
) -> Result<Response, Refused> {
    let bucket = wanted.bucket.as_deref().filter(|bucket| !bucket.is_empty());
    let found = read
        .reading
        .sli_timeseries(read.viewer, &wanted.wanted(), bucket, read.freshness)
        .await?;
    Ok(read.answer(found))
}
