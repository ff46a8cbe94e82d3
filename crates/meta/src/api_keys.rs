//! Managing the API keys of a project.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, Door, KeyScopes, MetaError, keys::NewKey, notes::Note, secrets, sqlite::uuid_column,
};

/// The description of an API key; the key itself cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Public id.
    pub id: Uuid,
    /// Display name.
    pub name: String,
    /// The visible prefix of the key.
    pub prefix: String,
    /// What it allows.
    pub scopes: KeyScopes,
    /// The only environment that it is valid for; `None` for all.
    pub environment: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it, as in the audit log.
    pub created_by: Option<String>,
    /// When it expires; `None` if it does not.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The id of the key that replaced it when it was rotated.
    pub replaced_by: Option<Uuid>,
}

/// The properties of a new key.
#[derive(Clone, Debug)]
pub struct KeyTerms<'a> {
    /// Display name.
    pub name: &'a str,
    /// What it allows.
    pub scopes: KeyScopes,
    /// The only environment that it is valid for; `None` for all.
    pub environment: Option<&'a str>,
    /// When it expires; `None` if it does not.
    pub expires_at: Option<Timestamp>,
}

/// The outcome of rotating a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The description of the new key, and the key itself.
    Rotated(Box<ApiKey>, String),
    /// The project has no such key.
    Unknown,
    /// The key was revoked, has expired, or was already rotated.
    NotInForce,
}

impl Door<'_> {
    /// The keys of a project, newest first.
    pub async fn api_keys(&self, scope: Scope) -> Result<Vec<ApiKey>, MetaError> {
        let rows = sqlx::query(
            "SELECT k.* FROM api_keys k JOIN projects p ON p.key = k.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY k.key DESC",
        )
        .bind(scope.project.0)
        .bind(self.tenant_key().0)
        .fetch_all(&self.store.pool)
        .await?;
        rows.iter().map(key_of).collect()
    }

    /// Creates a key for a project of the tenant; returns its description and the key itself, which cannot be
    /// read again.
    pub async fn create_api_key(
        &self,
        scope: Scope,
        terms: &KeyTerms<'_>,
        actor: &Actor,
    ) -> Result<(ApiKey, String), MetaError> {
        let mut transaction = self.store.begin().await?;
        let key = secrets::new_key(&*self.store.entropy, &terms.scopes);
        let new = NewKey {
            name: terms.name,
            key: &key,
            scopes: &terms.scopes,
            environment: terms.environment,
            expires_at: terms.expires_at,
            created_by: Some(&actor.name),
        };
        let id = self
            .store
            .insert_key(&mut transaction, scope.project, &new)
            .await?;
        let row = sqlx::query("SELECT * FROM api_keys WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(&mut *transaction)
            .await?;
        let made = key_of(&row)?;
        let note = Note::change(actor, "keys.created", &made.prefix, key_json(&made));
        self.store
            .note(&mut transaction, scope.tenant, Some(scope.project), &note)
            .await?;
        transaction.commit().await?;
        Ok((made, key))
    }

    /// Creates a key with the properties of another, which then remains valid for at most `overlap_ms`
    /// milliseconds.
    pub async fn rotate_api_key(
        &self,
        scope: Scope,
        id: Uuid,
        overlap_ms: i64,
        actor: &Actor,
    ) -> Result<Rotation, MetaError> {
        let now = self.store.now();
        let found = self.api_keys(scope).await?;
        let Some(old) = found.into_iter().find(|key| key.id == id) else {
            return Ok(Rotation::Unknown);
        };
        let in_force = old.revoked_at.is_none() && old.expires_at.is_none_or(|end| end > now);
        if !in_force || old.replaced_by.is_some() {
            return Ok(Rotation::NotInForce);
        }
        let terms = KeyTerms {
            name: &old.name,
            scopes: old.scopes.clone(),
            environment: old.environment.as_deref(),
            expires_at: old.expires_at,
        };
        let (made, key) = self.create_api_key(scope, &terms, actor).await?;
        let end = now.plus(overlap_ms);
        let end = old.expires_at.map_or(end, |expires| expires.min(end));
        let mut transaction = self.store.begin().await?;
        let replaced = sqlx::query(
            "UPDATE api_keys SET expires_at = $1, replaced_by = $2
             WHERE id = $3 AND replaced_by IS NULL AND revoked_at IS NULL",
        )
        .bind(end.0)
        .bind(made.id.to_string())
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        if replaced.rows_affected() == 0 {
            // A concurrent call rotated or revoked the key first, so the new key is not needed.
            drop(transaction);
            self.revoke_api_key(scope, made.id, actor).await?;
            return Ok(Rotation::NotInForce);
        }
        let detail = serde_json::json!({ "replacedBy": made.prefix, "expiresAt": end });
        let note = Note::change(actor, "keys.rotated", &old.prefix, detail);
        self.store
            .note(&mut transaction, scope.tenant, Some(scope.project), &note)
            .await?;
        transaction.commit().await?;
        self.store.keys_changed();
        Ok(Rotation::Rotated(Box::new(made), key))
    }

    /// Revokes a key of a project: it stops working immediately. Returns whether there was one to revoke.
    pub async fn revoke_api_key(
        &self,
        scope: Scope,
        id: Uuid,
        actor: &Actor,
    ) -> Result<bool, MetaError> {
        let mut transaction = self.store.begin().await?;
        let prefix: Option<String> = sqlx::query_scalar(
            "UPDATE api_keys SET revoked_at = $1
             WHERE id = $2 AND revoked_at IS NULL AND project_key =
                 (SELECT key FROM projects WHERE key = $3 AND tenant_key = $4)
             RETURNING prefix",
        )
        .bind(self.store.now().0)
        .bind(id.to_string())
        .bind(scope.project.0)
        .bind(self.tenant_key().0)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(prefix) = prefix else {
            return Ok(false);
        };
        let note = Note::change(
            actor,
            "keys.revoked",
            &prefix,
            serde_json::json!({ "id": id }),
        );
        self.store
            .note(&mut transaction, scope.tenant, Some(scope.project), &note)
            .await?;
        transaction.commit().await?;
        self.store.keys_changed();
        Ok(true)
    }
}

fn key_json(key: &ApiKey) -> serde_json::Value {
    serde_json::json!({
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes.iter().collect::<Vec<_>>(),
        "environment": key.environment,
        "expiresAt": key.expires_at,
    })
}

fn key_of(row: &SqliteRow) -> Result<ApiKey, MetaError> {
    let time = |column: &str| -> Result<Option<Timestamp>, MetaError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
    };
    let replaced_by: Option<&str> = row.try_get("replaced_by")?;
    Ok(ApiKey {
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
        prefix: row.try_get("prefix")?,
        scopes: KeyScopes::from_words(row.try_get("scopes")?)?,
        environment: row.try_get("environment")?,
        created_at: Timestamp(row.try_get("created_at")?),
        created_by: row.try_get("created_by")?,
        expires_at: time("expires_at")?,
        last_used_at: time("last_used_at")?,
        revoked_at: time("revoked_at")?,
        replaced_by: replaced_by.and_then(|id| id.parse().ok()),
    })
}
