use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    body::JsonBody,
    conditional,
    parameters::{Parameters, ProjectParameters, WorthParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};
use crate::app::saved_views::{SavedViewInput, SavedViewPage, SavedViewView, Saver};

/// Lists the saved views that the caller sees: those shared in the project and, for a person, their own.
#[utoipa::path(
    get, path = "/api/v1/views", tag = "session", operation_id = "listSavedViews",
    params(WorthParameters),
    responses((status = 200, description = "A page of views, oldest first.", body = SavedViewPage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn list_saved_views(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<WorthParameters>,
) -> Result<Json<SavedViewPage>, Refused> {
    let page = (wanted.cursor(), wanted.limit);
    let views = app.saved_views(caller.viewer, &caller.principal, page);
    Ok(Json(views.await?))
}

/// Saves a page of the application with its parameters, for the caller or for everyone in the project.
///
/// Sharing requires the permission `share_views`.
#[utoipa::path(
    post, path = "/api/v1/views", tag = "session", operation_id = "addSavedView",
    params(ProjectParameters),
    request_body = SavedViewInput,
    responses(
        (status = 201, description = "The view; `ETag` identifies its revision.", body = SavedViewView),
        WriteProblems,
        (status = 409, description = "`name_taken`: another view has this name. `quota_exceeded`: there are as many views as there can be.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read", "manage"]), ("session" = [])),
)]
pub(in crate::http) async fn add_saved_view(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<SavedViewInput>,
) -> Result<Response, Refused> {
    let actor = caller.actor();
    let saver = saver(&caller, &actor);
    let added = app.add_saved_view(saver, &input).await?;
    Ok((StatusCode::CREATED, tagged(added)).into_response())
}

/// Replaces a saved view. Who no longer shares a view becomes its owner.
#[utoipa::path(
    put, path = "/api/v1/views/{id}", tag = "session", operation_id = "changeSavedView",
    params(("id" = String, Path, description = "UUID of the view."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the view to replace; without it, any revision is replaced.")),
    request_body = SavedViewInput,
    responses(
        (status = 200, description = "The view; `ETag` identifies its revision.", body = SavedViewView),
        WriteProblems,
        (status = 404, description = "`not_found`: there is no such view that the caller sees.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`name_taken`: another view has this name. `quota_exceeded`: there are as many views as there can be.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the view has another revision.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read", "manage"]), ("session" = [])),
)]
pub(in crate::http) async fn change_saved_view(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<SavedViewInput>,
) -> Result<Response, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    let changed = app.change_saved_view(saver(&caller, &actor), &id, &input, expected);
    Ok(tagged(changed.await.map_err(conditional::unmatched)?))
}

/// Deletes a saved view.
#[utoipa::path(
    delete, path = "/api/v1/views/{id}", tag = "session", operation_id = "deleteSavedView",
    params(("id" = String, Path, description = "UUID of the view."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the view to delete; without it, any revision is deleted.")),
    responses(
        (status = 204, description = "Deleted."),
        WriteProblems,
        (status = 404, description = "`not_found`: there is no such view that the caller sees.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the view has another revision.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read", "manage"]), ("session" = [])),
)]
pub(in crate::http) async fn delete_saved_view(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    app.delete_saved_view(saver(&caller, &actor), &id, expected)
        .await
        .map_err(conditional::unmatched)?;
    Ok(StatusCode::NO_CONTENT)
}

fn saver<'a>(caller: &'a InProject<ReadAnalytics>, actor: &'a weir_meta::Actor) -> Saver<'a> {
    Saver {
        viewer: caller.viewer,
        principal: &caller.principal,
        actor,
    }
}

fn tagged(view: SavedViewView) -> Response {
    conditional::tagged(&format!("\"{}\"", view.revision), view)
}
