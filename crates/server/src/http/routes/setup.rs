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

/// Whether somebody has to be the first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SetupState {
    /// Whether nobody has an account yet.
    needed: bool,
}

/// How the first person of an organisation comes in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct SetupInput {
    /// What stands behind the `#` of the address that the first start or `weir tenant create` printed.
    #[schema(format = "password")]
    token: String,
    /// The owner's address.
    #[schema(example = "ada@example.com")]
    email: String,
    /// The owner's name.
    name: String,
    /// The owner's password: at least 10 characters. Of somebody who has an account, its password.
    #[schema(format = "password")]
    password: String,
    /// A code of the second factor of somebody who has an account with one.
    code: Option<String>,
    /// The name of the organisation; it stays as it is without one.
    tenant_name: Option<String>,
    /// The name of its project; it stays as it is without one.
    project_name: Option<String>,
}

/// Says whether nobody has an account yet.
#[utoipa::path(
    get, path = "/api/v1/setup", tag = "session", operation_id = "showSetup",
    responses((status = 200, description = "The state.", body = SetupState)),
    security(()),
)]
pub(in crate::http) async fn show_setup(
    _: Anyone,
    State(app): State<Shared>,
) -> Result<Json<SetupState>, Refused> {
    let needed = app.meta.needs_setup().await?;
    Ok(Json(SetupState { needed }))
}

/// Makes whoever has the token of a set-up the owner of its organisation, and logs them in.
#[utoipa::path(
    post, path = "/api/v1/setup", tag = "session", operation_id = "setUp",
    request_body = SetupInput,
    responses(
        (status = 200, description = "Logged in.", body = SessionView, headers(("Set-Cookie" = String, description = "`weir_session`"))),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is not good (any more).", body = Problem, content_type = "application/problem+json"),
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
