use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings, ReadAnalytics},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};
use crate::app::prices::{PricesChanged, StarterBookView, StarterInput};

/// Returns list prices of well-known models with their date and sources, and which ones the price book lacks.
///
/// A price has no effect until it is adopted.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/prices/starter", tag = "analytics", operation_id = "starterPrices",
    params(ProjectParameters),
    responses(
        (status = 200, description = "The starter price book.", body = StarterBookView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn starter_prices(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
) -> Result<Json<StarterBookView>, Refused> {
    Ok(Json(app.starter_prices(caller.scope).await?))
}

/// Adds starter prices to the price book, for every provider and model that has no price there.
///
/// The new prices apply to stored and future costs without an amount. The change and the restatement are
/// recorded in the audit log.
#[utoipa::path(
    post, path = "/api/v1/analytics/costs/prices/starter", tag = "analytics", operation_id = "adoptStarterPrices",
    params(ProjectParameters),
    request_body = StarterInput,
    responses(
        (status = 200, description = "The prices are added, and stored costs are restated. With `dryRun`, or if there is nothing to add, nothing changes.", body = PricesChanged),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: `version` is no longer the version of the price book.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn adopt_starter_prices(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
    JsonBody(input): JsonBody<StarterInput>,
) -> Result<Json<PricesChanged>, Refused> {
    let actor = caller.actor();
    Ok(Json(
        app.adopt_starter_prices(caller.scope, actor, input).await?,
    ))
}
