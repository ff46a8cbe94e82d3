use axum::response::Response;
use weir_insights::views::usage::WorkflowUsage;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, UsageParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns how often workflows ran and how reliably: in total, by day and by workflow.
#[utoipa::path(
    get, path = "/analytics/workflows", tag = "analytics", operation_id = "workflowUsage",
    params(UsageParameters),
    responses((status = 200, description = "The usage.", body = WorkflowUsage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn usage_workflows(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<UsageParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_usage(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
