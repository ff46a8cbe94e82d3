use axum::response::Response;
use weir_insights::views::costs::CostForecast;

use super::super::{
    parameters::{ForecastParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Forecasts the spending of the next days, with bounds and the accuracy of past forecasts.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/forecast", tag = "analytics", operation_id = "costForecast",
    params(ForecastParameters),
    responses(
        (status = 200, description = "The forecast; it has no days if the history is too short.", body = CostForecast),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn cost_forecast(
    read: Read,
    Parameters(wanted): Parameters<ForecastParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .cost_forecast(
            read.viewer,
            &wanted.costs(),
            wanted.wanted(),
            read.freshness,
        )
        .await?;
    Ok(read.answer(found))
}
