//! Who changed what, written in the same transaction as the change.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};

use crate::{MetaError, MetaStore, Principal, Who, entropy::uuid_v7, keys::uuid_column};

/// The actor of what the program does by itself.
pub const SYSTEM: &str = "weir";

/// A change to be written down.
#[derive(Clone, Copy, Debug)]
pub struct AuditRecord<'a> {
    /// Who did it: [`Principal::actor`] or [`SYSTEM`].
    pub actor: &'a str,
    /// What was done: `prices.changed`.
    pub action: &'a str,
    /// What it was done to, by public id or name.
    pub subject: &'a str,
    /// JSON: what it was and what it is.
    pub detail: &'a str,
}

/// A change as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the log; grows.
    pub place: i64,
    /// Public id.
    pub id: Uuid,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// JSON: what it was and what it is.
    pub detail: String,
    /// When.
    pub at: Timestamp,
}

impl Principal {
    /// How the audit log names them: `key:UUID`, `person:ada@example.com` or `operator`.
    pub fn actor(&self) -> String {
        match self.who() {
            Who::Key { id, .. } => format!("key:{id}"),
            Who::Person(person) => format!("person:{}", person.email),
            Who::Operator => "operator".to_owned(),
        }
    }
}

impl MetaStore {
    /// Writes a change down, in the transaction of the change. Without a project it is of the tenant.
    pub(crate) async fn record_audit(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        project: Option<ProjectKey>,
        record: AuditRecord<'_>,
    ) -> Result<(), MetaError> {
        sqlx::query(
            "INSERT INTO audit_log (id, tenant_key, project_key, actor, action, subject, detail, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(tenant.0)
        .bind(project.map(|project| project.0))
        .bind(record.actor)
        .bind(record.action)
        .bind(record.subject)
        .bind(record.detail)
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// What was changed in a project, the newest first: entries before a place, at most `limit`. With
    /// those of the tenant, if the reader may see it.
    pub async fn audit_log(
        &self,
        scope: Scope,
        with_tenant: bool,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM audit_log
             WHERE tenant_key = $1 AND (project_key = $2 OR ($3 AND project_key IS NULL)) AND key < $4
             ORDER BY key DESC LIMIT $5",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(with_tenant)
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }
}

fn entry_of(row: &SqliteRow) -> Result<AuditEntry, MetaError> {
    Ok(AuditEntry {
        place: row.try_get("key")?,
        id: uuid_column(row, "id")?,
        actor: row.try_get("actor")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        detail: row.try_get("detail")?,
        at: Timestamp(row.try_get("at")?),
    })
}
