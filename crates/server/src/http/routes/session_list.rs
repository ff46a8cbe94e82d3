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

/// The sessions of a user.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionList {
    /// The newest first.
    sessions: Vec<PlaceView>,
}

/// A session of a user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PlaceView {
    /// UUID.
    #[schema(format = "uuid")]
    id: String,
    /// Whether it is the session of this request.
    current: bool,
    /// When the user logged in.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// When the session was last used, to the minute.
    #[schema(value_type = String, format = "date-time")]
    last_seen_at: Timestamp,
    /// The network address of the login.
    address: Option<String>,
    /// The browser's `User-Agent`.
    user_agent: Option<String>,
}

/// Lists the caller's sessions.
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

/// Ends all of the caller's sessions, including this one.
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "session", operation_id = "logOutEverywhere",
    responses((status = 204, description = "Ended."), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn end_sessions(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
) -> Result<Response, Refused> {
    app.end_sessions(&caller.principal, &origin).await?;
    let cookie = cookie::set("", 0, app.settings.secure_cookie)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Ends one of the caller's sessions.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "session", operation_id = "endSession",
    params(("id" = String, Path, description = "UUID of the session.")),
    responses(
        (status = 204, description = "Ended."),
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
