use axum::{Json, extract::State};
use weir_insights::views::sli::{SliConfigInput, SliConfigView};

use super::super::{
    Shared,
    auth::{ManageSettings, Somewhere},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};

/// Sets the service level target of a project, or of one workflow of it.
///
/// It takes the permission `manage_settings`: what the paper's owners and builders have. A workflow may get its
/// target before it has run. Setting one again changes what the body names and leaves the rest.
#[utoipa::path(
    post, path = "/api/workflow-analytics/sli-config", tag = "analytics", operation_id = "setSliConfig",
    request_body = SliConfigInput,
    responses(
        (status = 200, description = "The target as it holds now.", body = SliConfigView),
        WriteProblems,
        (status = 404, description = "`unknown_project`.", body = Problem, content_type = "application/problem+json"),
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
