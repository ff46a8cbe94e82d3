use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::super::{
    Shared,
    auth::{InProject, ManageKeys},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{PersonProblems, Problem, Refused, WriteProblems},
};
use crate::app::api_keys::{ApiKeyInput, ApiKeyView, ApiKeys, RotationInput};

/// Lists the API keys of a project, including revoked and expired ones.
#[utoipa::path(
    get, path = "/api/v1/api-keys", tag = "projects", operation_id = "listApiKeys",
    params(ProjectParameters),
    responses(
        (status = 200, description = "The keys.", body = ApiKeys),
        PersonProblems,
        (status = 400, description = "`project_required`: the caller has access to several projects; send `projectId`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn list_api_keys(
    caller: InProject<ManageKeys>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
) -> Result<Json<ApiKeys>, Refused> {
    Ok(Json(app.api_keys(caller.scope, &caller.principal).await?))
}

/// Creates an API key for a project. Only this answer contains the key itself.
#[utoipa::path(
    post, path = "/api/v1/api-keys", tag = "projects", operation_id = "createApiKey",
    params(ProjectParameters),
    request_body = ApiKeyInput,
    responses(
        (status = 201, description = "The key.", body = ApiKeyView),
        WriteProblems,
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn create_api_key(
    caller: InProject<ManageKeys>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
    JsonBody(input): JsonBody<ApiKeyInput>,
) -> Result<(StatusCode, Json<ApiKeyView>), Refused> {
    let actor = caller.actor();
    let created = app
        .create_api_key(caller.scope, &caller.principal, &actor, &input)
        .await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Replaces a key with a new one. Both work until the overlap ends.
#[utoipa::path(
    post, path = "/api/v1/api-keys/{id}/rotate", tag = "projects", operation_id = "rotateApiKey",
    params(("id" = String, Path, description = "UUID of the key."), ProjectParameters),
    request_body = RotationInput,
    responses(
        (status = 201, description = "The new key.", body = ApiKeyView),
        WriteProblems,
        (status = 404, description = "`unknown_key`: the project has no key with this id. `unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`key_not_in_force`: the key is revoked, expired or already rotated.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn rotate_api_key(
    caller: InProject<ManageKeys>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: Parameters<ProjectParameters>,
    JsonBody(input): JsonBody<RotationInput>,
) -> Result<(StatusCode, Json<ApiKeyView>), Refused> {
    let actor = caller.actor();
    let created = app
        .rotate_api_key(caller.scope, &caller.principal, &actor, &id, input)
        .await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Revokes a key. It stops working immediately.
#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", tag = "projects", operation_id = "revokeApiKey",
    params(("id" = String, Path, description = "UUID of the key."), ProjectParameters),
    responses(
        (status = 204, description = "Revoked."),
        PersonProblems,
        (status = 400, description = "`project_required`: the caller has access to several projects; send `projectId`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_key`: the project has no key with this id. `unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn revoke_api_key(
    caller: InProject<ManageKeys>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    _: Parameters<ProjectParameters>,
) -> Result<StatusCode, Refused> {
    let actor = caller.actor();
    app.revoke_api_key(caller.scope, &caller.principal, &actor, &id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
