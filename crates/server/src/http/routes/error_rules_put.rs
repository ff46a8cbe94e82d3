use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::{Regrouped, RulesInput};

/// Puts the project's rules for errors into force as a new version.
///
/// Merged and named groups stay what they are: they follow their examples. Stored errors are counted
/// by the new rules before this answers.
#[utoipa::path(
    put, path = "/api/v1/errors/rules", tag = "errors", operation_id = "putErrorRules",
    params(
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
    ),
    request_body = RulesInput,
    responses(
        (status = 200, description = "Done, and stored errors are counted so.", body = Regrouped), WriteProblems,
        (status = 409, description = "`stale`: there is a newer version than the one named.", body = Problem, content_type = "application/problem+json"),
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
