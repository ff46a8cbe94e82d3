//! Which keys of metadata projects have made dimensions.

use sqlx::Row;
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};

use crate::{
    Actor, MetaError, MetaStore,
    audit::{ProjectChange, json},
};

/// A version of a project's declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDimensions {
    /// 1 for the first.
    pub version: i64,
    /// The dimensions as JSON.
    pub declared: String,
    /// Who made it.
    pub actor: String,
    /// When.
    pub changed_at: Timestamp,
}

impl MetaStore {
    /// A project's declaration in force; `None` if there never was any.
    pub async fn dimensions(&self, scope: Scope) -> Result<Option<StoredDimensions>, MetaError> {
        let row = sqlx::query(
            "SELECT d.* FROM dimensions d JOIN projects p ON p.key = d.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY d.version DESC LIMIT 1",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredDimensions {
            version: row.try_get("version")?,
            declared: row.try_get("declared")?,
            actor: row.try_get("actor")?,
            changed_at: Timestamp(row.try_get("changed_at")?),
        }))
    }

    /// Every project that ever declared dimensions.
    pub async fn projects_with_dimensions(&self) -> Result<Vec<Scope>, MetaError> {
        let rows: Vec<(i32, i32)> = sqlx::query_as(
            "SELECT DISTINCT p.tenant_key, p.key FROM dimensions d JOIN projects p ON p.key = d.project_key
             ORDER BY p.key",
        )
        .fetch_all(&self.pool)
        .await?;
        let scopes = rows.into_iter().map(|(tenant, project)| Scope {
            tenant: TenantKey(tenant),
            project: ProjectKey(project),
        });
        Ok(scopes.collect())
    }

    /// Adds a version of a project's declaration, which follows `after` (0: there was none). `None` if
    /// the declaration is at another version.
    pub async fn put_dimensions(
        &self,
        scope: Scope,
        after: i64,
        declared: &str,
        actor: &Actor,
    ) -> Result<Option<i64>, MetaError> {
        let held = self.dimensions(scope).await?;
        let mut transaction = self.begin().await?;
        let added: Option<i64> = sqlx::query_scalar(
            "INSERT INTO dimensions (project_key, version, declared, actor, changed_at)
             SELECT p.key, $3 + 1, $4, $5, $6 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND $3 = (SELECT coalesce(max(version), 0) FROM dimensions WHERE project_key = p.key)
             RETURNING version",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(after)
        .bind(declared)
        .bind(&actor.name)
        .bind(self.now().0)
        .fetch_optional(&mut *transaction)
        .await?;
        if added.is_none() {
            return Ok(None);
        }
        let change = ProjectChange {
            actor,
            action: "dimensions.changed",
            subject: "dimensions",
            before: held.map(|held| json(&held.declared)).transpose()?,
            after: Some(json(declared)?),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(added)
    }
}
