//! Pseudonyms of users, and the erasure of users.

mod forget;

use std::fmt;

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};
use zeroize::Zeroizing;

use crate::{
    Actor, AuditKind, AuditRecord, MetaError, MetaStore, entropy::uuid_v7, sealed::Sealed,
    sqlite::uuid_column,
};

pub use forget::ErasedUser;

/// The secret key from which a tenant's pseudonyms are computed. Its debug form reveals nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PseudonymKey(pub [u8; 32]);

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey")
    }
}

/// How a tenant shows its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// Whether callers without the permission to identify users see pseudonyms.
    pub anonymize_users: bool,
    /// The key of the pseudonyms.
    pub key: PseudonymKey,
}

/// The erasure of a user, open or finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Public id.
    pub id: Uuid,
    /// The project that the user is erased from.
    pub scope: Scope,
    /// The id of the user; `None` once the erasure is finished.
    pub user: Option<String>,
    /// Who requested it, as in the audit log.
    pub actor: String,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// What was changed; `None` until the erasure is finished.
    pub finished: Option<ErasedUser>,
}

impl MetaStore {
    /// How a tenant shows its users; `None` if that was never set. Also fails if no available master key
    /// opens the key of the pseudonyms.
    pub async fn privacy(&self, tenant: TenantKey) -> Result<Option<Privacy>, MetaError> {
        let row = sqlx::query("SELECT * FROM privacy WHERE tenant_key = $1")
            .bind(tenant.0)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get("pseudonym_key")?;
        let name = tenant.0.to_string();
        let key = self.sealer.open(Sealed::PseudonymKey, &name, &sealed)?;
        let key = key.as_slice().try_into();
        Ok(Some(Privacy {
            anonymize_users: row.try_get("anonymize_users")?,
            key: PseudonymKey(key.map_err(|_| MetaError::Damaged("key of pseudonyms"))?),
        }))
    }

    /// A new, sealed key for a tenant's pseudonyms.
    pub(crate) fn new_pseudonym_key(&self, tenant: &str) -> Result<Vec<u8>, MetaError> {
        let mut key = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *key);
        let entropy = &*self.entropy;
        self.sealer
            .seal(Sealed::PseudonymKey, tenant, &*key, entropy)
    }

    /// Sets how a tenant shows its users. The first call also creates the key of its pseudonyms.
    pub async fn put_privacy(
        &self,
        tenant: TenantKey,
        anonymize_users: bool,
        actor: &Actor,
    ) -> Result<(), MetaError> {
        let before = self.privacy(tenant).await?;
        let sealed = self.new_pseudonym_key(&tenant.0.to_string())?;
        let mut transaction = self.begin().await?;
        sqlx::query(
            "INSERT INTO privacy (tenant_key, anonymize_users, pseudonym_key, changed_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_key) DO UPDATE
             SET anonymize_users = excluded.anonymize_users, changed_at = excluded.changed_at",
        )
        .bind(tenant.0)
        .bind(anonymize_users)
        .bind(sealed)
        .bind(self.now().0)
        .execute(&mut *transaction)
        .await?;
        let before = before.is_some_and(|before| before.anonymize_users);
        let detail = serde_json::json!({
            "before": {"anonymizeUsers": before}, "after": {"anonymizeUsers": anonymize_users},
        });
        let record = AuditRecord {
            kind: AuditKind::Change,
            actor,
            action: "privacy.changed",
            subject: "privacy",
            detail: &detail.to_string(),
        };
        self.record_audit(&mut transaction, tenant, None, record)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Records a request to erase a user of a project. If one is already open, returns that one.
    pub async fn request_erasure(
        &self,
        scope: Scope,
        user: &str,
        actor: &Actor,
    ) -> Result<Erasure, MetaError> {
        let mut transaction = self.begin().await?;
        let open = sqlx::query(
            "SELECT * FROM erasures WHERE tenant_key = $1 AND project_key = $2 AND user_id = $3",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(user)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = open {
            return erasure_of(&row);
        }
        let id = uuid_v7(self.now(), &*self.entropy);
        let row = sqlx::query(
            "INSERT INTO erasures (id, tenant_key, project_key, user_id, actor, requested_at)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING *",
        )
        .bind(id.to_string())
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(user)
        .bind(&actor.name)
        .bind(self.now().0)
        .fetch_one(&mut *transaction)
        .await?;
        // The log must not keep the id of the user, so the entry names the erasure instead.
        let record = AuditRecord {
            kind: AuditKind::Change,
            actor,
            action: "erasure.requested",
            subject: &id.to_string(),
            detail: "{}",
        };
        self.record_audit(&mut transaction, scope.tenant, Some(scope.project), record)
            .await?;
        transaction.commit().await?;
        erasure_of(&row)
    }

    /// The erasures of a project, newest first, at most `limit`.
    pub async fn erasures(&self, scope: Scope, limit: u32) -> Result<Vec<Erasure>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM erasures WHERE tenant_key = $1 AND project_key = $2
             ORDER BY key DESC LIMIT $3",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(erasure_of).collect()
    }

    /// The open erasures of all tenants, oldest first. For jobs only: a request has the scope of its caller.
    pub async fn unfinished_erasures(&self) -> Result<Vec<Erasure>, MetaError> {
        let rows = sqlx::query("SELECT * FROM erasures WHERE finished_at IS NULL ORDER BY key")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(erasure_of).collect()
    }
}

fn erasure_of(row: &SqliteRow) -> Result<Erasure, MetaError> {
    let finished_at: Option<i64> = row.try_get("finished_at")?;
    let count = |column| Ok::<_, MetaError>(row.try_get::<Option<i64>, _>(column)?.unwrap_or(0));
    let finished = match finished_at {
        None => None,
        Some(at) => Some(ErasedUser {
            at: Timestamp(at),
            rows: count("rows")?,
            mentions: count("mentions")?,
            cube_rows: count("cube_rows")?,
        }),
    };
    Ok(Erasure {
        id: uuid_column(row, "id")?,
        scope: Scope {
            tenant: TenantKey(row.try_get("tenant_key")?),
            project: ProjectKey(row.try_get("project_key")?),
        },
        user: row.try_get("user_id")?,
        actor: row.try_get("actor")?,
        requested_at: Timestamp(row.try_get("requested_at")?),
        finished,
    })
}
