//! Roles and permissions. One table declares all permissions, and for each the roles and the scope of API
//! keys that give it.

use serde::Serialize;

use crate::MetaError;

/// A role in an organisation or in one of its projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Can do everything, including giving and removing every role.
    Owner,
    /// Manages people, projects, keys and settings.
    Admin,
    /// Builds workflows and changes settings.
    Builder,
    /// Reads analytics and manages segments.
    Analyst,
    /// Reads analytics.
    Viewer,
}

impl Role {
    /// Every role, strongest first.
    pub const ALL: [Role; 5] = [
        Role::Owner,
        Role::Admin,
        Role::Builder,
        Role::Analyst,
        Role::Viewer,
    ];

    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Builder => "builder",
            Role::Analyst => "analyst",
            Role::Viewer => "viewer",
        }
    }

    /// The role with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Reads a stored [`Role::name`].
    pub(crate) fn stored(name: &str) -> Result<Self, MetaError> {
        Self::parse(name).ok_or(MetaError::Damaged("role"))
    }

    /// The permissions that it gives at a level: all of those in the table if it is held in the tenant; only
    /// those for projects if it is held in a project.
    pub fn permissions(self, held: Level) -> Permissions {
        let given = |permission: &Permission| {
            permission.roles().contains(&self)
                && (held == Level::Tenant || permission.level() == Level::Project)
        };
        Permission::ALL.iter().copied().filter(given).collect()
    }
}

/// The level at which a role is held or a permission applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The organisation. Only a role in the organisation gives such a permission.
    Tenant,
    /// One project. A role in the project or in its organisation gives such a permission.
    Project,
}

/// A scope of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Send events.
    Ingest,
    /// Read analytics.
    Read,
    /// Change the settings of the project.
    Manage,
}

impl KeyScope {
    /// Every scope.
    pub const ALL: [KeyScope; 3] = [KeyScope::Ingest, KeyScope::Read, KeyScope::Manage];

    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            KeyScope::Ingest => "ingest",
            KeyScope::Read => "read",
            KeyScope::Manage => "manage",
        }
    }

    /// The scope with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// The permissions that it gives in the key's project.
    pub fn permissions(self) -> Permissions {
        let given = |permission: &Permission| permission.key_scope() == Some(self);
        Permission::ALL.iter().copied().filter(given).collect()
    }
}

macro_rules! permissions {
    ($($permission:ident = $name:literal, $level:ident, [$($role:ident)*], $scope:expr, $description:literal;)*) => {
        /// A permission: something that a caller can be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Permission {
            $(#[doc = $description] $permission,)*
        }

        impl Permission {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Permission] = &[$(Permission::$permission,)*];

            /// The name in the API.
            pub fn name(self) -> &'static str {
                match self { $(Permission::$permission => $name,)* }
            }

            /// A sentence that says what it allows.
            pub fn description(self) -> &'static str {
                match self { $(Permission::$permission => $description,)* }
            }

            /// The level at which it applies.
            pub fn level(self) -> Level {
                match self { $(Permission::$permission => Level::$level,)* }
            }

            /// The roles that give it.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Permission::$permission => &[$(Role::$role),*],)* }
            }

            /// The scope of an API key that gives it.
            pub fn key_scope(self) -> Option<KeyScope> {
                match self { $(Permission::$permission => $scope,)* }
            }
        }
    };
}

