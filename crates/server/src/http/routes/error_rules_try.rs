use axum::Json;
use weir_insights::errors::Preview;

use super::super::{
    body::JsonBody,
    problem::{Refused, WriteProblems},
    read::Read,
};
use crate::app::errors::RulesInput;

/// Tries rules: what they would change in stored errors. Nothing is changed.
#[utoipa::path(
    post, path = "/api/v1/errors/rules/dry-run", tag = "errors", operation_id = "tryErrorRules",
    params(
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
    ),
    request_body = RulesInput,
    responses((status = 200, description = "What would change.", body = Preview), WriteProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn try_error_rules(
    read: Read,
    JsonBody(input): JsonBody<RulesInput>,
) -> Result<Json<Preview>, Refused> {
    Ok(Json(
        read.reading
            .try_error_rules(read.viewer, &input.rules)
            .await?,
    ))
}
