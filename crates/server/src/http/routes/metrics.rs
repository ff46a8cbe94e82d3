use axum::{extract::State, http::header, response::IntoResponse};

use super::super::{Shared, auth::Anyone};
use crate::app::AppError;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Figures about the server, for a monitoring system.
#[utoipa::path(
    get, path = "/metrics", tag = "operations", operation_id = "readMetrics",
    responses((status = 200, description = "OpenMetrics text.", body = String, content_type = "application/openmetrics-text")),
    security(()),
)]
pub(in crate::http) async fn read_metrics(
    _: Anyone,
    State(app): State<Shared>,
) -> Result<impl IntoResponse, AppError> {
    let text = app.telemetry.render().map_err(AppError::internal)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}
