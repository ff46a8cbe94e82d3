use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::prices::{PricesChanged, PricesInput};

/// Puts prices in place of the book. Costs that came with tokens and calls but no money follow, those
/// to come and those stored; amounts that producers gave stay. The change and the restatement are
/// written to the audit log.
#[utoipa::path(
    put, path = "/api/v1/analytics/costs/prices", tag = "analytics", operation_id = "changePrices",
    params(ProjectParameters),
    request_body = PricesInput,
    responses(
        (status = 200, description = "The book is changed and stored costs have followed; with `dryRun` nothing is changed.", body = PricesChanged),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the book is not at `version` any more.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn change_prices(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
    JsonBody(input): JsonBody<PricesInput>,
) -> Result<Json<PricesChanged>, Refused> {
    let actor = caller.actor();
    Ok(Json(app.change_prices(caller.scope, actor, input).await?))
}
