//! Access to the rows of one tenant: what its principal can see and change.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, TenantKey, Timestamp};

use crate::{MetaError, MetaStore, Principal, sqlite::uuid_column};

/// A tenant, which users know as an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Public id.
    pub id: Uuid,
    /// Display name.
    pub name: String,
}

/// A project that the principal can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its keys in the event store.
    pub scope: Scope,
    /// Public id.
    pub id: Uuid,
    /// Display name.
    pub name: String,
    /// The tenant that it belongs to.
    pub tenant: Tenant,
    /// The declared environments, sorted by name.
    pub environments: Vec<String>,
    /// The visible prefix of its newest valid ingest key.
    pub ingest_key_prefix: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Access to the rows of one tenant, which one of its principals opened.
pub struct Door<'a> {
    pub(crate) store: &'a MetaStore,
    pub(crate) principal: &'a Principal,
}

impl MetaStore {
    /// Gives a principal access to the rows that they can see.
    pub fn door<'a>(&'a self, principal: &'a Principal) -> Door<'a> {
        Door::new(self, principal)
    }
}

impl<'a> Door<'a> {
    pub(crate) fn new(store: &'a MetaStore, principal: &'a Principal) -> Self {
        Self { store, principal }
    }

    pub(crate) fn tenant_key(&self) -> TenantKey {
        self.principal.tenant
    }

    /// The tenant that the principal acts in.
    pub async fn tenant(&self) -> Result<Tenant, MetaError> {
        let row = sqlx::query("SELECT id, name FROM tenants WHERE key = $1")
            .bind(self.principal.tenant.0)
            .fetch_one(&self.store.pool)
            .await?;
        tenant_of(&row)
    }

    /// The tenants that a person is a member of, sorted by name; for a provider-issued session, an API key or
    /// the operator, only the tenant that they act in.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, MetaError> {
        let Some(person) = self.principal.person() else {
            return Ok(vec![self.tenant().await?]);
        };
        let rows = sqlx::query(
            "SELECT t.id, t.name FROM tenants t
             WHERE t.key IN (SELECT m.tenant_key FROM memberships m
                             JOIN people p ON p.key = m.person_key WHERE p.id = $1)
               AND (t.key = $3 OR NOT EXISTS
                    (SELECT 1 FROM sessions s WHERE s.id = $2 AND s.provider_key IS NOT NULL))
             ORDER BY t.name, t.key",
        )
        .bind(person.id.to_string())
        .bind(self.principal.session.map(|id| id.to_string()))
        .bind(self.principal.tenant.0)
        .fetch_all(&self.store.pool)
        .await?;
        rows.iter().map(tenant_of).collect()
    }

    /// The projects that the principal can see, in the order of their creation.
    pub async fn projects(&self) -> Result<Vec<Project>, MetaError> {
        let rows = sqlx::query(
            "SELECT p.key, p.id, p.name, p.created_at,
                    (SELECT json_group_array(e.name ORDER BY e.name) FROM environments e
                     WHERE e.project_key = p.key) AS environments,
                    t.key AS tenant_key, t.id AS tenant_id, t.name AS tenant_name,
                    (SELECT k.prefix FROM api_keys k
                     WHERE k.project_key = p.key AND k.revoked_at IS NULL
                       AND k.scopes LIKE '%ingest%'
                       AND (k.expires_at IS NULL OR k.expires_at > $2)
                     ORDER BY k.key DESC LIMIT 1) AS ingest_key_prefix
             FROM projects p JOIN tenants t ON t.key = p.tenant_key
             WHERE p.tenant_key = $1
             ORDER BY p.key",
        )
        .bind(self.principal.tenant.0)
        .bind(self.store.now().0)
        .fetch_all(&self.store.pool)
        .await?;
        let projects: Result<Vec<_>, _> = rows.iter().map(project_of).collect();
        let mut projects = projects?;
        projects.retain(|project| self.principal.sees(project.scope));
        Ok(projects)
    }
}

fn tenant_of(row: &SqliteRow) -> Result<Tenant, MetaError> {
    Ok(Tenant {
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
    })
}

fn project_of(row: &SqliteRow) -> Result<Project, MetaError> {
    Ok(Project {
        scope: Scope::new(row.try_get("tenant_key")?, row.try_get("key")?),
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
        tenant: Tenant {
            id: uuid_column(row, "tenant_id")?,
            name: row.try_get("tenant_name")?,
        },
        environments: serde_json::from_str(row.try_get("environments")?)
            .map_err(|_| MetaError::Damaged("environments"))?,
        ingest_key_prefix: row.try_get("ingest_key_prefix")?,
        created_at: Timestamp(row.try_get("created_at")?),
    })
}
