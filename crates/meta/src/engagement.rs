//! The rules by which projects define engagement.

use sqlx::Row;
use weir_model::{Scope, Timestamp};

use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::parse_json};

/// The stored engagement rule of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRule {
    /// The rule as JSON, as it was submitted.
    pub rule: String,
    /// 1 for the first rule of the project; each change adds 1.
    pub version: i64,
    /// When it was stored.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// The project's rule; `None` if none was ever stored.
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

    /// Replaces the project's rule. Also fails if the project does not exist or the rule is not JSON.
    pub async fn put_engagement_rule(
        &self,
        scope: Scope,
        rule: &str,
        actor: &Actor,
    ) -> Result<StoredRule, MetaError> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let before: Option<String> =
            sqlx::query_scalar("SELECT rule FROM engagement_rules WHERE project_key = $1")
                .bind(scope.project.0)
                .fetch_optional(&mut *transaction)
                .await?;
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
        .fetch_one(&mut *transaction)
        .await?;
        let change = ProjectChange {
            actor,
            action: "engagement_rule.changed",
            subject: "engagement rule",
            before: before.as_deref().map(parse_json).transpose()?,
            after: Some(parse_json(rule)?),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(StoredRule {
            rule: rule.to_owned(),
            version,
            updated_at: now,
        })
    }
}
