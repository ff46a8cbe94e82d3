use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{Principal, Role};

use super::super::{
    Shared,
    auth::{LoggedIn, no_person},
    problem::{Problem, Refused},
};
use crate::app::{
    App,
    projects::{ProjectView, TenantView, names},
};

/// The logged-in user and what they have access to.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionView {
    /// The user.
    user: UserView,
    /// The organisation that the session is in.
    tenant: TenantView,
    /// All organisations that the user belongs to.
    tenants: Vec<TenantView>,
    /// The user's role in the organisation; null if they only have roles in projects.
    #[schema(value_type = Option<String>, example = "owner")]
    role: Option<Role>,
    /// The user's permissions in the whole organisation.
    permissions: Vec<&'static str>,
    /// The projects that the user has access to.
    projects: Vec<ProjectView>,
}

/// A user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserView {
    /// UUID.
    #[schema(format = "uuid")]
    id: String,
    /// The user's e-mail address.
    email: String,
    /// The user's name.
    name: String,
    /// Whether the user has a second factor.
    second_factor: bool,
}

/// Returns the session: the logged-in user and what they have access to.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session", operation_id = "showSession",
    responses(
        (status = 200, description = "The session.", body = SessionView),
        (status = 401, description = "`unauthenticated`: not logged in.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn show_session(
    caller: LoggedIn,
    State(app): State<Shared>,
) -> Result<Json<SessionView>, Refused> {
    view(&app, &caller.principal).await
}

pub(super) async fn view(app: &App, principal: &Principal) -> Result<Json<SessionView>, Refused> {
    let person = principal.person().ok_or_else(no_person)?;
    Ok(Json(SessionView {
        tenant: app.tenant(principal).await?,
        tenants: app.tenants(principal).await?,
        role: principal.tenant_role(),
        permissions: names(principal.tenant_permissions()),
        user: UserView {
            id: person.id.to_string(),
            email: person.email.clone(),
            name: person.name.clone(),
            second_factor: app.has_second_factor(person).await?,
        },
        projects: app.projects(principal).await?,
    }))
}
