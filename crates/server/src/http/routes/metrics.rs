use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::IntoResponse,
};

use super::super::{
    Shared,
    auth::Anyone,
    body::text,
    problem::{Problem, Refused},
};
use crate::app::{AppError, ErrorCode};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Figures about the server, for a monitoring system.
///
/// Where the server is configured with a key for them, they are read with it: `Authorization: Bearer` and
/// the key.
#[utoipa::path(
    get, path = "/metrics", tag = "operations", operation_id = "readMetrics",
    responses(
        (status = 200, description = "OpenMetrics text.", body = String, content_type = "application/openmetrics-text"),
        (status = 401, description = "`unauthenticated`: the server asks for a key, and this is not it.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn read_metrics(
    _: Anyone,
    State(app): State<Shared>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refused> {
    let shown = text(&headers, &header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    if !app.settings.metrics_key.opens(shown) {
        let detail = "These figures are read with the key of metrics_key.";
        return Err(AppError::new(ErrorCode::Unauthenticated, detail)
            .fix("Send Authorization: Bearer and the key.")
            .into());
    }
    let text = app.telemetry.render().map_err(AppError::internal)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}
