use axum::response::Response;
use weir_insights::views::sli::SliReport;

use super::super::{
    parameters::{Parameters, SliParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns service levels: indicators of a window against their target, burn rates, and past windows.
///
/// An unknown workflow has no runs: its figures are null, and its verdict is `no_data`.
#[utoipa::path(
    get, path = "/api/workflow-analytics/sli", tag = "analytics", operation_id = "workflowAnalyticsSli",
    params(SliParameters),
    responses(
        (status = 200, description = "The service levels.", body = SliReport),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_report(
    read: Read,
    Parameters(wanted): Parameters<SliParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .sli_report(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
