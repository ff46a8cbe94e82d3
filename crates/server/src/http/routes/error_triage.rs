use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use weir_insights::errors::{Assignees, Triage};

use super::super::{
    Shared,
    auth::{InProject, TriageErrors},
    body::JsonBody,
    conditional,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::errors::{AssigneeInput, StateInput};

/// Resolves, ignores or reopens an error group.
///
/// A resolved group comes back with the first error after that. An ignored group is not among what changed.
/// The revision of what was decided is in `triage.revision` of the group; in quotes, it is the `ETag`.
#[utoipa::path(
    put, path = "/api/v1/errors/groups/{id}/state", tag = "errors", operation_id = "decideErrorGroup",
    params(("id" = String, Path, description = "The group's id."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the decision to replace, `\"0\"` if there is none; without it, any is replaced.")),
    request_body = StateInput,
    responses(
        (status = 200, description = "What is decided now; `ETag` identifies its revision.", body = Triage),
        WriteProblems,
        (status = 404, description = "`unknown_error_group`: no error of this group was ever stored.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`quota_exceeded`: the project has as many decisions as it can.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: someone decided in the meantime.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn decide_error_group(
    caller: InProject<TriageErrors>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<StateInput>,
) -> Result<Response, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    let decided = app.decide_error(caller.viewer, &id, input, expected, &actor);
    Ok(tagged(decided.await.map_err(conditional::unmatched)?))
}

/// Names who looks after an error group.
#[utoipa::path(
    put, path = "/api/v1/errors/groups/{id}/assignee", tag = "errors", operation_id = "assignErrorGroup",
    params(("id" = String, Path, description = "The group's id."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the decision to replace, `\"0\"` if there is none; without it, any is replaced.")),
    request_body = AssigneeInput,
    responses(
        (status = 200, description = "What is decided now; `ETag` identifies its revision.", body = Triage),
        WriteProblems,
        (status = 404, description = "`unknown_error_group`: no error of this group was ever stored. `unknown_person`: nobody who can read the project has this id.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`quota_exceeded`: the project has as many decisions as it can.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: someone decided in the meantime.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn assign_error_group(
    caller: InProject<TriageErrors>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<AssigneeInput>,
) -> Result<Response, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    let assigned = app.assign_error(caller.viewer, &id, input, expected, &actor);
    Ok(tagged(assigned.await.map_err(conditional::unmatched)?))
}

/// Lists the people to whom the error groups of a project can be assigned: everyone who can read it.
#[utoipa::path(
    get, path = "/api/v1/errors/assignees", tag = "errors", operation_id = "errorAssignees",
    params(ProjectParameters),
    responses((status = 200, description = "The people, sorted by name.", body = Assignees), WriteProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn error_assignees(
    caller: InProject<TriageErrors>,
    State(app): State<Shared>,
) -> Result<Json<Assignees>, Refused> {
    Ok(Json(app.reading.assignees(caller.viewer).await?))
}

fn tagged(triage: Triage) -> Response {
    conditional::tagged(&format!("\"{}\"", triage.revision), triage)
}
