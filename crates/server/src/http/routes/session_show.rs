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

/// Who is logged in, and where they may go.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionView {
    /// Who.
    user: UserView,
    /// The organisation that the session looks at.
    tenant: TenantView,
    /// Every organisation that they belong to.
    tenants: Vec<TenantView>,
    /// Their role in the whole organisation.
    #[schema(value_type = Option<String>, example = "owner")]
    role: Option<Role>,
    /// What they may do in the whole organisation.
    permissions: Vec<&'static str>,
    /// The projects that they may see.
    projects: Vec<ProjectView>,
}

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserView {
    /// UUID.
    #[schema(format = "uuid")]
    id: String,
    /// The person's address.
    email: String,
    /// The person's name.
    name: String,
    /// Whether they have a second factor.
    second_factor: bool,
}

/// Says who is logged in.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session", operation_id = "showSession",
    responses(
        (status = 200, description = "Logged in.", body = SessionView),
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
    let door = app.meta.door(principal);
    let tenants = door.tenants().await?.into_iter().map(TenantView::from);
    Ok(Json(SessionView {
        tenant: door.tenant().await?.into(),
        tenants: tenants.collect(),
        role: principal.tenant_role(),
        permissions: names(principal.tenant_permissions()),
        user: UserView {
            id: person.id.to_string(),
            email: person.email.clone(),
            name: person.name.clone(),
            second_factor: app.meta.has_second_factor(person).await?,
        },
        projects: app.projects(principal).await?,
    }))
}
