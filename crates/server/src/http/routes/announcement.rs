use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::Authenticated,
    problem::{PersonProblems, Refused},
};
use crate::app::announcements::Announced;

/// Returns what the operator tells everyone, if anything: `weir announce` sets it.
#[utoipa::path(
    get, path = "/api/v1/announcement", tag = "operations", operation_id = "readAnnouncement",
    responses((status = 200, description = "The announcement.", body = Announced), PersonProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn read_announcement(
    _: Authenticated,
    State(app): State<Shared>,
) -> Result<Json<Announced>, Refused> {
    Ok(Json(app.announced().await?))
}
