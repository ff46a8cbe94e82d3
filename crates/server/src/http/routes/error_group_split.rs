use axum::{
    Json,
    extract::{Path, State},
};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::{Regrouped, Split};

/// Takes errors out of a group.
///
/// Fingerprints that were merged into it become groups of their own again; a pattern makes a group of
/// the messages that match it, by a rule. Stored errors follow before this answers.
#[utoipa::path(
    post, path = "/api/v1/errors/groups/{id}/split", tag = "errors", operation_id = "splitErrorGroup",
    params(
        ("id" = String, Path, description = "The group's id."),
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
    ),
    request_body = Split,
    responses(
        (status = 200, description = "Done, and stored errors are counted so.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn split_error_group(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<Split>,
) -> Result<Json<Regrouped>, Refused> {
    let done = app
        .split_error_group(caller.scope, caller.actor(), &id, input)
        .await?;
    Ok(Json(done))
}
