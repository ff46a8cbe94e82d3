use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;

use super::super::{
    Shared,
    auth::LoggedIn,
    cookie,
    origin::CameFrom,
    problem::{PersonProblems, Problem, Refused},
};

/// Where somebody is logged in.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionList {
    /// The newest first.
    sessions: Vec<PlaceView>,
}

/// A place where somebody is logged in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PlaceView {
    /// UUID.
    #[schema(format = "uuid")]
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// When they logged in.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = String, format = "date-time")]
    last_seen_at: Timestamp,
    /// The network address that they logged in from.
    address: Option<String>,
    /// What the browser said of itself.
    user_agent: Option<String>,
}

/// Lists where the caller is logged in.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "session", operation_id = "listSessions",
    responses((status = 200, description = "The sessions.", body = SessionList), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn list_sessions(
    caller: LoggedIn,
    State(app): State<Shared>,
) -> Result<Json<SessionList>, Refused> {
    let sessions = app.sessions(&caller.principal).await?;
    let view = |session: weir_meta::Session| PlaceView {
        id: session.id.to_string(),
        current: session.current,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        address: session.address,
        user_agent: session.user_agent,
    };
    Ok(Json(SessionList {
        sessions: sessions.into_iter().map(view).collect(),
    }))
}

/// Logs the caller out everywhere, here too.
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "session", operation_id = "logOutEverywhere",
    responses((status = 204, description = "Logged out."), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn end_sessions(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
) -> Result<Response, Refused> {
    app.meta
        .end_sessions(&caller.principal, None, &origin)
        .await?;
    let cookie = cookie::set("", 0, app.settings.secure_cookie)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Logs the caller out in one place.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "session", operation_id = "endSession",
    params(("id" = String, Path, description = "UUID of the session.")),
    responses(
        (status = 204, description = "Logged out there."),
        PersonProblems,
        (status = 404, description = "`not_found`: no session of the caller has this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn end_session(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    app.end_session(&caller.principal, &id, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
