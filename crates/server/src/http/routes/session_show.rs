use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::Principal;

use super::super::{
    Shared,
    auth::{Authorized, Known},
    problem::Problem,
};
use crate::app::{App, AppError, ErrorCode, projects::ProjectView};

/// Who is logged in, and where they may go.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SessionView {
    /// Who.
    user: UserView,
    /// The projects that they may see.
    projects: Vec<ProjectView>,
}

/// A person.
#[derive(Serialize, ToSchema)]
struct UserView {
    /// The person's address.
    email: String,
    /// The person's name.
    name: String,
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
    caller: Authorized<Known>,
    State(app): State<Shared>,
) -> Result<Json<SessionView>, AppError> {
    view(&app, &caller.principal).await
}

pub(super) async fn view(app: &App, principal: &Principal) -> Result<Json<SessionView>, AppError> {
    let person = principal.person().ok_or_else(|| {
        AppError::new(
            ErrorCode::Unauthenticated,
            "An API key is no person and has no session.",
        )
        .fix("Log in with POST /api/v1/session.")
    })?;
    Ok(Json(SessionView {
        user: UserView {
            email: person.email.clone(),
            name: person.name.clone(),
        },
        projects: app.projects(principal).await?,
    }))
}
