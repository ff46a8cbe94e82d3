use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use weir_insights::annotations::{AnnotationInput, AnnotationPage, AnnotationView};

use super::super::{
    Shared,
    auth::{Annotate, InProject, ManageAnnotations},
    body::JsonBody,
    conditional,
    parameters::{AnnotationParameters, Parameters, ProjectParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Lists the releases, incidents and notes that people or pipelines added to the timeline of a project.
///
/// Those that start last come first. An open incident overlaps every range after its start.
#[utoipa::path(
    get, path = "/api/v1/annotations", tag = "annotations", operation_id = "listAnnotations",
    params(AnnotationParameters),
    responses((status = 200, description = "A page of annotations.", body = AnnotationPage), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn list_annotations(
    read: Read,
    Parameters(wanted): Parameters<AnnotationParameters>,
) -> Result<Json<AnnotationPage>, Refused> {
    let page = read.reading.annotations(read.viewer, wanted.wanted()?);
    Ok(Json(page.await?))
}

/// Adds a release, an incident or a note to the timeline of a project.
///
/// Every chart over time marks it. A deployment pipeline can add its releases with an ingest key.
#[utoipa::path(
    post, path = "/api/v1/annotations", tag = "annotations", operation_id = "addAnnotation",
    params(ProjectParameters),
    request_body = AnnotationInput,
    responses(
        (status = 201, description = "The annotation; `ETag` identifies its revision.", body = AnnotationView),
        WriteProblems,
        (status = 409, description = "`quota_exceeded`: the project has as many annotations as it can.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["ingest"]), ("session" = [])),
)]
pub(in crate::http) async fn add_annotation(
    caller: InProject<Annotate>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<AnnotationInput>,
) -> Result<Response, Refused> {
    let actor = caller.actor();
    let added = app.add_annotation(caller.viewer, input, &actor).await?;
    Ok((StatusCode::CREATED, tagged(added)).into_response())
}

/// Returns an annotation. `ETag` identifies its revision, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/annotations/{id}", tag = "annotations", operation_id = "readAnnotation",
    params(("id" = String, Path, description = "UUID of the annotation."), ProjectParameters),
    responses(
        (status = 200, description = "The annotation.", body = AnnotationView),
        ReadProblems,
        (status = 404, description = "`not_found`: the project has no annotation with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn read_annotation(
    read: Read,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    Ok(tagged(read.reading.annotation(read.viewer, &id).await?))
}

/// Replaces what an annotation says. Without `startsAt`, it starts now.
#[utoipa::path(
    put, path = "/api/v1/annotations/{id}", tag = "annotations", operation_id = "changeAnnotation",
    params(("id" = String, Path, description = "UUID of the annotation."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the annotation to replace; without it, any revision is replaced.")),
    request_body = AnnotationInput,
    responses(
        (status = 200, description = "The annotation; `ETag` identifies its revision.", body = AnnotationView),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no annotation with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the annotation has another revision.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn change_annotation(
    caller: InProject<ManageAnnotations>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<AnnotationInput>,
) -> Result<Response, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    let changed = app.change_annotation(caller.viewer, &id, input, expected, &actor);
    Ok(tagged(changed.await.map_err(conditional::unmatched)?))
}

/// Deletes an annotation.
#[utoipa::path(
    delete, path = "/api/v1/annotations/{id}", tag = "annotations", operation_id = "deleteAnnotation",
    params(("id" = String, Path, description = "UUID of the annotation."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the annotation to delete; without it, any revision is deleted.")),
    responses(
        (status = 204, description = "Deleted."),
        WriteProblems,
        (status = 404, description = "`not_found`: the project has no annotation with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the annotation has another revision.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn delete_annotation(
    caller: InProject<ManageAnnotations>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refused> {
    let (expected, actor) = (conditional::matched_version(&headers)?, caller.actor());
    app.delete_annotation(caller.viewer, &id, expected, &actor)
        .await
        .map_err(conditional::unmatched)?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(annotation: AnnotationView) -> Response {
    conditional::tagged(&format!("\"{}\"", annotation.revision), annotation)
}
