use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{OutputParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::output::QueueReport};

/// Queues: what went in and out, how long they are, how long things waited.
#[utoipa::path(
    get, path = "/api/workflow-analytics/queues", tag = "analytics", operation_id = "queueReport",
    params(OutputParameters),
    responses((status = 200, description = "The queues.", body = QueueReport), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn queues(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<OutputParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .queue_report(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
