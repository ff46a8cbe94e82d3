use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{ObservabilityParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::observability::SystemStatus};

/// What is noteworthy right now: drops beyond chance, failing workflows, silent sources.
#[utoipa::path(
    get, path = "/api/v1/observability/status", tag = "observability", operation_id = "observabilityStatus",
    params(ObservabilityParameters),
    responses((status = 200, description = "The insights.", body = SystemStatus), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_status(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .observability_status(caller.viewer, &wanted.observed(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
