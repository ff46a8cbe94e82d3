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
use crate::app::{AppError, views::observability::ObservabilityOverview};

/// The whole dashboard in one answer: key figures, workflows, environments, insights.
#[utoipa::path(
    get, path = "/api/v1/observability/overview", tag = "observability", operation_id = "observabilityOverview",
    params(ObservabilityParameters),
    responses((status = 200, description = "The dashboard.", body = ObservabilityOverview), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_overview(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .observability_overview(caller.viewer, &wanted.observed(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
