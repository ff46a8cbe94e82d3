use axum::Json;

use super::super::{auth::Authenticated, problem::Problem};
use crate::app::roles::{RoleTable, table};

/// Lists the roles and the permissions of each.
///
/// A role in the organisation applies to all of its projects; a role in a project adds permissions in that
/// project. Operations that concern the organisation require a role in it.
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "people", operation_id = "listRoles",
    responses(
        (status = 200, description = "The roles.", body = RoleTable),
        (status = 401, description = "`unauthenticated`: the request has no valid API key or session.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = []), ("session" = [])),
)]
pub(in crate::http) async fn list_roles(_: Authenticated) -> Json<RoleTable> {
    Json(table())
}
