use std::sync::Arc;

use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use utoipa::openapi::OpenApi;

use super::super::auth::Anyone;

/// Returns this OpenAPI document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations", operation_id = "describeApi",
    responses((status = 200, description = "The OpenAPI 3.1 document.", body = serde_json::Value)),
    security(()),
)]
pub(in crate::http) async fn describe_api(
    _: Anyone,
    Extension(document): Extension<Arc<OpenApi>>,
) -> Response {
    Json(&*document).into_response()
}
