//! Who sees users as they are: pseudonyms.

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

/// How an organisation shows its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrivacySettings {
    /// Whether whoever lacks the permission `identify_users` sees pseudonyms in place of users. A pseudonym
    /// stays the same for a user of a project, and can be asked for like their id.
    pub anonymize_users: bool,
}

/// How tenants show their users, as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Policies(Mutex<HashMap<TenantKey, Option<Privacy>>>);

impl Policies {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantKey, Option<Privacy>>> {
        // A map of whole policies is sound even if another thread panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// Takes note of how an organisation shows its users now.
    pub fn note_privacy(&self, tenant: TenantKey, stored: Option<Privacy>) {
        self.policies.lock().insert(tenant, stored);
    }

    /// How somebody sees the users of a project: as they are if they may identify them, or if the
    /// tenant shows everybody as they are.
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
        // One that was put here meanwhile is newer.
        Ok(*self.policies.lock().entry(tenant).or_insert(stored))
    }

    /// How an organisation shows its users.
    pub async fn privacy(&self, tenant: TenantKey) -> Result<PrivacySettings, AppError> {
        let policy = self.policy(tenant).await?;
        Ok(PrivacySettings {
            anonymize_users: policy.is_some_and(|policy| policy.anonymize_users),
        })
    }
}
