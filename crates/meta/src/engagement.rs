//! What each project takes engagement to be.

use sqlx::Row;
use weir_model::{Scope, Timestamp};

use crate::{MetaError, MetaStore};

/// A stored rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRule {
    /// JSON, as it was given.
    pub rule: String,
    /// 1 for the first rule of the project; each change adds 1.
    pub version: i64,
    /// When it was stored.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// The project's rule; `None` where none was ever stored.
    pub async fn engagement_rule(&self, scope: Scope) -> Result<Option<StoredRule>, MetaError> {
        let row = sqlx::query(
            "SELECT r.rule, r.version, r.updated_at
             FROM engagement_rules r JOIN projects p ON p.key = r.project_key
             WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredRule {
            rule: row.try_get("rule")?,
            version: row.try_get("version")?,
            updated_at: Timestamp(row.try_get("updated_at")?),
        }))
    }

    /// Stores the project's rule in place of the one before.
    pub async fn put_engagement_rule(
        &self,
        scope: Scope,
        rule: &str,
    ) -> Result<StoredRule, MetaError> {
        let now = self.now();
        let version = sqlx::query_scalar(
            "INSERT INTO engagement_rules (project_key, rule, version, updated_at)
             SELECT p.key, $3, 1, $4 FROM projects p WHERE p.key = $1 AND p.tenant_key = $2
             ON CONFLICT (project_key) DO UPDATE
             SET rule = excluded.rule, version = version + 1, updated_at = excluded.updated_at
             RETURNING version",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(rule)
        .bind(now.0)
        .fetch_one(&self.pool)
        .await?;
        Ok(StoredRule {
            rule: rule.to_owned(),
            version,
            updated_at: now,
        })
    }
}
