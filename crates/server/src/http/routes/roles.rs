use axum::Json;

use super::super::{auth::Authenticated, problem::Problem};
use crate::app::roles::{RoleTable, table};

/// Lists the roles and what each allows.
///
/// A role in the organisation holds in all of its projects; a role in a project adds to it there. What
/// concerns the organisation takes a role in it.
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "people", operation_id = "listRoles",
    responses(
        (status = 200, description = "The table.", body = RoleTable),
        (status = 401, description = "`unauthenticated`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []), ("session" = [])),
)]
pub(in crate::http) async fn list_roles(_: Authenticated) -> Json<RoleTable> {
    Json(table())
}
