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
use crate::app::{AppError, views::observability::Kpis};

/// Key figures with a sparkline and the change against the range before.
#[utoipa::path(
    get, path = "/api/v1/observability/kpis", tag = "observability", operation_id = "observabilityKpis",
    params(ObservabilityParameters),
    responses((status = 200, description = "The figures.", body = Kpis), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_kpis(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let found = app
        .observability_kpis(caller.viewer, &wanted.observed(), freshness)
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
