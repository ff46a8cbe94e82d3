use axum::response::Response;
use weir_insights::views::observability::EnvironmentHealth;

use super::super::{
    parameters::{ObservabilityParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists all environments with their health.
#[utoipa::path(
    get, path = "/api/v1/observability/environments", tag = "observability", operation_id = "observabilityEnvironments",
    params(ObservabilityParameters),
    responses((status = 200, description = "The environments.", body = EnvironmentHealth), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_environments(
    read: Read,
    Parameters(wanted): Parameters<ObservabilityParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .observability_environments(read.viewer, &wanted.observed(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
