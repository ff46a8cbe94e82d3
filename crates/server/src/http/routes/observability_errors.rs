use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{IntelligenceParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::errors::ErrorIntelligence};

/// Error intelligence: errors by group, in paper 4's words.
#[utoipa::path(
    get, path = "/api/v1/observability/errors", tag = "observability", operation_id = "observabilityErrors",
    params(IntelligenceParameters),
    responses((status = 200, description = "The groups, the most frequent first.", body = ErrorIntelligence), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_errors(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<IntelligenceParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .error_intelligence(caller.viewer, &wanted.frame(), &wanted.wanted()?, freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
