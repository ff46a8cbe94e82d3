//! Projects: who sees which, and which one a request is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{
    Actor, Permission, Permissions, Principal, Project, ProjectSaved, ProjectTerms, Role, Tenant,
};
use weir_model::{Scope, Timestamp};

use super::{App, AppError, ErrorCode, access, words};

/// The most projects of an organisation.
const PROJECTS: usize = 1_000;
/// The most environments that people can name for a project.
const ENVIRONMENTS: usize = 100;

/// A project as the caller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// UUID; `projectId` in every request.
    #[schema(format = "uuid")]
    pub id: String,
    /// Display name.
    pub name: String,
    /// The organisation that it belongs to.
    pub tenant: TenantView,
    /// The environments that people or events have named, in alphabetical order; empty for a key that cannot
    /// read.
    pub environments: Vec<String>,
    /// When the first stored event happened; null for a key that cannot read the whole project.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_event: Option<Timestamp>,
    /// When the newest stored event happened; null for a key that cannot read the whole project.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// The prefix of the newest ingest key, to recognise it by.
    pub ingest_key_prefix: Option<String>,
    /// The caller's role in this project; a role in the organisation applies in addition.
    #[schema(value_type = Option<String>, example = "builder")]
    pub role: Option<Role>,
    /// The caller's permissions in this project.
    pub permissions: Vec<&'static str>,
}

/// A new project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectInput {
    /// Its name, unique in the organisation.
    #[schema(example = "Support")]
    pub name: String,
}

/// Changes to a project; omitted fields stay as they are.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    /// Its name, unique in the organisation.
    pub name: Option<String>,
    /// The environments to list before events name them. Replaces the previous list.
    #[schema(example = json!(["production", "staging"]))]
    pub environments: Option<Vec<String>>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Display name.
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

    /// The projects that the principal can see. Fails if control data cannot be read.
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

    /// A project as far as the principal can read it: a sender without read access sees only its name.
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

    /// Creates a project in the principal's organisation. Fails if the name is invalid or taken, or if there
    /// are too many projects.
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

    /// Changes a project of the principal's organisation. Fails if the project is unknown, or if the name is
    /// invalid or taken.
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

    /// The scope of a request: the named project, or the only one that the caller sees. Fails if there is no
    /// such project, if none is named and the caller sees several, or if the caller lacks the permission
    /// there.
    pub async fn scope(
        &self,
        principal: &Principal,
        project_id: Option<&str>,
        needed: Permission,
    ) -> Result<Scope, AppError> {
        let scope = match (principal.only_scope(), project_id) {
            // A key belongs to one project. The shortcut matters, because small posts arrive
            // thousands of times a second.
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
        "You have no project with this id.",
    )
    .field("projectId")
    .fix("GET /api/v1/projects lists the projects that you can see.")
}

fn environments(given: &[String]) -> Result<Vec<String>, AppError> {
    let wrong =
        |detail: String| AppError::new(ErrorCode::InvalidParameter, detail).field("environments");
    if given.len() > ENVIRONMENTS {
        return Err(wrong(format!(
            "A project has at most {ENVIRONMENTS} named environments."
        )));
    }
    let named = given.iter().map(|name| {
        let name = words::name("environments", name)?;
        Ok(name.to_owned())
    });
    named.collect()
}

/// The names of permissions.
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
            format!("You can see {} projects.", projects.len()),
        )
        .field("projectId")),
    }
}
