use axum::{Json, extract::State, http::HeaderMap};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        Shared,
        auth::LoggedIn,
        body::JsonBody,
        cookie,
        problem::{Problem, Refused, WriteProblems},
    },
    session_show::{SessionView, view},
};

/// The organisation to switch to.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct TenantChoice {
    /// UUID of one of the caller's organisations.
    #[schema(format = "uuid")]
    tenant_id: String,
}

/// Switches the session to another of the caller's organisations.
#[utoipa::path(
    put, path = "/api/v1/session/tenant", tag = "session", operation_id = "switchTenant",
    request_body = TenantChoice,
    responses(
        (status = 200, description = "The session in that organisation.", body = SessionView),
        WriteProblems,
        (status = 404, description = "`unknown_tenant`: the caller does not belong to this organisation.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn switch_tenant(
    caller: LoggedIn,
    State(app): State<Shared>,
    headers: HeaderMap,
    JsonBody(choice): JsonBody<TenantChoice>,
) -> Result<Json<SessionView>, Refused> {
    let token = cookie::token(&headers).unwrap_or_default();
    let there = app
        .switch_tenant(&caller.principal, &choice.tenant_id, token)
        .await?;
    view(&app, &there).await
}
