use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{Parameters, WorkflowTableParameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::observability::WorkflowTable};

/// The workflows beside each other: figures, changes, when each last ran and failed.
#[utoipa::path(
    get, path = "/api/v1/observability/workflows", tag = "observability", operation_id = "observabilityWorkflows",
    params(WorkflowTableParameters),
    responses((status = 200, description = "The workflows.", body = WorkflowTable), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_workflows(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<WorkflowTableParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .observability_workflows(
            caller.viewer,
            &wanted.observed(),
            wanted.sort_by.unwrap_or_default(),
            wanted.limit,
            freshness,
        )
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
