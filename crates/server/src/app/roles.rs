//! The roles and their permissions, as people read them.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{KeyScope, Level, Permission, Role};

use super::projects::names;

/// Which role gives which permission.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleTable {
    /// The roles, the strongest first.
    pub roles: Vec<RoleView>,
    /// The permissions.
    pub permissions: Vec<PermissionView>,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// owner, admin, builder, analyst or viewer.
    #[schema(example = "builder")]
    pub name: &'static str,
    /// What it gives as a role in the whole organisation.
    pub permissions: Vec<&'static str>,
    /// What it gives in one project.
    pub project_permissions: Vec<&'static str>,
}

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    /// Its name.
    #[schema(example = "manage_settings")]
    pub name: &'static str,
    /// What it allows.
    pub description: &'static str,
    /// What it concerns: tenant (only a role in the organisation gives it) or project.
    #[schema(value_type = String, example = "project")]
    pub level: Level,
    /// The roles that give it.
    pub roles: Vec<&'static str>,
    /// The scope of API keys that gives it; null where no key may.
    pub key_scope: Option<&'static str>,
}

/// The table of roles and permissions.
pub fn table() -> RoleTable {
    let role = |role: Role| RoleView {
        name: role.name(),
        permissions: names(role.permissions(Level::Tenant)),
        project_permissions: names(role.permissions(Level::Project)),
    };
    let permission = |permission: &Permission| PermissionView {
        name: permission.name(),
        description: permission.description(),
        level: permission.level(),
        roles: permission.roles().iter().copied().map(Role::name).collect(),
        key_scope: permission.key_scope().map(KeyScope::name),
    };
    RoleTable {
        roles: Role::ALL.into_iter().map(role).collect(),
        permissions: Permission::ALL.iter().map(permission).collect(),
    }
}
