use axum::{Json, extract::State};
use weir_insights::views::sli::{SliConfigInput, SliConfigView};

use super::super::{
    Shared,
    auth::{ManageSettings, Somewhere},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};

/// Sets the service level target of a project, or of one of its workflows.
///
/// Requires the permission `manage_settings`. A workflow can have a target before it has run. If there is a
/// target already, only the fields in the body change.
#[utoipa::path(
    post, path = "/api/workflow-analytics/sli-config", tag = "analytics", operation_id = "setSliConfig",
    request_body = SliConfigInput,
    responses(
        (status = 200, description = "The target after the change.", body = SliConfigView),
        WriteProblems,
        (status = 404, description = "`unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn set_sli_config(
    caller: Somewhere<ManageSettings>,
    State(app): State<Shared>,
    JsonBody(input): JsonBody<SliConfigInput>,
) -> Result<Json<SliConfigView>, Refused> {
    let scope = caller.in_project(&app, input.project()).await?;
    let config = app.set_sli_config(scope, &caller.actor(), &input).await?;
    Ok(Json(config))
}
