use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::Anyone,
    body::JsonBody,
    problem::{Refused, WriteProblems},
};

/// Whose options are asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Address {
    /// The address of whoever wants to log in.
    #[schema(example = "ada@example.com")]
    email: String,
}

/// How somebody may log in. It depends on the domain alone and tells nothing about people.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LoginOptions {
    /// By e-mail and password.
    password: bool,
    /// By this provider.
    provider: Option<LoginProvider>,
}

/// A provider to log in by, at `/api/v1/oidc/start?provider=ID`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LoginProvider {
    /// UUID.
    id: String,
    /// Its name for people.
    name: String,
}

/// Says how somebody with an address may log in.
#[utoipa::path(
    post, path = "/api/v1/login-options", tag = "session", operation_id = "loginOptions",
    request_body = Address,
    responses((status = 200, description = "The ways.", body = LoginOptions), WriteProblems),
    security(()),
)]
pub(in crate::http) async fn login_options(
    _: Anyone,
    State(app): State<Shared>,
    JsonBody(given): JsonBody<Address>,
) -> Result<Json<LoginOptions>, Refused> {
    let provider = app.meta.provider_of_address(&given.email).await?;
    Ok(Json(LoginOptions {
        password: true,
        provider: provider.map(|provider| LoginProvider {
            id: provider.id.to_string(),
            name: provider.name,
        }),
    }))
}
