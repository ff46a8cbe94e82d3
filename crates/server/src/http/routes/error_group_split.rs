use axum::{
    Json,
    extract::{Path, State},
};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::{Regrouped, Split};

/// Splits errors off a group.
///
/// Fingerprints that were merged into the group become separate groups again. A pattern adds a rule that puts
/// the matching messages into a new group. Stored errors are regrouped before the request is answered.
#[utoipa::path(
    post, path = "/api/v1/errors/groups/{id}/split", tag = "errors", operation_id = "splitErrorGroup",
    params(
        ("id" = String, Path, description = "The group's id."),
        ProjectParameters,
    ),
    request_body = Split,
    responses(
        (status = 200, description = "The change is applied, also to stored errors.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`: the project has no error group with this id.", body = Problem, content_type = "application/problem+json"),
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
