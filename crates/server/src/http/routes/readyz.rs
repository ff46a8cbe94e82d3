use axum::extract::State;

use super::super::{
    Shared,
    auth::Anyone,
    problem::{Problem, Refused},
};
use crate::app::{AppError, ErrorCode};

/// Reports whether requests can be served: both stores must answer.
#[utoipa::path(
    get, path = "/readyz", tag = "operations", operation_id = "isReady",
    responses(
        (status = 200, description = "Ready.", body = String, content_type = "text/plain"),
        (status = 503, description = "`starting`, `busy` or `shutting_down`: not ready.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn is_ready(
    _: Anyone,
    State(app): State<Shared>,
) -> Result<&'static str, Refused> {
    match app.ready().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => {
            let code = match error.code {
                ErrorCode::ShuttingDown => ErrorCode::ShuttingDown,
                _ => ErrorCode::Busy,
            };
            let context = error.to_string();
            let mut refusal = AppError::new(code, "A store does not answer.").retry_after(5);
            refusal.context = Some(context.into());
            Err(refusal.into())
        }
    }
}
