use axum::response::Response;
use weir_insights::views::comparison::WorkflowComparison;

use super::super::{
    parameters::{ComparisonParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Compares workflows, or versions of one workflow: differences with bounds, and where data is insufficient.
///
/// The figures of a version or workflow that did not run are 0.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/comparison", tag = "analytics", operation_id = "workflowComparison",
    params(ComparisonParameters),
    responses((status = 200, description = "The comparison.", body = WorkflowComparison), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_comparison(
    read: Read,
    Parameters(wanted): Parameters<ComparisonParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_comparison(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
