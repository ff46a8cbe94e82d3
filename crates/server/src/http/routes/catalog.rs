use axum::Json;
use weir_query::Catalogue;

use super::super::{
    auth::{ReadAnalytics, Somewhere},
    problem::Problem,
};

/// Lists metrics, dimensions and granularities, with units and meanings.
#[utoipa::path(
    get, path = "/api/v1/catalog", tag = "query", operation_id = "readCatalog",
    responses(
        (status = 200, description = "Everything that can be asked.", body = Catalogue),
        (status = 401, description = "`unauthenticated`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn read_catalog(_: Somewhere<ReadAnalytics>) -> Json<Catalogue> {
    Json(weir_query::catalogue())
}
