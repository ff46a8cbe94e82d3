use axum::{extract::State, http::HeaderMap, response::Response};

use super::super::{
    Shared,
    auth::LoggedIn,
    body::JsonBody,
    conditional,
    problem::{PersonProblems, Problem, Refused, WriteProblems},
};
use crate::app::preferences::{Preferences, PreferencesView};

/// Returns how the caller likes the application. `ETag` identifies the revision, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/profile/preferences", tag = "session", operation_id = "readPreferences",
    responses((status = 200, description = "The preferences.", body = PreferencesView), PersonProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn read_preferences(
    caller: LoggedIn,
    State(app): State<Shared>,
) -> Result<Response, Refused> {
    Ok(tagged(app.preferences(caller.oneself()).await?))
}

/// Replaces how the caller likes the application, in any browser.
#[utoipa::path(
    put, path = "/api/v1/profile/preferences", tag = "session", operation_id = "putPreferences",
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of the preferences to replace; without it, any revision is replaced.")),
    request_body = Preferences,
    responses(
        (status = 200, description = "The preferences; `ETag` identifies their revision.", body = PreferencesView),
        WriteProblems,
        (status = 412, description = "`precondition_failed`: the preferences have another revision.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn put_preferences(
    caller: LoggedIn,
    State(app): State<Shared>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<Preferences>,
) -> Result<Response, Refused> {
    let expected = conditional::matched_version(&headers)?;
    let put = app.put_preferences(caller.oneself(), &input, expected);
    Ok(tagged(put.await.map_err(conditional::unmatched)?))
}

fn tagged(preferences: PreferencesView) -> Response {
    conditional::tagged(&format!("\"{}\"", preferences.revision), preferences)
}
