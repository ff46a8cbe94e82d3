//! Which projects somebody sees, and which one a request is about.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{Permission, Permissions, Principal, Project, Role, Tenant};
use weir_model::{Scope, Timestamp};

use super::{App, AppError, ErrorCode, access};

/// A project as its readers see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// UUID; `projectId` in every request.
    #[schema(format = "uuid")]
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whose it is.
    pub tenant: TenantView,
    /// The environments that events named, in order.
    pub environments: Vec<String>,
    /// When the first stored event happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_event: Option<Timestamp>,
    /// When the newest stored event happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// How the newest ingest key begins, so that a person can tell which one to look for.
    pub ingest_key_prefix: Option<String>,
    /// The caller's role in this project; one in the organisation holds beside it.
    #[schema(value_type = Option<String>, example = "builder")]
    pub role: Option<Role>,
    /// What the caller may do in this project.
    pub permissions: Vec<&'static str>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Name for people.
    pub name: String,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: tenant.name,
        }
    }
}

impl App {
    /// The projects that the principal may see.
    pub async fn projects(&self, principal: &Principal) -> Result<Vec<ProjectView>, AppError> {
        let projects = self.meta.door(principal).projects().await?;
        Ok(projects
            .into_iter()
            .map(|project| self.view(principal, project))
            .collect())
    }

    fn view(&self, principal: &Principal, project: Project) -> ProjectView {
        let sources = self.store.sources(project.scope);
        ProjectView {
            id: project.id.to_string(),
            name: project.name,
            tenant: project.tenant.into(),
            environments: self.store.environments(project.scope),
            first_event: sources.iter().map(|source| source.first_event).min(),
            newest_event: sources.iter().map(|source| source.newest_event).max(),
            ingest_key_prefix: project.ingest_key_prefix,
            role: principal.role_in(project.scope),
            permissions: names(principal.permissions_in(project.scope)),
        }
    }

    /// The scope that a request is about: the project named, or the only one that the caller sees. What
    /// is needed has to be allowed in it.
    pub async fn scope(
        &self,
        principal: &Principal,
        project_id: Option<&str>,
        needed: Permission,
    ) -> Result<Scope, AppError> {
        let scope = match (principal.only_scope(), project_id) {
            // A key opens one project, and small posts come thousands of times a second.
            (Some(scope), None) => scope,
            _ => choose(&self.meta.door(principal).projects().await?, project_id)?,
        };
        access::demand(principal, principal.permissions_in(scope), needed)?;
        Ok(scope)
    }
}

/// The words of permissions.
pub fn names(permissions: Permissions) -> Vec<&'static str> {
    permissions.iter().map(Permission::name).collect()
}

fn choose(projects: &[Project], project_id: Option<&str>) -> Result<Scope, AppError> {
    let named = |id: &str| {
        projects
            .iter()
            .find(|p| p.id.to_string().eq_ignore_ascii_case(id))
    };
    match (project_id, projects) {
        (Some(id), _) => named(id).map(|project| project.scope).ok_or_else(|| {
            AppError::new(
                ErrorCode::UnknownProject,
                "No project of yours has this id.",
            )
            .field("projectId")
            .fix("GET /api/v1/projects lists the projects that you may see.")
        }),
        (None, [only]) => Ok(only.scope),
        (None, _) => Err(AppError::new(
            ErrorCode::ProjectRequired,
            format!("You may see {} projects.", projects.len()),
        )
        .field("projectId")
        .fix("Add ?projectId= with the id of one; GET /api/v1/projects lists them.")),
    }
}
