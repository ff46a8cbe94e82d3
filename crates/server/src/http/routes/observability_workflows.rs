use axum::response::Response;
use weir_insights::views::observability::WorkflowTable;

use super::super::{
    parameters::{Parameters, WorkflowTableParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists workflows with their metrics, changes, and when each last ran and last failed.
#[utoipa::path(
    get, path = "/api/v1/observability/workflows", tag = "observability", operation_id = "observabilityWorkflows",
    params(WorkflowTableParameters),
    responses((status = 200, description = "The workflows.", body = WorkflowTable), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_workflows(
    read: Read,
    Parameters(wanted): Parameters<WorkflowTableParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .observability_workflows(
            read.viewer,
            &wanted.observed(),
            wanted.sort_by.unwrap_or_default(),
            wanted.limit,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
