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
use crate::app::{AppError, views::observability::EnvironmentHealth};

/// Every environment and how well it is.
#[utoipa::path(
    get, path = "/api/v1/observability/environments", tag = "observability", operation_id = "observabilityEnvironments",
    params(ObservabilityParameters),
    responses((status = 200, description = "The environments.", body = EnvironmentHealth), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_environments(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .observability_environments(caller.viewer, &wanted.observed(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
