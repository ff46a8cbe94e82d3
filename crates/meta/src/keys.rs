//! API keys: storing and authenticating them.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use weir_model::{ProjectKey, TenantKey, Timestamp, time::SECOND};

use crate::{
    KeyScopes, MetaError, MetaStore, Principal, Who,
    entropy::uuid_v7,
    key_cache::CachedKey,
    principal::Grants,
    secrets::{self, Hash},
    sqlite::uuid_column,
};

/// How long a verified key is cached. A key that another process revokes works for at most this long.
const CACHED_MS: i64 = 10 * SECOND;
/// How precisely the time of last use is recorded.
const LAST_USE_MS: i64 = 60 * SECOND;

impl MetaStore {
    /// The principal of an API key; `None` if there is no such key, it was revoked or has expired.
    pub async fn authenticate_key(&self, key: &str) -> Result<Option<Principal>, MetaError> {
        let hash = secrets::hash(key);
        let now = self.now();
        if let Some(principal) = self.key_cache.get(&hash, now) {
            return Ok(Some(principal));
        }
        let clearings = self.key_cache.clearings();
        let found = sqlx::query(
            "SELECT k.id, k.hash, k.project_key, k.scopes, k.environment, k.last_used_at,
                    k.expires_at, p.tenant_key
             FROM api_keys k JOIN projects p ON p.key = k.project_key
             WHERE k.hash = $1 AND k.revoked_at IS NULL
               AND (k.expires_at IS NULL OR k.expires_at > $2)",
        )
        .bind(&hash[..])
        .bind(now.0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = found else { return Ok(None) };
        if !bool::from(row.try_get::<Vec<u8>, _>("hash")?.ct_eq(&hash)) {
            return Ok(None);
        }
        let principal = principal_of(&row)?;
        self.record_use(&hash, row.try_get("last_used_at")?, now)
            .await?;
        let expires: Option<i64> = row.try_get("expires_at")?;
        let until = now.plus(CACHED_MS).0.min(expires.unwrap_or(i64::MAX));
        let cached = CachedKey {
            principal: principal.clone(),
            from: now,
            until: Timestamp(until),
        };
        self.key_cache.put(hash, cached, clearings);
        Ok(Some(principal))
    }

    /// Whether a key works now. This does not count as a use of the key.
    pub async fn has_key(&self, key: &str) -> Result<bool, MetaError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM api_keys WHERE hash = $1 AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(&secrets::hash(key)[..])
        .bind(self.now().0)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }

    async fn record_use(
        &self,
        hash: &Hash,
        last: Option<i64>,
        now: Timestamp,
    ) -> Result<(), MetaError> {
        if last.is_some_and(|last| now.0 - last < LAST_USE_MS) {
            return Ok(());
        }
        sqlx::query("UPDATE api_keys SET last_used_at = $1 WHERE hash = $2")
            .bind(now.0)
            .bind(&hash[..])
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Stores the hash of a key for a project and returns the key's public id.
    pub(crate) async fn insert_key(
        &self,
        connection: &mut SqliteConnection,
        project: ProjectKey,
        new: &NewKey<'_>,
    ) -> Result<Uuid, MetaError> {
        let id = uuid_v7(self.now(), &*self.entropy);
        sqlx::query(
            "INSERT INTO api_keys (id, project_key, name, prefix, hash, scopes, environment,
                                   expires_at, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(id.to_string())
        .bind(project.0)
        .bind(new.name)
        .bind(secrets::prefix(new.key))
        .bind(&secrets::hash(new.key)[..])
        .bind(new.scopes.to_words())
        .bind(new.environment)
        .bind(new.expires_at.map(|end| end.0))
        .bind(new.created_by)
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(id)
    }

    /// Clears the cache of keys and signals a loss of rights, because a key was revoked or replaced.
    pub(crate) fn keys_changed(&self) {
        self.key_cache.clear();
        self.rights.changed();
    }
}

/// A key to store.
pub(crate) struct NewKey<'a> {
    pub name: &'a str,
    pub key: &'a str,
    pub scopes: &'a KeyScopes,
    pub environment: Option<&'a str>,
    pub expires_at: Option<Timestamp>,
    pub created_by: Option<&'a str>,
}

fn principal_of(row: &SqliteRow) -> Result<Principal, MetaError> {
    Ok(Principal {
        tenant: TenantKey(row.try_get("tenant_key")?),
        who: Who::Key {
            id: uuid_column(row, "id")?,
            project: ProjectKey(row.try_get("project_key")?),
            environment: row.try_get("environment")?,
        },
        grants: Grants::Key(KeyScopes::from_words(row.try_get("scopes")?)?),
        session: None,
        in_first_tenant: false,
    })
}
