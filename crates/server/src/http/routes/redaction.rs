use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManagePrivacy},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};
use crate::app::redaction::{RedactionInput, RedactionPreview, RedactionTrial, RedactionView};

/// Returns the rules by which data is removed from a project's events before they are stored.
#[utoipa::path(
    get, path = "/api/v1/redaction", tag = "privacy", operation_id = "redaction",
    params(ProjectParameters),
    responses((status = 200, description = "The current rules.", body = RedactionView), ReadProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn redaction(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
) -> Result<Json<RedactionView>, Refused> {
    Ok(Json(app.redaction(caller.scope).await?))
}

/// Replaces the redaction rules. They apply from the next event; stored events do not change.
#[utoipa::path(
    put, path = "/api/v1/redaction", tag = "privacy", operation_id = "putRedaction",
    params(ProjectParameters),
    request_body = RedactionInput,
    responses(
        (status = 200, description = "The current rules.", body = RedactionView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the rules have another version.", body = Problem, content_type = "application/problem+json"),
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

/// Returns how an event would be stored, by the rules in the body or by the current rules.
#[utoipa::path(
    post, path = "/api/v1/redaction/preview", tag = "privacy", operation_id = "previewRedaction",
    params(ProjectParameters),
    request_body = RedactionTrial,
    responses(
        (status = 200, description = "The event as it would be stored, and what would be removed.", body = RedactionPreview),
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
