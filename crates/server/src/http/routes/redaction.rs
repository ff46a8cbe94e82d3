use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManagePrivacy},
    body::JsonBody,
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};
use crate::app::redaction::{RedactionInput, RedactionPreview, RedactionTrial, RedactionView};

/// What is taken out of a project's events before they are stored.
#[utoipa::path(
    get, path = "/api/v1/redaction", tag = "privacy", operation_id = "redaction",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses((status = 200, description = "The rules in force.", body = RedactionView), ReadProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn redaction(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
) -> Result<Json<RedactionView>, Refused> {
    Ok(Json(app.redaction(caller.scope).await?))
}

/// Puts other rules in force, for the next event on. What is stored stays as it is.
#[utoipa::path(
    put, path = "/api/v1/redaction", tag = "privacy", operation_id = "putRedaction",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    request_body = RedactionInput,
    responses(
        (status = 200, description = "The rules in force.", body = RedactionView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the rules are at another version.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_redaction(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<RedactionInput>,
) -> Result<Json<RedactionView>, Refused> {
    let actor = caller.actor();
    let rules = app.put_redaction(caller.scope, &input, &actor).await?;
    Ok(Json(rules))
}

/// What would be stored of an event, by rules that are tried or by those in force.
#[utoipa::path(
    post, path = "/api/v1/redaction/preview", tag = "privacy", operation_id = "previewRedaction",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    request_body = RedactionTrial,
    responses(
        (status = 200, description = "The event as it would be stored, and what was taken out.", body = RedactionPreview),
        WriteProblems,
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn preview_redaction(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
    JsonBody(trial): JsonBody<RedactionTrial>,
) -> Result<Json<RedactionPreview>, Refused> {
    Ok(Json(app.try_redaction(caller.scope, trial).await?))
}
