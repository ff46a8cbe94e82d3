use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    parameters::{Parameters, ProjectParameters},
    problem::{ReadProblems, Refused},
};
use crate::app::budgets::BudgetList;

/// Lists the budgets with what is spent in the current period, and the thresholds that were reached.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/budgets", tag = "analytics", operation_id = "budgets",
    params(ProjectParameters),
    responses(
        (status = 200, description = "The budgets.", body = BudgetList),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn budgets(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
) -> Result<Json<BudgetList>, Refused> {
    Ok(Json(app.budgets(caller.viewer, &caller.principal).await?))
}
