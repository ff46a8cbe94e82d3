use super::super::auth::Anyone;

/// Reports that the process is alive.
#[utoipa::path(
    get, path = "/healthz", tag = "operations", operation_id = "isAlive",
    responses((status = 200, description = "Alive.", body = String, content_type = "text/plain")),
    security(()),
)]
pub(in crate::http) async fn is_alive(_: Anyone) -> &'static str {
    "ok\n"
}
