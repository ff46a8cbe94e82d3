use axum::response::Response;
use weir_insights::views::observability::SystemStatus;

use super::super::{
    parameters::{ObservabilityParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns what needs attention now: statistically significant drops, failing workflows, silent sources.
#[utoipa::path(
    get, path = "/api/v1/observability/status", tag = "observability", operation_id = "observabilityStatus",
    params(ObservabilityParameters),
    responses((status = 200, description = "The insights.", body = SystemStatus), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_status(
    read: Read,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .observability_status(read.viewer, &wanted.observed(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
