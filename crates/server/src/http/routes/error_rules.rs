use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    parameters::{Parameters, RuleParameters},
    problem::{Problem, ReadProblems},
};
use crate::app::{AppError, errors::Rules};

/// The project's rules for errors, and their versions.
#[utoipa::path(
    get, path = "/api/v1/errors/rules", tag = "errors", operation_id = "errorRules",
    params(RuleParameters),
    responses(
        (status = 200, description = "The rules.", body = Rules), ReadProblems,
        (status = 404, description = "`not_found`: there is no such version.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn error_rules(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<RuleParameters>,
) -> Result<Json<Rules>, AppError> {
    Ok(Json(app.error_rules(caller.viewer, wanted.version).await?))
}
