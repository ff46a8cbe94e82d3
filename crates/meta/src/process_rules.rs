//! The conformance rules of workflows.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use weir_model::{Scope, Timestamp};

use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::parse_json};

/// The stored rules of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProcessRules {
    /// The rules as JSON, as they were submitted.
    pub rules: String,
    /// 1 for the first rules of the workflow; each change adds 1.
    pub version: i64,
    /// When they were stored.
    pub updated_at: Timestamp,
}

/// Rules to store.
#[derive(Clone, Copy, Debug)]
pub struct WantedProcessRules<'a> {
    /// The workflow.
    pub workflow: &'a str,
    /// The rules as JSON.
    pub rules: &'a str,
    /// The version that they replace, 0 if there is none; `None` replaces any.
    pub after: Option<i64>,
    /// The maximum number of workflows of the project that can have rules.
    pub most: usize,
}

/// The outcome of storing rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessRulesSaved {
    /// The stored rules.
    Now(StoredProcessRules),
    /// The rules are at another version than the caller expected. Nothing is changed.
    Changed,
    /// As many workflows of the project have rules as can; nothing is changed.
    TooMany,
}

impl MetaStore {
    /// The rules of a workflow; `None` if none were ever stored.
    pub async fn process_rules(
        &self,
        scope: Scope,
        workflow: &str,
    ) -> Result<Option<StoredProcessRules>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored(&mut connection, scope, workflow).await
    }

    /// Replaces the rules of a workflow. Also fails if they are not JSON.
    pub async fn put_process_rules(
        &self,
        scope: Scope,
        wanted: WantedProcessRules<'_>,
        actor: &Actor,
    ) -> Result<ProcessRulesSaved, MetaError> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let before = stored(&mut transaction, scope, wanted.workflow).await?;
        let version = before.as_ref().map_or(0, |before| before.version);
        if wanted.after.is_some_and(|after| after != version) {
            return Ok(ProcessRulesSaved::Changed);
        }
        let saved = sqlx::query(
            "INSERT INTO process_rules (project_key, workflow, rules, version, updated_at)
             SELECT p.key, $3, $4, $5 + 1, $6 FROM projects p WHERE p.key = $1 AND p.tenant_key = $2
                AND ($5 > 0 OR (SELECT count(*) FROM process_rules WHERE project_key = p.key) < $7)
             ON CONFLICT (project_key, workflow) DO UPDATE
             SET rules = excluded.rules, version = excluded.version, updated_at = excluded.updated_at",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(wanted.workflow)
        .bind(wanted.rules)
        .bind(version)
        .bind(now.0)
        .bind(i64::try_from(wanted.most).unwrap_or(i64::MAX))
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(ProcessRulesSaved::TooMany);
        }
        let as_json = |held: &StoredProcessRules| parse_json(&held.rules);
        let change = ProjectChange {
            actor,
            action: "process_rules.changed",
            subject: &format!("workflow:{}", wanted.workflow),
            before: before.as_ref().map(as_json).transpose()?,
            after: Some(parse_json(wanted.rules)?),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(ProcessRulesSaved::Now(StoredProcessRules {
            rules: wanted.rules.to_owned(),
            version: version + 1,
            updated_at: now,
        }))
    }
}

async fn stored(
    connection: &mut SqliteConnection,
    scope: Scope,
    workflow: &str,
) -> Result<Option<StoredProcessRules>, MetaError> {
    let row = sqlx::query(
        "SELECT r.rules, r.version, r.updated_at FROM process_rules r JOIN projects p ON p.key = r.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 AND r.workflow = $3",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .bind(workflow)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(rules_of).transpose()
}

fn rules_of(row: &SqliteRow) -> Result<StoredProcessRules, MetaError> {
    Ok(StoredProcessRules {
        rules: row.try_get("rules")?,
        version: row.try_get("version")?,
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
