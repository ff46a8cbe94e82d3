//! API keys: making, checking and revoking.

use std::{collections::HashMap, sync::Mutex};

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use weir_model::{ProjectKey, TenantKey, Timestamp, time::SECOND};

use crate::{
    KeyScopes, MetaError, MetaStore, Principal, Who,
    entropy::uuid_v7,
    principal::Grants,
    secrets::{self, Hash},
};

/// How long a checked key is believed without asking the database. A key revoked by another
/// process works at most this long.
const BELIEVED_MS: i64 = 10 * SECOND;
/// How exact the time of last use is kept.
const LAST_USE_MS: i64 = 60 * SECOND;
/// More keys than this are not remembered at once.
const REMEMBERED: usize = 10_000;

/// Keys that were checked a moment ago: small posts come thousands of times a second.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<CheckedKeys>);

#[derive(Default)]
struct CheckedKeys {
    keys: HashMap<Hash, Believed>,
    /// Grows when everything is forgotten: what was read before that is not believed after it.
    forgotten: u64,
}

/// A key that was checked a moment ago, and until when that is believed.
struct Believed {
    principal: Principal,
    from: Timestamp,
    until: Timestamp,
}

impl KeyCache {
    fn get(&self, hash: &Hash, now: Timestamp) -> Option<Principal> {
        let known = self.0.lock().ok()?;
        let believed = known.keys.get(hash)?;
        let fresh = believed.from <= now && now < believed.until;
        fresh.then(|| believed.principal.clone())
    }

    fn forgotten(&self) -> u64 {
        self.0.lock().map_or(0, |known| known.forgotten)
    }

    /// Remembers a key that was read when so often everything had been forgotten.
    fn put(&self, hash: Hash, believed: Believed, forgotten: u64) {
        let Ok(mut known) = self.0.lock() else { return };
        if known.forgotten != forgotten {
            return;
        }
        if known.keys.len() >= REMEMBERED {
            known.keys.clear();
        }
        known.keys.insert(hash, believed);
    }

    fn forget_all(&self) {
        if let Ok(mut known) = self.0.lock() {
            known.keys.clear();
            known.forgotten += 1;
        }
    }
}

impl MetaStore {
    /// Who an API key belongs to; `None` if there is no such key, it was revoked or has expired.
    pub async fn authenticate_key(&self, key: &str) -> Result<Option<Principal>, MetaError> {
        let hash = secrets::hash(key);
        let now = self.now();
        if let Some(principal) = self.key_cache.get(&hash, now) {
            return Ok(Some(principal));
        }
        let forgotten = self.key_cache.forgotten();
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
        self.note_use(&hash, row.try_get("last_used_at")?, now)
            .await?;
        let expires: Option<i64> = row.try_get("expires_at")?;
        let until = now.plus(BELIEVED_MS).0.min(expires.unwrap_or(i64::MAX));
        let believed = Believed {
            principal: principal.clone(),
            from: now,
            until: Timestamp(until),
        };
        self.key_cache.put(hash, believed, forgotten);
        Ok(Some(principal))
    }

    /// Whether a key opens something now. That does not count as its use.
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

    async fn note_use(
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

    /// Keys do less than before: nothing that was believed of them is believed any more.
    pub(crate) fn forget_keys(&self) {
        self.key_cache.forget_all();
        self.rights.changed();
    }
}

/// A key that is to be stored.
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
    })
}

/// A UUID stored as text.
pub(crate) fn uuid_column(row: &SqliteRow, column: &str) -> Result<Uuid, MetaError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| MetaError::Damaged("public id"))
}
