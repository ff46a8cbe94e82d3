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
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::Regrouped;

/// The error groups to merge into another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MergeInput {
    /// The ids of the groups, 1 to 100.
    groups: Vec<String>,
}

/// Merges error groups into one, permanently.
///
/// Future errors like those of the merged groups also belong to it, even if rules change. Stored errors are
/// regrouped before the request is answered.
#[utoipa::path(
    post, path = "/api/v1/errors/groups/{id}/merge", tag = "errors", operation_id = "mergeErrorGroups",
    params(
        ("id" = String, Path, description = "The id of the group to keep."),
        ProjectParameters,
    ),
    request_body = MergeInput,
    responses(
        (status = 200, description = "The change is applied, also to stored errors.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`: the project has no error group with this id.", body = Problem, content_type = "application/problem+json"),
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
