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
use crate::app::{AppError, views::output::DocumentReport};

/// Documents by kind: how many were made, how surely, how fast.
#[utoipa::path(
    get, path = "/api/workflow-analytics/documents", tag = "analytics", operation_id = "documentReport",
    params(OutputParameters),
    responses((status = 200, description = "The documents.", body = DocumentReport), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn documents(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<OutputParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .document_report(caller.viewer, &wanted.wanted(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
