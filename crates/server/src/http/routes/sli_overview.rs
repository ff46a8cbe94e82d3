use axum::response::Response;
use weir_insights::views::sli::Overview;

use super::super::{
    parameters::{OverviewParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the service level indicators, runs per day and documents of a window.
#[utoipa::path(
    get, path = "/api/workflow-analytics/overview", tag = "analytics", operation_id = "workflowAnalyticsOverview",
    params(OverviewParameters),
    responses(
        (status = 200, description = "The overview.", body = Overview),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_overview(
    read: Read,
    Parameters(wanted): Parameters<OverviewParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .sli_overview(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
