//! What people and keys did, for the audit log.

use serde_json::Value;
use sqlx::SqliteConnection;
use weir_model::{ProjectKey, TenantKey};

use crate::{Actor, AuditKind, AuditRecord, MetaError, MetaStore, Origin};

/// Something to be written down.
pub(crate) struct Note<'a> {
    kind: AuditKind,
    actor: &'a Actor,
    action: &'static str,
    subject: &'a str,
    detail: Value,
}

impl<'a> Note<'a> {
    /// Something is different now.
    pub fn change(actor: &'a Actor, action: &'static str, subject: &'a str, detail: Value) -> Self {
        Self {
            kind: AuditKind::Change,
            actor,
            action,
            subject,
            detail,
        }
    }

    /// Somebody came in, went, or tried to.
    pub fn access(actor: &'a Actor, action: &'static str, subject: &'a str, detail: Value) -> Self {
        Self {
            kind: AuditKind::Access,
            ..Self::change(actor, action, subject, detail)
        }
    }
}

impl MetaStore {
    /// Writes a note down in the transaction of what it tells of; without a project it is of the tenant.
    pub(crate) async fn note(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        project: Option<ProjectKey>,
        note: &Note<'_>,
    ) -> Result<(), MetaError> {
        let record = AuditRecord {
            kind: note.kind,
            actor: note.actor,
            action: note.action,
            subject: note.subject,
            detail: &note.detail.to_string(),
        };
        self.record_audit(connection, tenant, project, record).await
    }

    /// Writes a note down in every tenant that a person belongs to: it is about their account.
    pub(crate) async fn note_everywhere(
        &self,
        connection: &mut SqliteConnection,
        person: i64,
        note: &Note<'_>,
    ) -> Result<(), MetaError> {
        let tenants: Vec<i32> =
            sqlx::query_scalar("SELECT DISTINCT tenant_key FROM memberships WHERE person_key = $1")
                .bind(person)
                .fetch_all(&mut *connection)
                .await?;
        for tenant in tenants {
            self.note(connection, TenantKey(tenant), None, note).await?;
        }
        Ok(())
    }

    /// Writes down that somebody was refused: in the tenants of the account that they tried, or, if
    /// there is none, in the first tenant, whose owners run the place. What an unknown address was is
    /// kept as its hash only: it may be a password that was typed into the wrong field.
    pub async fn record_refusal(
        &self,
        action: &'static str,
        email: &str,
        reason: &'static str,
        origin: &Origin,
    ) -> Result<(), MetaError> {
        let email = crate::accounts::normal(email);
        let detail = serde_json::json!({ "reason": reason });
        let actor = Actor::stranger(origin.clone());
        let mut transaction = self.begin().await?;
        let person: Option<i64> = sqlx::query_scalar("SELECT key FROM people WHERE email = $1")
            .bind(&email)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some(person) = person {
            let note = Note::access(&actor, action, &email, detail);
            self.note_everywhere(&mut transaction, person, &note)
                .await?;
        } else {
            let first: Option<i32> = sqlx::query_scalar("SELECT min(key) FROM tenants")
                .fetch_one(&mut *transaction)
                .await?;
            let hash = crate::secrets::hash(&email);
            let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            let subject = format!("unknown:{hash}");
            let note = Note::access(&actor, action, &subject, detail);
            if let Some(first) = first {
                self.note(&mut transaction, TenantKey(first), None, &note)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}
