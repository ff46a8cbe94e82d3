use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::prices::{PricesChanged, PricesInput};

/// Replaces the price book.
///
/// The new prices apply to stored and future costs that have tokens or calls but no amount; amounts sent by
/// producers do not change. The change and the restatement are recorded in the audit log.
#[utoipa::path(
    put, path = "/api/v1/analytics/costs/prices", tag = "analytics", operation_id = "changePrices",
    params(ProjectParameters),
    request_body = PricesInput,
    responses(
        (status = 200, description = "The price book is replaced, and stored costs are restated. With `dryRun`, nothing changes.", body = PricesChanged),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: `version` is no longer the version of the price book.", body = Problem, content_type = "application/problem+json"),
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
