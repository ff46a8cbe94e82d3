use axum::{Json, extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        Shared,
        auth::{Anyone, SameSite},
        body::JsonBody,
        origin::CameFrom,
        problem::{EntryProblems, Problem, Refused},
    },
    session_open::opened,
    session_show::SessionView,
};
use crate::app::sessions::Credentials;

/// Whether the server has to be set up.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SetupState {
    /// Whether there is no account yet.
    needed: bool,
}

/// What the first user of an organisation sets it up with.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct SetupInput {
    /// The part after the `#` of the setup link that the first start or `weir tenant create` printed.
    #[schema(format = "password")]
    token: String,
    /// The owner's e-mail address.
    #[schema(example = "ada@example.com")]
    email: String,
    /// The owner's name.
    name: String,
    /// The password of the owner's account. For a new account, the password to set: at least 10 characters.
    #[schema(format = "password")]
    password: String,
    /// A code of the second factor, if the owner's account has one.
    code: Option<String>,
    /// The name of the organisation; without it, the name does not change.
    tenant_name: Option<String>,
    /// The name of its project; without it, the name does not change.
    project_name: Option<String>,
}

/// Returns whether the server has to be set up because there is no account yet.
#[utoipa::path(
    get, path = "/api/v1/setup", tag = "session", operation_id = "showSetup",
    responses((status = 200, description = "The state.", body = SetupState)),
    security(()),
)]
pub(in crate::http) async fn show_setup(
    _: Anyone,
    State(app): State<Shared>,
) -> Result<Json<SetupState>, Refused> {
    let needed = app.needs_setup().await?;
    Ok(Json(SetupState { needed }))
}

/// Makes the holder of a setup link the owner of its organisation, and logs them in.
#[utoipa::path(
    post, path = "/api/v1/setup", tag = "session", operation_id = "setUp",
    request_body = SetupInput,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "The session cookie `weir_session`."))),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is unknown, used or expired.", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn set_up(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(given): JsonBody<SetupInput>,
) -> Result<Response, Refused> {
    let credentials = Credentials {
        email: &given.email,
        password: &given.password,
        code: given.code.as_deref(),
    };
    let names = (given.tenant_name.as_deref(), given.project_name.as_deref());
    let login = app
        .set_up(&given.token, &given.name, credentials, names, &origin)
        .await?;
    opened(&app, &login).await
}
