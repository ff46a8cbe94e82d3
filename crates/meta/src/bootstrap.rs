//! The first start: somebody must be able to log in, and something to send events.

use sqlx::SqliteConnection;
use weir_model::{ProjectKey, TenantKey};

use crate::{KeyScope, KeyScopes, MetaError, MetaStore, Role, entropy::uuid_v7, password, secrets};

/// The owner's e-mail address on a first start.
const OWNER: &str = "owner@localhost";

/// What the first start made, to be shown once: none of it can be read again.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// What the owner logs in with.
    pub email: String,
    /// The generated password.
    pub password: String,
    /// A generated key that may send events; none when a key was given.
    pub ingest_key: Option<String>,
    /// A generated key that may read figures; none when a key was given.
    pub read_key: Option<String>,
}

impl MetaStore {
    /// On an empty database: makes the tenant and project "Default", an owner with a generated
    /// password, and an ingest and a read key; with `given_key`, that key with every scope
    /// instead of those two. On any other database: nothing, and `None`.
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
        let password_hash = password::hash(&first.password, &self.entropy).await?;
        let mut transaction = self.begin().await?;
        let tenant = self.insert_tenant(&mut transaction).await?;
        let project = self.insert_project(&mut transaction, tenant).await?;
        self.insert_owner(&mut transaction, tenant, &password_hash)
            .await?;
        for (name, key, scopes) in keys_of(&first, given_key) {
            self.insert_key(&mut transaction, project, name, key, &scopes)
                .await?;
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
            email: OWNER.to_owned(),
            password: secrets::new_password(&*self.entropy),
            ingest_key: generate(KeyScope::Ingest),
            read_key: generate(KeyScope::Read),
        }
    }

    async fn insert_tenant(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<TenantKey, MetaError> {
        let key = sqlx::query_scalar(
            "INSERT INTO tenants (id, name, created_at) VALUES ($1, 'Default', $2) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(TenantKey(key))
    }

    async fn insert_project(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
    ) -> Result<ProjectKey, MetaError> {
        let key = sqlx::query_scalar(
            "INSERT INTO projects (id, tenant_key, name, created_at)
             VALUES ($1, $2, 'Default', $3) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(tenant.0)
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(ProjectKey(key))
    }

    async fn insert_owner(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        password_hash: &str,
    ) -> Result<(), MetaError> {
        let person: i64 = sqlx::query_scalar(
            "INSERT INTO people (id, email, name, password_hash, created_at)
             VALUES ($1, $2, 'Owner', $3, $4) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(OWNER)
        .bind(password_hash)
        .bind(self.now().0)
        .fetch_one(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO memberships (tenant_key, person_key, role, created_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(tenant.0)
        .bind(person)
        .bind(Role::Owner.name())
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(())
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
