use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    conditional::{answer, freshness},
    parameters::{ForecastParameters, Parameters},
    problem::ReadProblems,
};
use crate::app::{AppError, views::costs::CostForecast};

/// What will be spent over the next days, with bounds, and how good such forecasts have been.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/forecast", tag = "analytics", operation_id = "costForecast",
    params(ForecastParameters),
    responses(
        (status = 200, description = "The forecast; without days where the history is too short.", body = CostForecast),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn cost_forecast(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Parameters(wanted): Parameters<ForecastParameters>,
) -> Result<Response, AppError> {
    let freshness = freshness(&headers);
    let spending = wanted.metric.unwrap_or_default();
    let found = app
        .cost_forecast(
            caller.viewer,
            &wanted.costs(),
            spending,
            wanted.days,
            freshness,
        )
        .await?;
    Ok(answer(caller.viewer, &uri, &headers, found))
}
