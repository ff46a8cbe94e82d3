use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::Regrouped;

/// Groups that become a part of another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MergeInput {
    /// Their ids, 1 to 100.
    groups: Vec<String>,
}

/// Merges groups into one, for good.
///
/// Errors like those of the merged groups belong to it from now on, also when rules change; stored
/// errors follow before this answers.
#[utoipa::path(
    post, path = "/api/v1/errors/groups/{id}/merge", tag = "errors", operation_id = "mergeErrorGroups",
    params(
        ("id" = String, Path, description = "The group's id."),
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
    ),
    request_body = MergeInput,
    responses(
        (status = 200, description = "Done, and stored errors are counted so.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn merge_error_groups(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<MergeInput>,
) -> Result<Json<Regrouped>, Refused> {
    let done = app
        .merge_error_groups(caller.scope, caller.actor(), &id, &input.groups)
        .await?;
    Ok(Json(done))
}
