use axum::{Json, extract::State, http::StatusCode};

use super::super::{
    Shared,
    auth::{InProject, ManagePrivacy},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::app::privacy::{ErasureInput, ErasureList, ErasureView};

/// Lists the erasures of users of a project, newest first, including those in progress.
#[utoipa::path(
    get, path = "/api/v1/privacy/erasures", tag = "privacy", operation_id = "erasures",
    params(ProjectParameters),
    responses((status = 200, description = "The erasures.", body = ErasureList), ReadProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn erasures(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
) -> Result<Json<ErasureList>, Refused> {
    Ok(Json(app.erasures(caller.scope).await?))
}

/// Erases a user of a project: removes their id from events, cubes, settings and the audit log.
///
/// Counts do not change: the user's executions and costs remain, without a user. The erasure continues after
/// this answer, and after a restart; the list shows when it is complete. Later events with the same id belong
/// to a new user.
#[utoipa::path(
    post, path = "/api/v1/privacy/erasures", tag = "privacy", operation_id = "eraseUser",
    params(ProjectParameters),
    request_body = ErasureInput,
    responses(
        (status = 202, description = "The erasure, which is in progress.", body = ErasureView),
        WriteProblems,
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn erase_user(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<ErasureInput>,
) -> Result<(StatusCode, Json<ErasureView>), Refused> {
    let actor = caller.actor();
    let erasure = app.request_erasure(caller.scope, &input, &actor).await?;
    Ok((StatusCode::ACCEPTED, Json(erasure)))
}
