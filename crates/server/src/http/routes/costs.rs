use axum::response::Response;
use weir_insights::views::costs::CostStatistics;

use super::super::{
    parameters::{CostParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns costs: over time, compared with the previous period, per execution, and how much was wasted.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs", tag = "analytics", operation_id = "costs",
    params(CostParameters),
    responses(
        (status = 200, description = "The costs.", body = CostStatistics),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn costs(
    read: Read,
    Parameters(wanted): Parameters<CostParameters>,
) -> Result<Response, Refused> {
    let (granularity, group_by) = (wanted.granularity.as_deref(), wanted.group_by.as_deref());
    let found = read
        .reading
        .cost_statistics(
            read.viewer,
            &wanted.costs(),
            granularity,
            group_by,
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
