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

/// What a group is to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RenameInput {
    /// The name; null for the newest message's again.
    title: Option<String>,
}

/// Names a group of errors.
#[utoipa::path(
    patch, path = "/api/v1/errors/groups/{id}", tag = "errors", operation_id = "renameErrorGroup",
    params(
        ("id" = String, Path, description = "The group's id."),
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
    ),
    request_body = RenameInput,
    responses(
        (status = 200, description = "Done, and stored errors are counted so.", body = Regrouped), WriteProblems,
        (status = 404, description = "`unknown_error_group`.", body = Problem, content_type = "application/problem+json"),
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
