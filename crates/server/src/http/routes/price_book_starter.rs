use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ManageSettings, ReadAnalytics},
    body::JsonBody,
    parameters::{Parameters, ProjectParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
};
use crate::app::prices::{PricesChanged, StarterBookView, StarterInput};

/// List prices of well-known models at a date, with their sources, and which of them the project's book
/// lacks. None of them is used before somebody adopts it.
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

/// Adds prices of the starter book to the project's, for every provider and model that has none there.
/// Costs that came without money follow, those to come and those stored. The change and the restatement
/// are written to the audit log.
#[utoipa::path(
    post, path = "/api/v1/analytics/costs/prices/starter", tag = "analytics", operation_id = "adoptStarterPrices",
    params(ProjectParameters),
    request_body = StarterInput,
    responses(
        (status = 200, description = "The prices are added and stored costs have followed; with `dryRun`, or with nothing to add, nothing is changed.", body = PricesChanged),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the book is not at `version` any more.", body = Problem, content_type = "application/problem+json"),
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
