use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};

use super::super::{
    Shared,
    auth::Anyone,
    headers::text,
    problem::{Problem, Refused},
};
use crate::app::{AppError, ErrorCode};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Returns metrics about the server, for a monitoring system.
///
/// If the server is configured with `metrics_key`, send it as `Authorization: Bearer KEY`.
#[utoipa::path(
    get, path = "/metrics", tag = "operations", operation_id = "readMetrics",
    responses(
        (status = 200, description = "OpenMetrics text.", body = String, content_type = "application/openmetrics-text"),
        (status = 401, description = "`unauthenticated`: the server requires `metrics_key`, and the request does not have it.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn read_metrics(
    _: Anyone,
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refused> {
    let given = text(&headers, &header::AUTHORIZATION);
    let given = given.and_then(|value| value.strip_prefix("Bearer "));
    if !app.settings.metrics_key.opens(given) {
        let detail = "Reading these metrics requires the key that metrics_key sets.";
        return Err(AppError::new(ErrorCode::Unauthenticated, detail)
            .fix("Send the key as Authorization: Bearer KEY.")
            .into());
    }
    let text = app.telemetry.render().map_err(AppError::internal)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}
