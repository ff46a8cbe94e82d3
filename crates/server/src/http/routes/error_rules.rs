use axum::Json;
use weir_insights::errors::Rules;

use super::super::{
    parameters::{Parameters, RuleParameters},
    problem::{Problem, ReadProblems, Refused},
    read::Read,
};

/// Returns the error rules of a project, and their versions.
#[utoipa::path(
    get, path = "/api/v1/errors/rules", tag = "errors", operation_id = "errorRules",
    params(RuleParameters),
    responses(
        (status = 200, description = "The rules.", body = Rules), ReadProblems,
        (status = 404, description = "`not_found`: this version does not exist.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_rules(
    read: Read,
    Parameters(wanted): Parameters<RuleParameters>,
) -> Result<Json<Rules>, Refused> {
    Ok(Json(
        read.reading
            .error_rules(read.viewer, wanted.version)
            .await?,
    ))
}
