//! What projects take out of their events.

use sqlx::Row;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, MetaError, MetaStore,
    audit::{ProjectChange, json},
};

/// A version of a project's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRedaction {
    /// 1 for the first.
    pub version: i64,
    /// The rules as JSON.
    pub rules: String,
    /// Who made it.
    pub actor: String,
    /// When.
    pub changed_at: Timestamp,
}

impl MetaStore {
    /// A project's rules in force; `None` if there never were any.
    pub async fn redaction(&self, scope: Scope) -> Result<Option<StoredRedaction>, MetaError> {
        let row = sqlx::query(
            "SELECT r.* FROM redaction_rules r JOIN projects p ON p.key = r.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY r.version DESC LIMIT 1",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredRedaction {
            version: row.try_get("version")?,
            rules: row.try_get("rules")?,
            actor: row.try_get("actor")?,
            changed_at: Timestamp(row.try_get("changed_at")?),
        }))
    }

    /// Adds a version of a project's rules, which follows `after` (0: there were none). `None` if the
    /// rules are at another version.
    pub async fn put_redaction(
        &self,
        scope: Scope,
        after: i64,
        rules: &str,
        actor: &Actor,
    ) -> Result<Option<i64>, MetaError> {
        let held = self.redaction(scope).await?;
        let mut transaction = self.begin().await?;
        let added: Option<i64> = sqlx::query_scalar(
            "INSERT INTO redaction_rules (project_key, version, rules, actor, changed_at)
             SELECT p.key, $3 + 1, $4, $5, $6 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND $3 = (SELECT coalesce(max(version), 0) FROM redaction_rules WHERE project_key = p.key)
             RETURNING version",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(after)
        .bind(rules)
        .bind(&actor.name)
        .bind(self.now().0)
        .fetch_optional(&mut *transaction)
        .await?;
        if added.is_none() {
            return Ok(None);
        }
        let change = ProjectChange {
            actor,
            action: "redaction.changed",
            subject: "redaction",
            before: held.map(|held| json(&held.rules)).transpose()?,
            after: Some(json(rules)?),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(added)
    }
}
