use axum::{Json, response::IntoResponse};

use super::super::{auth::Anyone, document};

/// Describes this API: the document you are reading.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations", operation_id = "describeApi",
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)),
    security(()),
)]
pub(in crate::http) async fn describe_api(_: Anyone) -> impl IntoResponse {
    Json(document::openapi())
}
