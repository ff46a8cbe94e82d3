use axum::{extract::Path, response::Response};
use weir_insights::views::performance::WorkflowPerformance;

use super::super::{
    environment::OneEnvironment,
    parameters::{Parameters, WorkflowParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the performance of a workflow: metrics, trend, versions and bottleneck.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/performance", tag = "analytics", operation_id = "workflowPerformance",
    params(("id" = String, Path, description = "The workflow's id."), WorkflowParameters),
    responses(
        (status = 200, description = "The performance.", body = WorkflowPerformance),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_performance(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<WorkflowParameters>,
) -> Result<Response, Refused> {
    let mut frame = wanted.frame();
    frame.workflow = Some(id.clone());
    let granularity = wanted.granularity.as_deref();
    let found = read
        .reading
        .workflow_performance(read.viewer, &id, &frame, granularity, read.freshness)
        .await?;
    Ok(read.answer(found))
}