permissions! {
    SendEvents = "send_events", Project, [], Some(KeyScope::Ingest),
        "Send events. No role gives this permission, so every event can be traced to a key.";
    ReadAnalytics = "read_analytics", Project, [Owner Admin Builder Analyst Viewer], Some(KeyScope::Read),
        "Read analytics, executions and errors.";
    IdentifyUsers = "identify_users", Project, [Owner Admin Builder], Some(KeyScope::Manage),
        "See the ids of users even if the organisation anonymises them.";
    ManageSegments = "manage_segments", Project, [Owner Admin Builder Analyst], Some(KeyScope::Manage),
        "Create, change and delete segments.";
    Annotate = "annotate", Project, [Owner Admin Builder Analyst], Some(KeyScope::Ingest),
        "Add annotations: releases, incidents and notes.";
    ManageAnnotations = "manage_annotations", Project, [Owner Admin Builder Analyst], Some(KeyScope::Manage),
        "Change and delete annotations.";
    TriageErrors = "triage_errors", Project, [Owner Admin Builder Analyst], Some(KeyScope::Manage),
        "Resolve, ignore and assign error groups.";
    ShareViews = "share_views", Project, [Owner Admin Builder Analyst], Some(KeyScope::Manage),
        "Share saved views with the project, and change and delete shared ones.";
    ManageSettings = "manage_settings", Project, [Owner Admin Builder], Some(KeyScope::Manage),
        "Change SLO targets, error grouping, budgets, prices, engagement rules and dimensions.";
    ManageKeys = "manage_keys", Project, [Owner Admin], Some(KeyScope::Manage),
        "Create, rotate and revoke API keys.";
    ManagePrivacy = "manage_privacy", Project, [Owner Admin], Some(KeyScope::Manage),
        "Change redaction and anonymisation, and erase users.";
    ReadAudit = "read_audit", Project, [Owner Admin], Some(KeyScope::Manage),
        "Read the audit log: who read or changed what.";
    ManageProjects = "manage_projects", Tenant, [Owner Admin], None,
        "Create and change projects and their environments.";
    ManagePeople = "manage_people", Tenant, [Owner Admin], None,
        "Invite and remove members, and change their roles.";
    OperateServer = "operate_server", Tenant, [Owner], None,
        "See how the server fares, without the contents of other organisations. Only the owners of the first organisation, who run the server, have it.";
    ManageTenant = "manage_tenant", Tenant, [Owner], None,
        "Change the organisation, its identity provider, its security settings and its owners.";
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u32);

impl Permissions {
    /// Every permission.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// The set with exactly these permissions.
    pub fn of(permissions: &[Permission]) -> Self {
        permissions.iter().copied().collect()
    }

    /// Whether the set contains this permission.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & 1 << permission as u32 != 0
    }

    /// The set without a permission.
    pub fn without(self, permission: Permission) -> Self {
        Self(self.0 & !(1 << permission as u32))
    }

    /// The permissions that are in either set.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The permissions in the set, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |&permission| self.contains(permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let with = |set, permission| set | 1 << permission as u32;
        Self(permissions.into_iter().fold(0, with))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_contains_what_was_put_into_it_and_nothing_else() {
        let set = Permissions::of(&[Permission::ReadAnalytics, Permission::ManageTenant]);
        for &permission in Permission::ALL {
            let put = [Permission::ReadAnalytics, Permission::ManageTenant].contains(&permission);
            assert_eq!(set.contains(permission), put, "{permission:?}");
        }
        assert_eq!(set.iter().count(), 2);
    }

    #[test]
    fn a_stronger_role_has_every_permission_of_a_weaker_one() {
        for pair in Role::ALL.windows(2) {
            let (stronger, weaker) = (pair[0], pair[1]);
            let lost: Vec<_> = weaker
                .permissions(Level::Tenant)
                .iter()
                .filter(|&p| !stronger.permissions(Level::Tenant).contains(p))
                .collect();
            assert!(lost.is_empty(), "{stronger:?} lacks {lost:?} of {weaker:?}");
        }
    }

    #[test]
    fn a_role_in_a_project_gives_no_permission_for_the_tenant() {
        let given = Role::Owner.permissions(Level::Project);
        for tenant in [
            Permission::ManageProjects,
            Permission::ManagePeople,
            Permission::ManageTenant,
        ] {
            assert!(!given.contains(tenant), "{tenant:?}");
            assert!(Role::Owner.permissions(Level::Tenant).contains(tenant));
        }
        assert!(given.contains(Permission::ManageKeys));
    }

    #[test]
    fn no_key_has_a_permission_for_the_tenant_and_no_role_sends_events() {
        for scope in KeyScope::ALL {
            let of_tenant = |permission: &Permission| permission.level() == Level::Tenant;
            assert!(
                !scope.permissions().iter().any(|p| of_tenant(&p)),
                "{scope:?}"
            );
        }
        let sends = |role: &Role| {
            role.permissions(Level::Tenant)
                .contains(Permission::SendEvents)
        };
        assert!(!Role::ALL.iter().any(sends));
        // Builders can set targets; analysts cannot.
        assert!(
            Role::Builder
                .permissions(Level::Project)
                .contains(Permission::ManageSettings)
        );
        assert!(
            !Role::Analyst
                .permissions(Level::Tenant)
                .contains(Permission::ManageSettings)
        );
    }
}
