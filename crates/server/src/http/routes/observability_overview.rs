use axum::response::Response;
use weir_insights::views::observability::ObservabilityOverview;

use super::super::{
    parameters::{ObservabilityParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns the whole dashboard in one answer: key metrics, workflows, environments and insights.
#[utoipa::path(
    get, path = "/api/v1/observability/overview", tag = "observability", operation_id = "observabilityOverview",
    params(ObservabilityParameters),
    responses((status = 200, description = "The dashboard.", body = ObservabilityOverview), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_overview(
    read: Read,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .observability_overview(read.viewer, &wanted.observed(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
