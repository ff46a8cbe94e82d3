use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ReadAnalytics},
    parameters::{Parameters, ProjectParameters},
    problem::{ReadProblems, Refused},
};
use crate::app::prices::PriceBookView;

/// Returns the price book, which prices costs without an amount, and how its changes affected stored costs.
#[utoipa::path(
    get, path = "/api/v1/analytics/costs/prices", tag = "analytics", operation_id = "priceBook",
    params(ProjectParameters),
    responses(
        (status = 200, description = "The price book.", body = PriceBookView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn price_book(
    caller: InProject<ReadAnalytics>,
    State(app): State<Shared>,
    _: Parameters<ProjectParameters>,
) -> Result<Json<PriceBookView>, Refused> {
    Ok(Json(app.price_book(caller.scope).await?))
}
