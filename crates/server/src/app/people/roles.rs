//! Roles as callers name them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{Permission, Principal, Role, Roles};
use weir_model::ProjectKey;

use crate::app::{App, AppError, ErrorCode, access};

/// A role in one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectRole {
    /// UUID of the project.
    #[schema(format = "uuid")]
    pub project_id: String,
    /// owner, admin, builder, analyst or viewer.
    #[schema(example = "builder")]
    pub role: String,
}

/// The projects that a principal sees, by public id and by key.
pub(super) struct Names {
    ids: HashMap<ProjectKey, Uuid>,
    keys: HashMap<Uuid, ProjectKey>,
}

impl App {
    pub(super) async fn project_names(&self, principal: &Principal) -> Result<Names, AppError> {
        let projects = self.meta.door(principal).projects().await?;
        let ids = projects
            .iter()
            .map(|project| (project.scope.project, project.id));
        let keys = projects
            .iter()
            .map(|project| (project.id, project.scope.project));
        Ok(Names {
            ids: ids.collect(),
            keys: keys.collect(),
        })
    }

    /// Parses roles. Fails if there is none, or if a role or project is unknown.
    pub(super) async fn roles(
        &self,
        principal: &Principal,
        tenant: Option<&str>,
        projects: &[ProjectRole],
    ) -> Result<Roles, AppError> {
        let tenant = tenant.map(|name| role("role", name)).transpose()?;
        if tenant.is_none() && projects.is_empty() {
            let detail = "A member needs at least one role.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("role")
                .fix("Add a role, or remove the member."));
        }
        let names = self.project_names(principal).await?;
        let mut given = BTreeMap::new();
        for (number, wanted) in projects.iter().enumerate() {
            let id: Option<Uuid> = wanted.project_id.parse().ok();
            let known = id.and_then(|id| names.keys.get(&id).copied());
            let project = known.ok_or_else(|| {
                AppError::new(
                    ErrorCode::UnknownProject,
                    "You have no project with this id.",
                )
                .field(format!("projects[{number}].projectId"))
            })?;
            let role = role(&format!("projects[{number}].role"), &wanted.role)?;
            if given.insert(project, role).is_some() {
                let detail = "A member has at most one role in a project.";
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field(format!("projects[{number}].projectId")));
            }
        }
        Ok(Roles {
            tenant,
            projects: given,
        })
    }
}

/// Only those who can manage the whole organisation add or remove owners.
pub(super) fn demand_owner_rights(
    principal: &Principal,
    before: Option<Role>,
    after: Option<Role>,
) -> Result<(), AppError> {
    if before == after || ![before, after].contains(&Some(Role::Owner)) {
        return Ok(());
    }
    access::demand_everywhere(principal, Permission::ManageTenant)
}

fn role(field: &str, name: &str) -> Result<Role, AppError> {
    Role::parse(name).ok_or_else(|| {
        let names: Vec<_> = Role::ALL.into_iter().map(Role::name).collect();
        AppError::new(
            ErrorCode::InvalidParameter,
            format!("There is no role {name:?}."),
        )
        .field(field)
        .fix(format!("One of: {}.", names.join(", ")))
    })
}

pub(super) fn project_roles(roles: &Roles, names: &Names) -> Vec<ProjectRole> {
    let of = |(project, role): (&ProjectKey, &Role)| {
        Some(ProjectRole {
            project_id: names.ids.get(project)?.to_string(),
            role: role.name().to_owned(),
        })
    };
    roles.projects.iter().filter_map(of).collect()
}
