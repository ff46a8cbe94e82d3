//! Audit log entries about people, keys and tenants.

use serde_json::Value;
use sqlx::SqliteConnection;
use weir_model::{ProjectKey, TenantKey};

use crate::{Actor, AuditKind, AuditRecord, MetaError, MetaStore, Origin, email, secrets};

/// An audit log entry; the caller decides for which tenant and project it is recorded.
pub(crate) struct Note<'a> {
    kind: AuditKind,
    actor: &'a Actor,
    action: &'static str,
    subject: &'a str,
    detail: Value,
}

impl<'a> Note<'a> {
    /// An entry about a change.
    pub fn change(actor: &'a Actor, action: &'static str, subject: &'a str, detail: Value) -> Self {
        Self {
            kind: AuditKind::Change,
            actor,
            action,
            subject,
            detail,
        }
    }

    /// An entry about a login, a logout, or an attempt.
    pub fn access(actor: &'a Actor, action: &'static str, subject: &'a str, detail: Value) -> Self {
        Self {
            kind: AuditKind::Access,
            ..Self::change(actor, action, subject, detail)
        }
    }
}

impl MetaStore {
    /// Records a note in the transaction of the action. Without a project, it belongs to the tenant.
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

    /// Records a note about a person's account in every tenant that they are a member of.
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

    /// Records a refused attempt in the tenants of the account, or, if no account has the address, in the
    /// first tenant, whose owners run the server. An unknown address is stored only as a hash, because it may
    /// be a password entered in the wrong field.
    pub async fn record_refusal(
        &self,
        action: &'static str,
        email: &str,
        reason: &'static str,
        origin: &Origin,
    ) -> Result<(), MetaError> {
        let email = email::normal(email);
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
            let hash = secrets::hash(&email);
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
