//! How projects group their errors: rules with their versions, and groups that were merged or named.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};

use crate::{MetaError, MetaStore};

/// A version of a project's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRules {
    /// 1 for the first.
    pub version: i64,
    /// The rules as JSON.
    pub rules: String,
    /// What the change was for.
    pub note: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// An error that belongs to a group, with all others of its fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorExample {
    /// Its type.
    pub error_type: Option<String>,
    /// Its message.
    pub message: Option<String>,
}

/// A group that was merged or named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorGroup {
    /// The id that its errors are counted under.
    pub id: String,
    /// Its name; `None` where the newest message gives it.
    pub title: Option<String>,
    /// What belongs to it.
    pub examples: Vec<ErrorExample>,
}

/// Everything that says how a project groups its errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorSettings {
    /// The rules in force; `None` if there never were any.
    pub rules: Option<ErrorRules>,
    /// In the order in which they were made.
    pub groups: Vec<ErrorGroup>,
    /// Grows with every change.
    pub generation: i64,
}

impl MetaStore {
    /// How a project groups its errors.
    pub async fn error_settings(&self, scope: Scope) -> Result<ErrorSettings, MetaError> {
        let mut transaction = self.pool.begin().await?;
        let rules = sqlx::query(
            "SELECT r.* FROM error_rules r JOIN projects p ON p.key = r.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY r.version DESC LIMIT 1",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&mut *transaction)
        .await?;
        let groups = sqlx::query(
            "SELECT g.id, g.title, e.key AS example, e.error_type, e.message
             FROM error_groups g JOIN projects p ON p.key = g.project_key
                LEFT JOIN error_group_examples e ON e.project_key = g.project_key AND e.group_id = g.id
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY g.created_at, g.id, e.key",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_all(&mut *transaction)
        .await?;
        let generation = sqlx::query_scalar(
            "SELECT k.generation FROM error_keying k JOIN projects p ON p.key = k.project_key
             WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(ErrorSettings {
            rules: rules.as_ref().map(rules_of).transpose()?,
            groups: groups_of(&groups)?,
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

    /// Adds a version of a project's rules, which is in force from now on. `None` if another version
    /// was added after `after` (0: there were none).
    pub async fn add_error_rules(
        &self,
        scope: Scope,
        after: i64,
        rules: &str,
        note: Option<&str>,
        author: Option<&str>,
    ) -> Result<Option<i64>, MetaError> {
        let mut transaction = self.pool.begin().await?;
        let added: Option<i64> = sqlx::query_scalar(
            "INSERT INTO error_rules (project_key, version, rules, note, author, created_at)
             SELECT p.key, $3 + 1, $4, $5, $6, $7 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND $3 = (SELECT coalesce(max(version), 0) FROM error_rules WHERE project_key = p.key)
             RETURNING version",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(after)
        .bind(rules)
        .bind(note)
        .bind(author)
        .bind(self.now().0)
        .fetch_optional(&mut *transaction)
        .await?;
        if added.is_some() {
            next_generation(&mut transaction, scope).await?;
        }
        transaction.commit().await?;
        Ok(added)
    }

    /// Writes groups as they are to be, and takes others away.
    pub async fn change_error_groups(
        &self,
        scope: Scope,
        write: &[ErrorGroup],
        remove: &[String],
        author: Option<&str>,
    ) -> Result<(), MetaError> {
        let mut transaction = self.pool.begin().await?;
        for id in remove {
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
        for group in write {
            self.write_error_group(&mut transaction, scope, group, author)
                .await?;
        }
        next_generation(&mut transaction, scope).await?;
        transaction.commit().await?;
        Ok(())
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
                "INSERT INTO error_group_examples (project_key, group_id, error_type, message)
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(scope.project.0)
            .bind(&group.id)
            .bind(&example.error_type)
            .bind(&example.message)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }

    /// Notes that stored errors have the keys of a generation, by a version of the program's steps.
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

    /// The projects whose stored errors may not have the keys that are due. For jobs, never for a
    /// request.
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

/// Notes a change; history has yet to follow.
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

fn rules_of(row: &SqliteRow) -> Result<ErrorRules, MetaError> {
    Ok(ErrorRules {
        version: row.try_get("version")?,
        rules: row.try_get("rules")?,
        note: row.try_get("note")?,
        author: row.try_get("author")?,
        created_at: Timestamp(row.try_get("created_at")?),
    })
}

/// Groups from rows of a group and one of its examples; rows of one group stand together.
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
            });
        }
    }
    Ok(groups)
}
