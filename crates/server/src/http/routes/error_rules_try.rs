use axum::Json;
use weir_insights::errors::Preview;

use super::super::{
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{Refused, WriteProblems},
    read::Read,
};
use crate::app::errors::RulesInput;

/// Returns what error rules would change in stored errors, without applying them.
#[utoipa::path(
    post, path = "/api/v1/errors/rules/dry-run", tag = "errors", operation_id = "tryErrorRules",
    params(
        ProjectParameters,
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
