use axum::response::Response;
use weir_insights::views::observability::Kpis;

use super::super::{
    parameters::{ObservabilityParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns key metrics, each with a sparkline and the change from the previous period.
#[utoipa::path(
    get, path = "/api/v1/observability/kpis", tag = "observability", operation_id = "observabilityKpis",
    params(ObservabilityParameters),
    responses((status = 200, description = "The metrics.", body = Kpis), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_kpis(
    read: Read,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .observability_kpis(read.viewer, &wanted.observed(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
