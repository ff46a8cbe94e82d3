use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{Refused, WriteProblems},
};
use crate::app::budgets::{BudgetList, BudgetsInput};

/// Replaces all budgets that the caller can change, and checks at once whether thresholds are reached.
///
/// The change is recorded in the audit log.
#[utoipa::path(
    put, path = "/api/v1/analytics/costs/budgets", tag = "analytics", operation_id = "putBudgets",
    params(ProjectParameters),
    request_body = BudgetsInput,
    responses(
        (status = 200, description = "The budgets after the change.", body = BudgetList),
        WriteProblems,
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_budgets(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
    JsonBody(input): JsonBody<BudgetsInput>,
) -> Result<Json<BudgetList>, Refused> {
    let list = app
        .put_budgets(caller.viewer, &caller.principal, &caller.actor(), &input)
        .await?;
    Ok(Json(list))
}
