use axum::response::Response;
use weir_insights::views::errors::ErrorIntelligence;

use super::super::{
    parameters::{IntelligenceParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns errors by group.
#[utoipa::path(
    get, path = "/api/v1/observability/errors", tag = "observability", operation_id = "observabilityErrors",
    params(IntelligenceParameters),
    responses((status = 200, description = "The groups, the most frequent first.", body = ErrorIntelligence), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn observability_errors(
    read: Read,
    Parameters(wanted): Parameters<IntelligenceParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .error_intelligence(
            read.viewer,
            &wanted.frame(),
            &wanted.wanted()?,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
