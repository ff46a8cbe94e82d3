//! How projects group their errors: versioned rules, and groups that were merged or named.

mod change;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use weir_model::{ProjectKey, Scope, SeenError, TenantKey, Timestamp};

use crate::{MetaError, MetaStore};

pub use change::{ErrorChange, NewErrorRules};

/// A version of a project's rules for grouping errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRules {
    /// 1 for the first version.
    pub version: i64,
    /// The rules as JSON.
    pub rules: String,
    /// The reason for the change.
    pub note: Option<String>,
    /// The author of the change.
    pub author: Option<String>,
    /// When the version was stored.
    pub created_at: Timestamp,
}

/// An example error; all errors with its fingerprint belong to the same group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorExample {
    /// The type of the error.
    pub error_type: Option<String>,
    /// The message of the error.
    pub message: Option<String>,
    /// The id of the step that failed.
    pub step: Option<String>,
    /// The display name of the step.
    pub step_name: Option<String>,
    /// The type of the step.
    pub step_type: Option<String>,
    /// The id of the workflow.
    pub workflow: Option<String>,
    /// The display name of the workflow.
    pub workflow_name: Option<String>,
}

impl ErrorExample {
    /// The error with what is known about where it happened.
    pub fn seen(&self) -> SeenError<'_> {
        SeenError {
            error_type: self.error_type.as_deref(),
            message: self.message.as_deref(),
            step: self.step.as_deref(),
            step_name: self.step_name.as_deref(),
            step_type: self.step_type.as_deref(),
            workflow: self.workflow.as_deref(),
            workflow_name: self.workflow_name.as_deref(),
        }
    }
}

impl From<SeenError<'_>> for ErrorExample {
    fn from(seen: SeenError<'_>) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            error_type: text(seen.error_type),
            message: text(seen.message),
            step: text(seen.step),
            step_name: text(seen.step_name),
            step_type: text(seen.step_type),
            workflow: text(seen.workflow),
            workflow_name: text(seen.workflow_name),
        }
    }
}

/// A group that was merged or named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorGroup {
    /// The id under which its errors are counted.
    pub id: String,
    /// Its name; without one, it is called by its newest message.
    pub title: Option<String>,
    /// Examples of the errors that belong to it.
    pub examples: Vec<ErrorExample>,
}

/// How a project groups its errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorSettings {
    /// The current rules; `None` if there never were any.
    pub rules: Option<ErrorRules>,
    /// The merged or named groups, in the order of their creation.
    pub groups: Vec<ErrorGroup>,
    /// 0 at first; each change adds 1.
    pub generation: i64,
}

