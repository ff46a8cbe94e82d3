//! Whose data it is: every read and write of the event store takes a [`Scope`].

use serde::{Deserialize, Serialize};

/// A tenant's number inside the stores. People and APIs see a UUID instead, so that no one can
/// count or guess tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TenantKey(pub i32);

/// A project's number inside the stores, unique across all tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProjectKey(pub i32);

/// The tenant and project that an operation is allowed to touch. Every read and write needs one,
/// and it comes only from an authenticated key or session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// The tenant (organisation).
    pub tenant: TenantKey,
    /// The project (workspace) of that tenant.
    pub project: ProjectKey,
}

impl Scope {
    /// The scope of a project of a tenant.
    pub fn new(tenant: i32, project: i32) -> Self {
        Self {
            tenant: TenantKey(tenant),
            project: ProjectKey(project),
        }
    }
}
