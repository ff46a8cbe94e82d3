//! Pseudonyms: who sees real user ids.

mod events;
mod known;
mod pseudonyms;
mod spelling;
mod veil;
mod viewer;
#[cfg(test)]
mod writings;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::Privacy;
use weir_model::{Scope, TenantKey};

pub use events::Events;
pub(super) use pseudonyms::KnownUsers;
pub use viewer::Viewer;

use super::{AppError, Reading};

/// The privacy settings of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivacySettings {
    /// Whether members without the permission `identify_users` see pseudonyms in place of user ids. The
    /// pseudonym of a user stays the same within a project, and can be used in filters like the id.
    pub anonymize_users: bool,
}

/// The privacy settings of the tenants that were read so far.
#[derive(Debug, Default)]
pub(super) struct Policies(Mutex<HashMap<TenantKey, Option<Privacy>>>);

impl Policies {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantKey, Option<Privacy>>> {
        // The map holds complete policies, even if another thread panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// Updates the privacy settings of an organisation.
    pub fn note_privacy(&self, tenant: TenantKey, stored: Option<Privacy>) {
        self.policies.lock().insert(tenant, stored);
    }

    /// The viewer for a project: sees real user ids if they have the permission to identify users, or if the
    /// tenant does not use pseudonyms. Fails if control data cannot be read.
    pub async fn viewer(&self, scope: Scope, identifies_users: bool) -> Result<Viewer, AppError> {
        if identifies_users {
            return Ok(Viewer::clear(scope));
        }
        let policy = self.policy(scope.tenant).await?;
        Ok(match policy.filter(|policy| policy.anonymize_users) {
            Some(policy) => Viewer::veiled(scope, policy.key),
            None => Viewer::clear(scope),
        })
    }

    async fn policy(&self, tenant: TenantKey) -> Result<Option<Privacy>, AppError> {
        if let Some(known) = self.policies.lock().get(&tenant) {
            return Ok(*known);
        }
        let stored = self.control.privacy(tenant).await?;
        // If there is one by now, it is newer.
        Ok(*self.policies.lock().entry(tenant).or_insert(stored))
    }

    /// The privacy settings of an organisation. Fails if control data cannot be read.
    pub async fn privacy(&self, tenant: TenantKey) -> Result<PrivacySettings, AppError> {
        let policy = self.policy(tenant).await?;
        Ok(PrivacySettings {
            anonymize_users: policy.is_some_and(|policy| policy.anonymize_users),
        })
    }
}
