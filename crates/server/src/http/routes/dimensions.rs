use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use weir_insights::dimensions::{DimensionsInput, DimensionsView};

use super::super::{
    Shared,
    auth::{ManageSettings, ReadAnalytics, Somewhere},
    body::JsonBody,
    conditional,
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};

/// The keys of `metadata` that a project has made dimensions.
///
/// A declared dimension is called `metadata.` and its key. Every metric groups and filters by it: in
/// queries, in `groupBy` and conditions of segments, and in views of figures by a parameter of its name
/// (`?metadata.client=acme`). Steps, costs and other records have what their execution tells, unless they
/// tell it themselves.
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/dimensions", tag = "projects", operation_id = "readDimensions",
    params(("id" = String, Path, description = "UUID of the project.")),
    responses(
        (status = 200, description = "The dimensions; `ETag` is their version.", body = DimensionsView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn read_dimensions(
    caller: Somewhere<ReadAnalytics>,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let scope = caller.in_project(&app, Some(&id)).await?;
    Ok(tagged(app.reading.dimensions(scope).await?))
}

/// Makes other keys of `metadata` dimensions, in place of those before. History counts by them at once.
#[utoipa::path(
    put, path = "/api/v1/projects/{id}/dimensions", tag = "projects", operation_id = "putDimensions",
    params(
        ("id" = String, Path, description = "UUID of the project."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the dimensions that are changed; without it, whichever there are."),
    ),
    request_body = DimensionsInput,
    responses(
        (status = 200, description = "The dimensions; `ETag` is their version.", body = DimensionsView),
        WriteProblems,
        (status = 404, description = "`unknown_project`.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the dimensions are at another version.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_dimensions(
    caller: Somewhere<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<DimensionsInput>,
) -> Result<Response, Refused> {
    let scope = caller.in_project(&app, Some(&id)).await?;
    let after = conditional::matched_version(&headers)?;
    let actor = caller.actor();
    let put = app.put_dimensions(scope, input, after, &actor).await?;
    Ok(tagged(put))
}

fn tagged(view: DimensionsView) -> Response {
    let tag = format!("\"{}\"", view.version);
    ([(header::ETAG, tag)], Json(view)).into_response()
}
