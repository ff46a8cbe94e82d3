use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::super::{
    Shared,
    auth::SameSite,
    cookie,
    origin::CameFrom,
    problem::{Problem, Refused},
};

/// Logs the caller out. Without a session, nothing happens and the answer is the same.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "session", operation_id = "logOut",
    responses(
        (status = 204, description = "Logged out."),
        (status = 403, description = "`cross_site_request`: another site caused the request.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn log_out(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    if let Some(token) = cookie::token(&headers) {
        app.log_out(token, &origin).await?;
    }
    let cookie = cookie::set("", 0, app.settings.secure_cookie)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
