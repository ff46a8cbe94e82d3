//! Who is asking, and what they may do.

use serde::Serialize;
use uuid::Uuid;
use weir_model::{ProjectKey, Scope, TenantKey};

use crate::MetaError;

/// Something a caller may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Send events.
    Ingest,
    /// Read figures.
    Read,
    /// Change settings, keys and people.
    Manage,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Permission; 3] = [Permission::Ingest, Permission::Read, Permission::Manage];

    /// The word in the API and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Permission::Ingest => "ingest",
            Permission::Read => "read",
            Permission::Manage => "manage",
        }
    }

    /// The word inside a key.
    fn tag(self) -> &'static str {
        match self {
            Permission::Ingest => "ing",
            Permission::Read => "read",
            Permission::Manage => "manage",
        }
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// Every permission.
    pub fn all() -> Self {
        Self::of(&Permission::ALL)
    }

    /// The set of these.
    pub fn of(permissions: &[Permission]) -> Self {
        Self(permissions.iter().fold(0, |set, &p| set | 1 << p as u8))
    }

    /// Whether it is in the set.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & 1 << permission as u8 != 0
    }

    /// The permissions in the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .into_iter()
            .filter(move |&p| self.contains(p))
    }

    /// The words, separated by spaces.
    pub(crate) fn to_words(self) -> String {
        self.iter()
            .map(Permission::name)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Reads [`Permissions::to_words`].
    pub(crate) fn from_words(words: &str) -> Result<Self, MetaError> {
        let find = |word| Permission::ALL.into_iter().find(|p| p.name() == word);
        let found: Option<Vec<_>> = words.split_whitespace().map(find).collect();
        found
            .map(|permissions| Self::of(&permissions))
            .ok_or(MetaError::Damaged("permissions of an API key"))
    }

    /// The word inside a key: that of its one permission, or `all`.
    pub(crate) fn tag(self) -> &'static str {
        let mut permissions = self.iter();
        match (permissions.next(), permissions.next()) {
            (Some(only), None) => only.tag(),
            _ => "all",
        }
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Public id.
    pub id: Uuid,
    /// Address, in lower case; what one logs in with.
    pub email: String,
    /// Name for people.
    pub name: String,
}

/// How somebody proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// By an API key, which opens one project.
    Key {
        /// Public id of the key.
        id: Uuid,
        /// The one project.
        project: ProjectKey,
    },
    /// By a session, which opens every project of the person's tenant.
    Person(Person),
    /// By running this program on its own data directory.
    Operator,
}

/// Somebody who proved who they are. Only [`crate::MetaStore`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub(crate) tenant: TenantKey,
    pub(crate) who: Who,
    pub(crate) permissions: Permissions,
}

impl Principal {
    /// How they proved it.
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// What they may do.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// The person, when it is one.
    pub fn person(&self) -> Option<&Person> {
        match &self.who {
            Who::Person(person) => Some(person),
            Who::Key { .. } | Who::Operator => None,
        }
    }

    /// The scope of an API key, which opens one project. A person's has to be chosen among
    /// [`crate::Door::projects`].
    pub fn only_scope(&self) -> Option<Scope> {
        self.bound_to().map(|project| Scope {
            tenant: self.tenant,
            project,
        })
    }

    /// The one project that it may touch, when it is bound to one.
    pub(crate) fn bound_to(&self) -> Option<ProjectKey> {
        match self.who {
            Who::Key { project, .. } => Some(project),
            Who::Person(_) | Who::Operator => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_survive_being_stored() {
        for set in [
            Permissions::all(),
            Permissions::default(),
            Permissions::of(&[Permission::Ingest, Permission::Manage]),
        ] {
            assert_eq!(Permissions::from_words(&set.to_words()).unwrap(), set);
        }
        assert!(Permissions::from_words("ingest root").is_err());
    }

    #[test]
    fn a_set_holds_what_was_put_into_it_and_nothing_else() {
        let set = Permissions::of(&[Permission::Read]);
        assert!(set.contains(Permission::Read));
        assert!(!set.contains(Permission::Ingest));
        assert!(!set.contains(Permission::Manage));
    }
}
