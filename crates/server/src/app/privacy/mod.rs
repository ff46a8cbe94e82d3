//! Pseudonymisation of users, and their erasure.

mod erasure;

use weir_insights::privacy::PrivacySettings;
use weir_meta::Actor;
use weir_model::TenantKey;

pub use erasure::{ErasureInput, ErasureList, ErasureView};

use super::{App, AppError};

impl App {
    /// Sets how an organisation shows its users, effective immediately. Fails if the setting cannot be
    /// stored.
    pub async fn put_privacy(
        &self,
        tenant: TenantKey,
        settings: PrivacySettings,
        actor: &Actor,
    ) -> Result<PrivacySettings, AppError> {
        self.meta
            .put_privacy(tenant, settings.anonymize_users, actor)
            .await?;
        let stored = self.meta.privacy(tenant).await?;
        self.reading.note_privacy(tenant, stored);
        self.reading.privacy(tenant).await
    }
}
