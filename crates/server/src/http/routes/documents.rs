use axum::response::Response;
use weir_insights::views::output::DocumentReport;

use super::super::{
    parameters::{OutputParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns documents by kind: how many were created, the success rate, and the durations.
#[utoipa::path(
    get, path = "/api/workflow-analytics/documents", tag = "analytics", operation_id = "documentReport",
    params(OutputParameters),
    responses((status = 200, description = "The documents.", body = DocumentReport), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn documents(
    read: Read,
    Parameters(wanted): Parameters<OutputParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .document_report(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
