use axum::response::Response;
use weir_insights::views::costs::Breakdown;

use super::super::{
    parameters::{BreakdownParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Breaks costs down by one dimension, such as provider, model or workflow; the highest cost first.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/breakdown", tag = "analytics", operation_id = "costBreakdown",
    params(BreakdownParameters),
    responses(
        (status = 200, description = "The breakdown.", body = Breakdown),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn cost_breakdown(
    read: Read,
    Parameters(wanted): Parameters<BreakdownParameters>,
) -> Result<Response, Refused> {
    let by = wanted.by.as_deref();
    let found = read
        .reading
        .cost_breakdown(
            read.viewer,
            &wanted.costs(),
            by,
            wanted.limit,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
