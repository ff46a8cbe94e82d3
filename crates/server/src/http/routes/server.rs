use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{Authorized, OperateServer},
    parameters::{Parameters, ServerParameters},
    problem::{PersonProblems, Refused},
};
use crate::app::operations::ServerView;

/// Returns how the server fares, for who runs it: the owners of the first organisation.
///
/// It covers all organisations and none of their contents: events, storage and when the disk is full, the
/// busiest organisations, the load of requests, and ingest, freshness and answers as Weir's own service levels.
#[utoipa::path(
    get, path = "/api/v1/server", tag = "operations", operation_id = "readServer",
    params(ServerParameters),
    responses((status = 200, description = "How the server fares.", body = ServerView), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn read_server(
    _: Authorized<OperateServer>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<ServerParameters>,
) -> Result<Json<ServerView>, Refused> {
    Ok(Json(app.server_view(wanted.days).await?))
}
