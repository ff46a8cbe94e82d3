//! Principals: authenticated callers and their permissions.

use std::collections::BTreeMap;

use uuid::Uuid;
use weir_model::{ProjectKey, Scope, TenantKey};

use crate::{KeyScope, Level, MetaError, Permission, Permissions, Role};

/// The scopes of an API key, in the order of [`KeyScope::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyScopes(Vec<KeyScope>);

impl KeyScopes {
    /// Every scope.
    pub fn all() -> Self {
        Self(KeyScope::ALL.to_vec())
    }

    /// These scopes, without duplicates.
    pub fn of(scopes: &[KeyScope]) -> Self {
        let wanted = |scope: &KeyScope| scopes.contains(scope);
        Self(KeyScope::ALL.into_iter().filter(wanted).collect())
    }

    /// The scopes, in the order of [`KeyScope::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = KeyScope> {
        self.0.iter().copied()
    }

    /// The permissions that they give in the key's project.
    pub fn permissions(&self) -> Permissions {
        self.iter()
            .map(KeyScope::permissions)
            .fold(Permissions::default(), Permissions::union)
    }

    /// The names, separated by spaces.
    pub(crate) fn to_words(&self) -> String {
        self.iter()
            .map(KeyScope::name)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Reads [`KeyScopes::to_words`].
    pub(crate) fn from_words(words: &str) -> Result<Self, MetaError> {
        let found: Option<Vec<_>> = words.split_whitespace().map(KeyScope::parse).collect();
        found
            .map(Self)
            .ok_or(MetaError::Damaged("scopes of an API key"))
    }

    /// The tag inside a key: a short name of its only scope, or `all`.
    pub(crate) fn tag(&self) -> &'static str {
        match self.0[..] {
            [KeyScope::Ingest] => "ing",
            [KeyScope::Read] => "read",
            [KeyScope::Manage] => "manage",
            _ => "all",
        }
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Public id.
    pub id: Uuid,
    /// E-mail address, in lower case; it identifies the account at login.
    pub email: String,
    /// Display name.
    pub name: String,
}

/// How a principal was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// With an API key, which gives access to one project.
    Key {
        /// Public id of the key.
        id: Uuid,
        /// The project of the key.
        project: ProjectKey,
        /// The environment that the key is bound to, if any.
        environment: Option<String>,
    },
    /// With a session, which gives the permissions of the person's roles in the session's tenant.
    Person(Person),
    /// By running this program on its data directory.
    Operator,
}

/// The roles of a person in a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// The role in the whole tenant.
    pub tenant: Option<Role>,
    /// The roles in projects of the tenant.
    pub projects: BTreeMap<ProjectKey, Role>,
}

/// What a principal is allowed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grants {
    /// Everything in the tenant, for the operator.
    All,
    /// What the scopes of a key allow in its project.
    Key(KeyScopes),
    /// What the roles of a person allow.
    Roles(Roles),
}

/// An authenticated caller. Only [`crate::MetaStore`] creates one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub(crate) tenant: TenantKey,
    pub(crate) who: Who,
    pub(crate) grants: Grants,
    /// Public id of the session, if the caller used one.
    pub(crate) session: Option<Uuid>,
    /// Whether the tenant is the first one, whose owners run the server.
    pub(crate) in_first_tenant: bool,
}

impl Principal {
    /// How the caller was authenticated.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// The person; `None` for an API key or the operator.
    pub fn person(&self) -> Option<&Person> {
        match &self.who {
            Who::Person(person) => Some(person),
            Who::Key { .. } | Who::Operator => None,
        }
    }

    /// The environment that an API key is bound to.
    pub fn environment(&self) -> Option<&str> {
        match &self.who {
            Who::Key { environment, .. } => environment.as_deref(),
            Who::Person(_) | Who::Operator => None,
        }
    }

    /// The permissions in the whole tenant. An API key has none, because it gives access to one project only.
    pub fn tenant_permissions(&self) -> Permissions {
        match &self.grants {
            Grants::All => Permissions::all(),
            Grants::Key(_) => Permissions::default(),
            Grants::Roles(roles) => {
                let held = of_role(roles.tenant, Level::Tenant);
                match self.in_first_tenant {
                    true => held,
                    false => held.without(Permission::OperateServer),
                }
            }
        }
    }

    /// The permissions in a project: those of the role in the tenant and those of the role in the project.
    pub fn permissions_in(&self, scope: Scope) -> Permissions {
        if scope.tenant != self.tenant {
            return Permissions::default();
        }
        match &self.grants {
            Grants::All => Permissions::all(),
            Grants::Key(scopes) if self.key_project() == Some(scope.project) => {
                scopes.permissions()
            }
            Grants::Key(_) => Permissions::default(),
            Grants::Roles(roles) => {
                let own = roles.projects.get(&scope.project).copied();
                of_role(roles.tenant, Level::Project).union(of_role(own, Level::Project))
            }
        }
    }

