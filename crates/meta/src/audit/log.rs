//! Reading and pruning the audit log.

use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use super::AuditKind;
use crate::{MetaError, MetaStore, sqlite::uuid_column};

/// Entries deleted in one transaction, so that other writers get a turn in between.
const DELETED_AT_ONCE: u32 = 5_000;

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its position in the log; later entries have greater ones.
    pub place: i64,
    /// Public id.
    pub id: Uuid,
    /// Change or access.
    pub kind: AuditKind,
    /// Who did it: [`crate::Actor::name`].
    pub actor: String,
    /// The network address of the client.
    pub address: Option<String>,
    /// The `User-Agent` of the client, at most 256 bytes.
    pub user_agent: Option<String>,
    /// What was done, such as `prices.changed`.
    pub action: String,
    /// The object of the action, by public id or name.
    pub subject: String,
    /// JSON; for a change, the values before and after.
    pub detail: String,
    /// When it was done.
    pub at: Timestamp,
}

/// Selects the entries that meet all conditions given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only entries of this kind.
    pub kind: Option<AuditKind>,
    /// The action, or its part before a dot: both `prices` and `prices.changed` select `prices.changed`.
    pub action: Option<String>,
    /// Who did it: [`crate::Actor::name`].
    pub actor: Option<String>,
    /// The object of the action, by public id or name.
    pub subject: Option<String>,
    /// From this moment on, inclusive.
    pub from: Option<Timestamp>,
    /// Before this moment, exclusive.
    pub to: Option<Timestamp>,
}

impl MetaStore {
    /// The entries of a project, newest first, at most `limit`; `before` is the position of the entry after
    /// which the list continues. With `with_tenant`, includes the entries of the tenant.
    pub async fn audit_log(
        &self,
        scope: Scope,
        with_tenant: bool,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, MetaError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM audit_log WHERE tenant_key = ");
        sql.push_bind(scope.tenant.0);
        sql.push(" AND (project_key = ").push_bind(scope.project.0);
        sql.push(" OR (").push_bind(with_tenant);
        sql.push(" AND project_key IS NULL))");
        sql.push(" AND key < ")
            .push_bind(before.unwrap_or(i64::MAX));
        restrict(&mut sql, filter);
        sql.push(" ORDER BY key DESC LIMIT ").push_bind(limit);
        let rows = sql.build().fetch_all(&self.pool).await?;
        rows.iter().map(entry_of).collect()
    }

    /// Deletes the entries of all tenants that are older than this moment; returns how many.
    pub async fn prune_audit(&self, before: Timestamp) -> Result<u64, MetaError> {
        let mut deleted = 0;
        loop {
            let mut transaction = self.begin().await?;
            // The trigger allows deleting only what is older than this.
            sqlx::query("UPDATE audit_horizon SET at = max(at, $1)")
                .bind(before.0)
                .execute(&mut *transaction)
                .await?;
            let done = sqlx::query(
                "DELETE FROM audit_log WHERE key IN
                    (SELECT key FROM audit_log WHERE at < $1 ORDER BY at LIMIT $2)",
            )
            .bind(before.0)
            .bind(DELETED_AT_ONCE)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            transaction.commit().await?;
            deleted += done;
            if done < u64::from(DELETED_AT_ONCE) {
                return Ok(deleted);
            }
        }
    }
}

fn restrict(sql: &mut QueryBuilder<Sqlite>, filter: &AuditFilter) {
    if let Some(kind) = filter.kind {
        sql.push(" AND kind = ").push_bind(kind.name());
    }
    if let Some(action) = &filter.action {
        sql.push(" AND (action = ").push_bind(action.clone());
        sql.push(" OR substr(action, 1, ")
            .push_bind(action.chars().count() as i64 + 1);
        sql.push(") = ").push_bind(format!("{action}."));
        sql.push(")");
    }
    if let Some(actor) = &filter.actor {
        sql.push(" AND actor = ").push_bind(actor.clone());
    }
    if let Some(subject) = &filter.subject {
        sql.push(" AND subject = ").push_bind(subject.clone());
    }
    if let Some(from) = filter.from {
        sql.push(" AND at >= ").push_bind(from.0);
    }
    if let Some(to) = filter.to {
        sql.push(" AND at < ").push_bind(to.0);
    }
}

fn entry_of(row: &SqliteRow) -> Result<AuditEntry, MetaError> {
    let kind: &str = row.try_get("kind")?;
    Ok(AuditEntry {
        place: row.try_get("key")?,
        id: uuid_column(row, "id")?,
        kind: AuditKind::from_name(kind).ok_or(MetaError::Damaged("kind of an audit entry"))?,
        actor: row.try_get("actor")?,
        address: row.try_get("address")?,
        user_agent: row.try_get("user_agent")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        detail: row.try_get("detail")?,
        at: Timestamp(row.try_get("at")?),
    })
}
