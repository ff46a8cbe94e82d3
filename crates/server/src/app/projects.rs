//! Which projects somebody sees, and which one a request is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{
    Actor, Permission, Permissions, Principal, Project, ProjectSaved, ProjectTerms, Role, Tenant,
};
use weir_model::{Scope, Timestamp};

use super::{App, AppError, ErrorCode, access, words};

/// Projects of an organisation at most.
const PROJECTS: usize = 1_000;
/// Environments that people name for a project at most.
const ENVIRONMENTS: usize = 100;

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
    /// The environments that people or events named, in order; none for a key that may not read.
    pub environments: Vec<String>,
    /// When the first stored event happened; null for a key that may not read the whole project.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_event: Option<Timestamp>,
    /// When the newest stored event happened; null for a key that may not read the whole project.
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

/// A new project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInput {
    /// Its name; no other project of the organisation has it.
    #[schema(example = "Support")]
    pub name: String,
}

/// What is to be different about a project; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    /// Its name; no other project of the organisation has it.
    pub name: Option<String>,
    /// The environments to know before events name them, in place of those named so before.
    #[schema(example = json!(["production", "staging"]))]
    pub environments: Option<Vec<String>>,
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
    /// The organisation that the principal acts in. Fails if control data cannot be read.
    pub async fn tenant(&self, principal: &Principal) -> Result<TenantView, AppError> {
        Ok(self.meta.door(principal).tenant().await?.into())
    }

    /// Every organisation that the principal can act in, by name. Fails if control data cannot be read.
    pub async fn tenants(&self, principal: &Principal) -> Result<Vec<TenantView>, AppError> {
        let tenants = self.meta.door(principal).tenants().await?;
        Ok(tenants.into_iter().map(TenantView::from).collect())
    }

    /// The projects that the principal may see.
    pub async fn projects(&self, principal: &Principal) -> Result<Vec<ProjectView>, AppError> {
        let projects = self.meta.door(principal).projects().await?;
        let mut views = Vec::with_capacity(projects.len());
        for project in projects {
            let scope = project.scope;
            let granted = principal.permissions_in(scope);
            let viewer = self
                .reading
                .viewer(scope, granted.contains(Permission::IdentifyUsers));
            let mut view = self.view(principal, project);
            let environments = view.environments.iter_mut().collect();
            self.reading.veil(viewer.await?, environments).await?;
            views.push(view);
        }
        Ok(views)
    }

    /// A project as far as the principal reads it: one who only sends learns its name.
    fn view(&self, principal: &Principal, project: Project) -> ProjectView {
        let granted = principal.permissions_in(project.scope);
        let reads = granted.contains(Permission::ReadAnalytics);
        let reads_all = reads && principal.environment().is_none();
        let sources = match reads_all {
            true => self.store.sources(project.scope),
            false => Vec::new(),
        };
        ProjectView {
            id: project.id.to_string(),
            name: project.name,
            tenant: project.tenant.into(),
            environments: match principal.environment() {
                Some(only) => vec![only.to_owned()],
                None if !reads => Vec::new(),
                None => {
                    let stored = self.store.environments(project.scope).into_iter();
                    let all: BTreeSet<_> = stored.chain(project.environments).collect();
                    all.into_iter().collect()
                }
            },
            first_event: sources.iter().map(|source| source.first_event).min(),
            newest_event: sources.iter().map(|source| source.newest_event).max(),
            ingest_key_prefix: project.ingest_key_prefix.filter(|_| reads_all),
            role: principal.role_in(project.scope),
            permissions: names(granted),
        }
    }

    /// Makes a project in the principal's organisation.
    pub async fn create_project(
        &self,
        principal: &Principal,
        actor: &Actor,
        input: &ProjectInput,
    ) -> Result<ProjectView, AppError> {
        let name = words::name("name", &input.name)?;
        let door = self.meta.door(principal);
        if door.projects().await?.len() >= PROJECTS {
            let detail = format!("An organisation has at most {PROJECTS} projects.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("name"));
        }
        let saved = door.create_project(name, actor).await?;
        self.saved(principal, saved)
    }

    /// Changes a project of the principal's organisation.
    pub async fn change_project(
        &self,
        principal: &Principal,
        actor: &Actor,
        id: &str,
        input: &ProjectChange,
    ) -> Result<ProjectView, AppError> {
        let name = input.name.as_deref().map(|name| words::name("name", name));
        let environments = input
            .environments
            .as_deref()
            .map(environments)
            .transpose()?;
        let terms = ProjectTerms {
            name: name.transpose()?,
            environments: environments.as_deref(),
        };
        let id: Uuid = id.parse().map_err(|_| unknown_project())?;
        let door = self.meta.door(principal);
        let saved = door.change_project(id, &terms, actor).await?;
        self.saved(principal, saved)
    }

    fn saved(&self, principal: &Principal, saved: ProjectSaved) -> Result<ProjectView, AppError> {
        match saved {
            ProjectSaved::Saved(project) => Ok(self.view(principal, *project)),
            ProjectSaved::Unknown => Err(unknown_project()),
            ProjectSaved::NameTaken => Err(AppError::new(
                ErrorCode::NameTaken,
                "Another project of the organisation has this name.",
            )
            .field("name")),
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

fn unknown_project() -> AppError {
    AppError::new(
        ErrorCode::UnknownProject,
        "No project of yours has this id.",
    )
    .field("projectId")
    .fix("GET /api/v1/projects lists the projects that you may see.")
}

fn environments(given: &[String]) -> Result<Vec<String>, AppError> {
    let wrong =
        |detail: String| AppError::new(ErrorCode::InvalidParameter, detail).field("environments");
    if given.len() > ENVIRONMENTS {
        return Err(wrong(format!(
            "At most {ENVIRONMENTS} environments can be named."
        )));
    }
    let named = given.iter().map(|name| {
        let name = words::name("environments", name)?;
        Ok(name.to_owned())
    });
    named.collect()
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
        (Some(id), _) => named(id)
            .map(|project| project.scope)
            .ok_or_else(unknown_project),
        (None, [only]) => Ok(only.scope),
        (None, _) => Err(AppError::new(
            ErrorCode::ProjectRequired,
            format!("You may see {} projects.", projects.len()),
        )
        .field("projectId")
        .fix("Add ?projectId= with the id of one; GET /api/v1/projects lists them.")),
    }
}
