use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::{Regrouped, RulesInput};

/// Replaces the error rules of a project with a new version.
///
/// Merged and named groups keep their errors, because they follow their examples. Stored errors are regrouped
/// by the new rules before the request is answered.
#[utoipa::path(
    put, path = "/api/v1/errors/rules", tag = "errors", operation_id = "putErrorRules",
    params(
        ProjectParameters,
    ),
    request_body = RulesInput,
    responses(
        (status = 200, description = "The change is applied, also to stored errors.", body = Regrouped), WriteProblems,
        (status = 409, description = "`stale`: there is a newer version than the one specified.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_error_rules(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<RulesInput>,
) -> Result<Json<Regrouped>, Refused> {
    let done = app
        .set_error_rules(caller.scope, caller.actor(), input)
        .await?;
    Ok(Json(done))
}
