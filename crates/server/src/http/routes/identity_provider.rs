use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{IdentityProvider, Role};

use super::super::{
    Shared,
    auth::{Authorized, ManageTenant},
    body::JsonBody,
    problem::{Problem, Refused, WriteProblems},
};
use crate::app::oidc::ProviderInput;

/// The identity provider of an organisation. Its secret cannot be read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = IdentityProvider)]
pub(in crate::http) struct ProviderView {
    /// UUID.
    id: String,
    /// Its display name.
    name: String,
    /// The issuer's URL.
    issuer: String,
    /// The client id that Weir has at the provider.
    client_id: String,
    /// E-mail domains whose users log in with this provider.
    domains: Vec<String>,
    /// The role that new users of these domains get when they first log in; null if only members can log in.
    join_as: Option<String>,
    /// Whether its secret was lost with the server's master key. Until the secret is set again, no one can
    /// log in with this provider.
    secret_lost: bool,
}

impl From<IdentityProvider> for ProviderView {
    fn from(provider: IdentityProvider) -> Self {
        Self {
            id: provider.id.to_string(),
            name: provider.name,
            issuer: provider.issuer,
            client_id: provider.client_id,
            domains: provider.domains,
            join_as: provider.join_as.map(|role| Role::name(role).to_owned()),
            secret_lost: provider.secret_lost,
        }
    }
}

/// Returns the identity provider of the organisation.
#[utoipa::path(
    get, path = "/api/v1/identity-provider", tag = "people", operation_id = "showIdentityProvider",
    responses(
        (status = 200, description = "The provider.", body = ProviderView),
        (status = 401, description = "`unauthenticated`: the request has no valid API key or session.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`missing_permission`: the caller is not allowed to do this.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: the organisation has no identity provider.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn show_identity_provider(
    caller: Authorized<ManageTenant>,
    State(app): State<Shared>,
) -> Result<Json<ProviderView>, Refused> {
    let found = app.identity_provider(&caller.principal).await?;
    Ok(Json(found.into()))
}

/// Sets the identity provider of the organisation.
///
/// If the issuer changes, sessions opened with the previous provider end.
#[utoipa::path(
    put, path = "/api/v1/identity-provider", tag = "people", operation_id = "putIdentityProvider",
    request_body = ProviderInput,
    responses(
        (status = 200, description = "The provider.", body = ProviderView),
        WriteProblems,
        (status = 409, description = "`name_taken`: another organisation uses one of the domains.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn put_identity_provider(
    caller: Authorized<ManageTenant>,
    State(app): State<Shared>,
    JsonBody(given): JsonBody<ProviderInput>,
) -> Result<Json<ProviderView>, Refused> {
    let saved = app
        .put_identity_provider(&caller.principal, given, &caller.actor())
        .await?;
    Ok(Json(saved.into()))
}

/// Deletes the identity provider of the organisation. Sessions opened with it end.
#[utoipa::path(
    delete, path = "/api/v1/identity-provider", tag = "people", operation_id = "deleteIdentityProvider",
    responses(
        (status = 204, description = "Deleted."),
        (status = 401, description = "`unauthenticated`: the request has no valid API key or session.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`missing_permission`: the caller is not allowed to do this. `cross_site_request`: another site caused the request.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`not_found`: the organisation has no identity provider.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: try again after `Retry-After` seconds.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn delete_identity_provider(
    caller: Authorized<ManageTenant>,
    State(app): State<Shared>,
) -> Result<StatusCode, Refused> {
    app.delete_identity_provider(&caller.principal, &caller.actor())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
