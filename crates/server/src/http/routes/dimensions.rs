use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use weir_insights::dimensions::{DimensionsInput, DimensionsView};

use super::super::{
    Shared,
    auth::{ManageSettings, ReadAnalytics, Somewhere},
    body::JsonBody,
    conditional,
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};

/// Lists the `metadata` keys that a project has declared as dimensions.
///
/// The name of a declared dimension is `metadata.` and the key. Every metric can be grouped and filtered by
/// it: in queries, in `groupBy`, in conditions of segments, and in views of metrics by a parameter with its
/// name (`?metadata.client=acme`). Steps, costs and other records take the value from their execution unless
/// they have one themselves.
#[utoipa::path(
    get, path = "/api/v1/projects/{id}/dimensions", tag = "projects", operation_id = "readDimensions",
    params(("id" = String, Path, description = "UUID of the project.")),
    responses(
        (status = 200, description = "The dimensions; `ETag` identifies their version.", body = DimensionsView),
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

/// Replaces the declared dimensions of a project. They apply to all stored events immediately.
#[utoipa::path(
    put, path = "/api/v1/projects/{id}/dimensions", tag = "projects", operation_id = "putDimensions",
    params(
        ("id" = String, Path, description = "UUID of the project."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the dimensions to replace; without it, any version is replaced."),
    ),
    request_body = DimensionsInput,
    responses(
        (status = 200, description = "The dimensions; `ETag` identifies their version.", body = DimensionsView),
        WriteProblems,
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`precondition_failed`: the dimensions have another version.", body = Problem, content_type = "application/problem+json"),
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
    let put = app
        .put_dimensions(scope, input, after, &actor)
        .await
        .map_err(conditional::unmatched)?;
    Ok(tagged(put))
}

fn tagged(view: DimensionsView) -> Response {
    conditional::tagged(&format!("\"{}\"", view.version), view)
}
