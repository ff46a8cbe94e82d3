use axum::{Json, extract::State, http::StatusCode};

use super::super::{
    Shared,
    auth::{InProject, ManagePrivacy},
    body::JsonBody,
    problem::{ReadProblems, Refused, WriteProblems},
};
use crate::app::privacy::{ErasureInput, ErasureList, ErasureView};

/// The users of a project who were or are being erased, the newest first.
#[utoipa::path(
    get, path = "/api/v1/privacy/erasures", tag = "privacy", operation_id = "erasures",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses((status = 200, description = "The erasures.", body = ErasureList), ReadProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn erasures(
    caller: InProject<ManagePrivacy>,
    State(app): State<Shared>,
) -> Result<Json<ErasureList>, Refused> {
    Ok(Json(app.erasures(caller.scope).await?))
}

/// Erases a user of a project: their id leaves events, cubes, settings and the audit log.
///
/// What counts stays: their executions and costs are nobody's then. It goes on after this answer, and
/// after a restart; the list tells when it is done. Events that name them and come later are new ones.
#[utoipa::path(
    post, path = "/api/v1/privacy/erasures", tag = "privacy", operation_id = "eraseUser",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    request_body = ErasureInput,
    responses(
        (status = 202, description = "The erasure; it is under way.", body = ErasureView),
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
