use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::Anyone,
    body::JsonBody,
    problem::{Refused, WriteProblems},
};

/// The e-mail address of a login.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Address {
    /// The e-mail address to log in with.
    #[schema(example = "ada@example.com")]
    email: String,
}

/// How a user can log in. This depends only on the domain, so it does not reveal who has an account.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LoginOptions {
    /// Whether login with e-mail and password is possible.
    password: bool,
    /// The identity provider to log in with; null if there is none.
    provider: Option<LoginProvider>,
}

/// An identity provider to log in with, at `/api/v1/oidc/start?provider=ID`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LoginProvider {
    /// UUID.
    id: String,
    /// Its display name.
    name: String,
}

/// Returns how a user with an e-mail address can log in.
#[utoipa::path(
    post, path = "/api/v1/login-options", tag = "session", operation_id = "loginOptions",
    request_body = Address,
    responses((status = 200, description = "The options.", body = LoginOptions), WriteProblems),
    security(()),
)]
pub(in crate::http) async fn login_options(
    _: Anyone,
    State(app): State<Shared>,
    JsonBody(given): JsonBody<Address>,
) -> Result<Json<LoginOptions>, Refused> {
    let provider = app.provider_of_address(&given.email).await?;
    Ok(Json(LoginOptions {
        password: true,
        provider: provider.map(|provider| LoginProvider {
            id: provider.id.to_string(),
            name: provider.name,
        }),
    }))
}
