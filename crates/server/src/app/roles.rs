//! The roles and their permissions, as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{KeyScope, Level, Permission, Role};

use super::projects::names;

/// Which role grants which permission.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleTable {
    /// The roles, most powerful first.
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
    /// What it grants in the whole organisation.
    pub permissions: Vec<&'static str>,
    /// What it grants as a role in one project.
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
    /// Where it applies: tenant (only a role in the organisation grants it) or project.
    #[schema(value_type = String, example = "project")]
    pub level: Level,
    /// The roles that grant it.
    pub roles: Vec<&'static str>,
    /// The API key scope that grants it; null if no scope does.
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