async fn newest_rules(
    connection: &mut SqliteConnection,
    scope: Scope,
) -> Result<Option<ErrorRules>, MetaError> {
    let row = sqlx::query(
        "SELECT r.* FROM error_rules r JOIN projects p ON p.key = r.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY r.version DESC LIMIT 1",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(rules_of).transpose()
}

async fn stored_groups(
    connection: &mut SqliteConnection,
    scope: Scope,
) -> Result<Vec<ErrorGroup>, MetaError> {
    let rows = sqlx::query(
        "SELECT g.id, g.title, e.key AS example, e.error_type, e.message,
            e.step, e.step_name, e.step_type, e.workflow, e.workflow_name
         FROM error_groups g JOIN projects p ON p.key = g.project_key
            LEFT JOIN error_group_examples e ON e.project_key = g.project_key AND e.group_id = g.id
         WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY g.created_at, g.id, e.key",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .fetch_all(connection)
    .await?;
    groups_of(&rows)
}

impl MetaStore {
    /// The current rules and groups of a project.
    pub async fn error_settings(&self, scope: Scope) -> Result<ErrorSettings, MetaError> {
        let mut transaction = self.begin().await?;
        let rules = newest_rules(&mut transaction, scope).await?;
        let groups = stored_groups(&mut transaction, scope).await?;
        let generation = sqlx::query_scalar(
            "SELECT k.generation FROM error_keying k JOIN projects p ON p.key = k.project_key
             WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(ErrorSettings {
            rules,
            groups,
            generation: generation.unwrap_or(0),
        })
    }

    /// The versions of a project's rules, newest first.
    pub async fn error_rules(&self, scope: Scope) -> Result<Vec<ErrorRules>, MetaError> {
        let rows = sqlx::query(
            "SELECT r.* FROM error_rules r JOIN projects p ON p.key = r.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY r.version DESC",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(rules_of).collect()
    }

    /// Records that stored errors have the keys of this generation, computed by this version of the program's
    /// steps.
    pub async fn error_keys_applied(
        &self,
        scope: Scope,
        generation: i64,
        steps: u32,
    ) -> Result<(), MetaError> {
        sqlx::query(
            "INSERT INTO error_keying (project_key, generation, applied, steps)
             SELECT key, $3, $3, $4 FROM projects WHERE key = $1 AND tenant_key = $2
             ON CONFLICT (project_key) DO UPDATE SET applied = excluded.applied, steps = excluded.steps",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(generation)
        .bind(steps)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whether stored errors have the keys of the newest rules and groups, but computed by another version of
    /// the program's steps.
    pub async fn error_steps_changed(&self, scope: Scope, steps: u32) -> Result<bool, MetaError> {
        let changed = sqlx::query(
            "SELECT 1 FROM error_keying k JOIN projects p ON p.key = k.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 AND k.applied = k.generation AND k.steps <> $3",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(steps)
        .fetch_optional(&self.pool)
        .await?;
        Ok(changed.is_some())
    }

    /// The projects whose stored errors can have outdated keys. For jobs only: a request has the scope of its
    /// caller.
    pub async fn error_keys_due(&self, steps: u32) -> Result<Vec<Scope>, MetaError> {
        let rows = sqlx::query(
            "SELECT p.tenant_key, p.key FROM projects p LEFT JOIN error_keying k ON k.project_key = p.key
             WHERE k.project_key IS NULL OR k.applied < k.generation OR k.steps <> $1 ORDER BY p.key",
        )
        .bind(steps)
        .fetch_all(&self.pool)
        .await?;
        let scope = |row: &SqliteRow| {
            Ok(Scope {
                tenant: TenantKey(row.try_get(0)?),
                project: ProjectKey(row.try_get(1)?),
            })
        };
        rows.iter().map(scope).collect()
    }
}

fn rules_of(row: &SqliteRow) -> Result<ErrorRules, MetaError> {
    Ok(ErrorRules {
        version: row.try_get("version")?,
        rules: row.try_get("rules")?,
        note: row.try_get("note")?,
        author: row.try_get("author")?,
        created_at: Timestamp(row.try_get("created_at")?),
    })
}

/// Collects groups from rows with a group and one of its examples; the rows of a group are adjacent.
fn groups_of(rows: &[SqliteRow]) -> Result<Vec<ErrorGroup>, MetaError> {
    let mut groups: Vec<ErrorGroup> = Vec::new();
    for row in rows {
        let id: String = row.try_get("id")?;
        if groups.last().is_none_or(|last| last.id != id) {
            let title = row.try_get("title")?;
            groups.push(ErrorGroup {
                id,
                title,
                examples: Vec::new(),
            });
        }
        let example: Option<i64> = row.try_get("example")?;
        if let (Some(_), Some(group)) = (example, groups.last_mut()) {
            group.examples.push(ErrorExample {
                error_type: row.try_get("error_type")?,
                message: row.try_get("message")?,
                step: row.try_get("step")?,
                step_name: row.try_get("step_name")?,
                step_type: row.try_get("step_type")?,
                workflow: row.try_get("workflow")?,
                workflow_name: row.try_get("workflow_name")?,
            });
        }
    }
    Ok(groups)
}