    /// The permissions that they have in at least one project or in the whole tenant.
    pub fn permissions_anywhere(&self) -> Permissions {
        match &self.grants {
            Grants::All => Permissions::all(),
            Grants::Key(scopes) => scopes.permissions(),
            Grants::Roles(roles) => {
                let projects = roles.projects.values();
                projects
                    .map(|role| role.permissions(Level::Project))
                    .fold(self.tenant_permissions(), Permissions::union)
            }
        }
    }

    /// Their role in the whole tenant.
    pub fn tenant_role(&self) -> Option<Role> {
        self.roles().and_then(|roles| roles.tenant)
    }

    /// Their role in one project; their role in the tenant applies as well.
    pub fn role_in(&self, scope: Scope) -> Option<Role> {
        self.roles()
            .filter(|_| scope.tenant == self.tenant)
            .and_then(|roles| roles.projects.get(&scope.project).copied())
    }

    /// The scopes of an API key.
    pub fn key_scopes(&self) -> Option<&KeyScopes> {
        match &self.grants {
            Grants::Key(scopes) => Some(scopes),
            Grants::All | Grants::Roles(_) => None,
        }
    }

    /// The project of an API key. A person has to choose one of [`crate::Door::projects`].
    pub fn only_scope(&self) -> Option<Scope> {
        self.key_project().map(|project| Scope {
            tenant: self.tenant,
            project,
        })
    }

    /// Whether they are allowed to know that a project exists.
    pub(crate) fn sees(&self, scope: Scope) -> bool {
        scope.tenant == self.tenant
            && match &self.grants {
                Grants::All => true,
                Grants::Key(_) => self.key_project() == Some(scope.project),
                Grants::Roles(roles) => {
                    roles.tenant.is_some() || roles.projects.contains_key(&scope.project)
                }
            }
    }

    fn key_project(&self) -> Option<ProjectKey> {
        match self.who {
            Who::Key { project, .. } => Some(project),
            Who::Person(_) | Who::Operator => None,
        }
    }

    fn roles(&self) -> Option<&Roles> {
        match &self.grants {
            Grants::Roles(roles) => Some(roles),
            Grants::All | Grants::Key(_) => None,
        }
    }
}

fn of_role(role: Option<Role>, held: Level) -> Permissions {
    role.map(|role| role.permissions(held)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(roles: Roles) -> Principal {
        Principal {
            tenant: TenantKey(1),
            who: Who::Person(Person {
                id: Uuid::nil(),
                email: String::new(),
                name: String::new(),
            }),
            grants: Grants::Roles(roles),
            session: None,
            in_first_tenant: true,
        }
    }

    #[test]
    fn scopes_survive_being_stored() {
        for scopes in [
            KeyScopes::all(),
            KeyScopes::of(&[]),
            KeyScopes::of(&[KeyScope::Manage, KeyScope::Ingest, KeyScope::Ingest]),
        ] {
            assert_eq!(KeyScopes::from_words(&scopes.to_words()).unwrap(), scopes);
        }
        assert!(KeyScopes::from_words("ingest root").is_err());
    }

    #[test]
    fn a_role_in_the_tenant_and_a_role_in_a_project_add_up() {
        let both = person(Roles {
            tenant: Some(Role::Viewer),
            projects: BTreeMap::from([(ProjectKey(1), Role::Builder)]),
        });
        let may = |project, permission| {
            both.permissions_in(Scope::new(1, project))
                .contains(permission)
        };
        assert!(may(1, Permission::ManageSettings));
        assert!(may(2, Permission::ReadAnalytics) && !may(2, Permission::ManageSettings));
        assert!(
            !both
                .tenant_permissions()
                .contains(Permission::ManageSettings)
        );
    }

    #[test]
    fn a_role_in_one_project_gives_no_access_to_another() {
        let one = person(Roles {
            tenant: None,
            projects: BTreeMap::from([(ProjectKey(1), Role::Owner)]),
        });
        assert!(one.sees(Scope::new(1, 1)) && !one.sees(Scope::new(1, 2)));
        let nothing = Permissions::default();
        assert_eq!(one.permissions_in(Scope::new(1, 2)), nothing);
        assert_eq!(one.tenant_permissions(), nothing);
    }

    #[test]
    fn no_one_has_permissions_in_another_tenant() {
        let owner = person(Roles {
            tenant: Some(Role::Owner),
            projects: BTreeMap::new(),
        });
        let operator = Principal {
            who: Who::Operator,
            grants: Grants::All,
            ..owner.clone()
        };
        for principal in [owner, operator] {
            let elsewhere = Scope::new(2, 1);
            assert!(!principal.sees(elsewhere));
            assert_eq!(principal.permissions_in(elsewhere), Permissions::default());
        }
    }
}
