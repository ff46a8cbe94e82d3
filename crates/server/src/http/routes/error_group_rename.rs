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

/// The new name of an error group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RenameInput {
    /// The name; null to use the newest message instead.
    title: Option<String>,
}

/// Renames an error group.
#[utoipa::path(
    patch, path = "/api/v1/errors/groups/{id}", tag = "errors", operation_id = "renameErrorGroup",
    params(
        ("id" = String, Path, description = "The group's id."),
        ProjectParameters,
    ),
    request_body = RenameInput,
    responses(
        (status = 200, description = "The change is applied, also to stored errors.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`: the project has no error group with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn rename_error_group(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    JsonBody(input): JsonBody<RenameInput>,
) -> Result<Json<Regrouped>, Refused> {
    let done = app
        .rename_error_group(caller.scope, caller.actor(), &id, input.title)
        .await?;
    Ok(Json(done))
}
