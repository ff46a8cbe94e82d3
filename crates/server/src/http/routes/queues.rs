use axum::response::Response;
use weir_insights::views::output::QueueReport;

use super::super::{
    parameters::{OutputParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns queues: how much was added and removed, their lengths, and waiting times.
#[utoipa::path(
    get, path = "/api/workflow-analytics/queues", tag = "analytics", operation_id = "queueReport",
    params(OutputParameters),
    responses((status = 200, description = "The queues.", body = QueueReport), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn queues(
    read: Read,
    Parameters(wanted): Parameters<OutputParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .queue_report(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
