//! The first start, which creates a tenant, a project and API keys.

use sqlx::SqliteConnection;
use weir_model::TenantKey;

use crate::{KeyScope, KeyScopes, MetaError, MetaStore, entropy::uuid_v7, keys::NewKey, secrets};

/// The keys that the first start generated. They are shown once and cannot be read again.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// A key that can send events; `None` if a key was given.
    pub ingest_key: Option<String>,
    /// A key that can read analytics; `None` if a key was given.
    pub read_key: Option<String>,
}

impl MetaStore {
    /// In an empty database, creates the tenant and project "Default" and generates an ingest key and a read
    /// key; with `given_key`, stores that key with every scope instead. In any other database, does nothing
    /// and returns `None`. It creates no account: see [`MetaStore::offer_setup`]. Also fails if the given key
    /// is unusable ([`MetaError::UnusableKey`]).
    pub async fn bootstrap(
        &self,
        given_key: Option<&str>,
    ) -> Result<Option<FirstStart>, MetaError> {
        if let Some(key) = given_key {
            secrets::check_given_key(key)?;
        }
        let tenants: i64 = sqlx::query_scalar("SELECT count(*) FROM tenants")
            .fetch_one(&self.pool)
            .await?;
        if tenants > 0 {
            return Ok(None);
        }
        let first = self.first_start(given_key);
        let mut transaction = self.begin().await?;
        let tenant = self.insert_tenant(&mut transaction, "Default").await?;
        let project = self
            .insert_project(&mut transaction, tenant, "Default")
            .await?;
        for (name, key, scopes) in keys_of(&first, given_key) {
            let new = NewKey {
                name,
                key,
                scopes: &scopes,
                environment: None,
                expires_at: None,
                created_by: None,
            };
            self.insert_key(&mut transaction, project, &new).await?;
        }
        transaction.commit().await?;
        Ok(Some(first))
    }

    fn first_start(&self, given_key: Option<&str>) -> FirstStart {
        let generate = |scope| {
            let scopes = KeyScopes::of(&[scope]);
            given_key
                .is_none()
                .then(|| secrets::new_key(&*self.entropy, &scopes))
        };
        FirstStart {
            ingest_key: generate(KeyScope::Ingest),
            read_key: generate(KeyScope::Read),
        }
    }

    pub(crate) async fn insert_tenant(
        &self,
        connection: &mut SqliteConnection,
        name: &str,
    ) -> Result<TenantKey, MetaError> {
        let key = sqlx::query_scalar(
            "INSERT INTO tenants (id, name, created_at) VALUES ($1, $2, $3) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(name)
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(TenantKey(key))
    }
}

fn keys_of<'a>(
    first: &'a FirstStart,
    given: Option<&'a str>,
) -> Vec<(&'static str, &'a str, KeyScopes)> {
    let ingest = KeyScopes::of(&[KeyScope::Ingest]);
    let read = KeyScopes::of(&[KeyScope::Read]);
    [
        ("first ingest key", first.ingest_key.as_deref(), ingest),
        ("first read key", first.read_key.as_deref(), read),
        ("given key", given, KeyScopes::all()),
    ]
    .into_iter()
    .filter_map(|(name, key, scopes)| Some((name, key?, scopes)))
    .collect()
}
