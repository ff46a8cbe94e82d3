//! Changing how a project groups its errors, and recording the change.

use sqlx::SqliteConnection;
use weir_model::Scope;

use super::{ErrorExample, ErrorGroup, newest_rules, stored_groups};
use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::parse_json};

/// A new version of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewErrorRules {
    /// The version that it replaces; 0 if there is none.
    pub after: i64,
    /// The rules as JSON.
    pub rules: String,
    /// The reason for the change.
    pub note: Option<String>,
}

/// A change of how a project groups its errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorChange {
    /// The action in the audit log, such as `error_groups.merged`.
    pub action: &'static str,
    /// The subject in the audit log: the id of a group, or `rules`.
    pub subject: String,
    /// A new version of the rules.
    pub rules: Option<NewErrorRules>,
    /// Groups to create or replace.
    pub write: Vec<ErrorGroup>,
    /// The ids of groups to delete.
    pub remove: Vec<String>,
}

impl ErrorChange {
    /// The current state of what the change affects, as JSON: the rules if it changes them, and its groups.
    async fn snapshot(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
    ) -> Result<serde_json::Value, MetaError> {
        let mut snapshot = serde_json::Map::new();
        if self.rules.is_some() {
            let rules = newest_rules(connection, scope).await?;
            let rules = rules.map(|rules| {
                Ok::<_, MetaError>(serde_json::json!({
                    "version": rules.version, "rules": parse_json(&rules.rules)?, "note": rules.note,
                }))
            });
            snapshot.insert("rules".to_owned(), rules.transpose()?.unwrap_or_default());
        }
        let affected = |group: &ErrorGroup| {
            self.remove.contains(&group.id) || self.write.iter().any(|write| write.id == group.id)
        };
        let groups = stored_groups(connection, scope).await?;
        let groups: Vec<_> = groups
            .iter()
            .filter(|&group| affected(group))
            .map(group_json)
            .collect();
        snapshot.insert("groups".to_owned(), groups.into());
        Ok(snapshot.into())
    }
}

fn group_json(group: &ErrorGroup) -> serde_json::Value {
    let example = |example: &ErrorExample| serde_json::json!({"errorType": example.error_type, "message": example.message});
    let examples: Vec<_> = group.examples.iter().map(example).collect();
    serde_json::json!({"id": group.id, "title": group.title, "examples": examples})
}

impl MetaStore {
    /// Applies a change as a whole, and records the state before and after in the audit log. Returns `false`,
    /// and changes nothing, if the rules are not at the version that it replaces or the project does not
    /// exist. `author` is stored with the rules and groups.
    pub async fn change_errors(
        &self,
        scope: Scope,
        change: &ErrorChange,
        author: Option<&str>,
        actor: &Actor,
    ) -> Result<bool, MetaError> {
        let mut transaction = self.begin().await?;
        if !has_project(&mut transaction, scope).await? {
            return Ok(false);
        }
        let before = change.snapshot(&mut transaction, scope).await?;
        if let Some(new) = &change.rules
            && !self.add_rules(&mut transaction, scope, new, author).await?
        {
            return Ok(false);
        }
        for id in &change.remove {
            sqlx::query(
                "DELETE FROM error_groups WHERE id = $3 AND project_key =
                    (SELECT key FROM projects WHERE key = $1 AND tenant_key = $2)",
            )
            .bind(scope.project.0)
            .bind(scope.tenant.0)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        }
        for group in &change.write {
            self.write_error_group(&mut transaction, scope, group, author)
                .await?;
        }
        next_generation(&mut transaction, scope).await?;
        let record = ProjectChange {
            actor,
            action: change.action,
            subject: &change.subject,
            before: Some(before),
            after: Some(change.snapshot(&mut transaction, scope).await?),
        };
        self.record_change(&mut transaction, scope, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn add_rules(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        new: &NewErrorRules,
        author: Option<&str>,
    ) -> Result<bool, MetaError> {
        let added = sqlx::query(
            "INSERT INTO error_rules (project_key, version, rules, note, author, created_at)
             SELECT p.key, $3 + 1, $4, $5, $6, $7 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND $3 = (SELECT coalesce(max(version), 0) FROM error_rules WHERE project_key = p.key)",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(new.after)
        .bind(&new.rules)
        .bind(&new.note)
        .bind(author)
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(added.rows_affected() > 0)
    }

    async fn write_error_group(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        group: &ErrorGroup,
        author: Option<&str>,
    ) -> Result<(), MetaError> {
        sqlx::query(
            "INSERT INTO error_groups (project_key, id, title, author, created_at, updated_at)
             SELECT key, $3, $4, $5, $6, $6 FROM projects WHERE key = $1 AND tenant_key = $2
             ON CONFLICT (project_key, id) DO UPDATE
             SET title = excluded.title, author = excluded.author, updated_at = excluded.updated_at",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(&group.id)
        .bind(&group.title)
        .bind(author)
        .bind(self.now().0)
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM error_group_examples WHERE project_key = $1 AND group_id = $2")
            .bind(scope.project.0)
            .bind(&group.id)
            .execute(&mut *connection)
            .await?;
        for example in &group.examples {
            sqlx::query(
                "INSERT INTO error_group_examples (project_key, group_id, error_type, message,
                    step, step_name, step_type, workflow, workflow_name)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(scope.project.0)
            .bind(&group.id)
            .bind(&example.error_type)
            .bind(&example.message)
            .bind(&example.step)
            .bind(&example.step_name)
            .bind(&example.step_type)
            .bind(&example.workflow)
            .bind(&example.workflow_name)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

/// Whether the tenant has this project.
async fn has_project(connection: &mut SqliteConnection, scope: Scope) -> Result<bool, MetaError> {
    let found = sqlx::query("SELECT 1 FROM projects WHERE key = $1 AND tenant_key = $2")
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Starts a new generation of keys, which stored errors do not have yet.
async fn next_generation(connection: &mut SqliteConnection, scope: Scope) -> Result<(), MetaError> {
    sqlx::query(
        "INSERT INTO error_keying (project_key, generation, applied, steps)
         SELECT key, 1, 0, 0 FROM projects WHERE key = $1 AND tenant_key = $2
         ON CONFLICT (project_key) DO UPDATE SET generation = generation + 1",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .execute(connection)
    .await?;
    Ok(())
}
