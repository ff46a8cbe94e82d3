//! Worths: the value of a successful execution of a workflow, and of reaching a goal.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use weir_model::{Scope, Timestamp};

use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::parse_json};

/// What a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorthKind {
    /// A successful execution of a workflow.
    Workflow,
    /// Reaching a goal.
    Goal,
}

impl WorthKind {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Goal => "goal",
        }
    }

    fn stored(name: &str) -> Result<Self, MetaError> {
        match name {
            "workflow" => Ok(Self::Workflow),
            "goal" => Ok(Self::Goal),
            _ => Err(MetaError::Damaged("kind of worth")),
        }
    }
}

/// A stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWorth {
    /// What it belongs to.
    pub kind: WorthKind,
    /// The id of the workflow or goal.
    pub subject: String,
    /// The amounts by period as JSON, as they were submitted.
    pub periods: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A value to store.
#[derive(Clone, Copy, Debug)]
pub struct WantedWorth<'a> {
    /// What it belongs to.
    pub kind: WorthKind,
    /// The id of the workflow or goal.
    pub subject: &'a str,
    /// The amounts by period as JSON; `None` deletes the value.
    pub periods: Option<&'a str>,
    /// The maximum number of values that the project can have.
    pub most: usize,
}

/// The outcome of storing a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorthSaved {
    /// The stored value; `None` if there is none now.
    Now(Option<StoredWorth>),
    /// The value is not the one that the caller expected; this is the current one. Nothing is changed.
    Changed(Option<StoredWorth>),
    /// The project already has the maximum number of values; nothing is changed.
    TooMany,
}

impl MetaStore {
    /// A page of the project's values, ordered by kind and id: at most `limit` after the one given.
    pub async fn worths(
        &self,
        scope: Scope,
        after: Option<(WorthKind, &str)>,
        limit: usize,
    ) -> Result<Vec<StoredWorth>, MetaError> {
        let (kind, subject) = after.map_or(("", ""), |(kind, subject)| (kind.name(), subject));
        let rows = sqlx::query(
            "SELECT w.* FROM worths w JOIN projects p ON p.key = w.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 AND (w.kind, w.subject) > ($3, $4)
             ORDER BY w.kind, w.subject LIMIT $5",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(kind)
        .bind(subject)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(worth_of).collect()
    }

    /// The value of one workflow or goal.
    pub async fn worth(
        &self,
        scope: Scope,
        kind: WorthKind,
        subject: &str,
    ) -> Result<Option<StoredWorth>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored(&mut connection, scope, kind, subject).await
    }

    /// Replaces the value of a workflow or goal if `expected` accepts the current one. Also fails if
    /// `periods` is not JSON.
    pub async fn put_worth(
        &self,
        scope: Scope,
        wanted: WantedWorth<'_>,
        expected: impl FnOnce(Option<&StoredWorth>) -> bool + Send,
        actor: &Actor,
    ) -> Result<WorthSaved, MetaError> {
        let (kind, subject) = (wanted.kind, wanted.subject);
        let mut transaction = self.begin().await?;
        let before = stored(&mut transaction, scope, kind, subject).await?;
        if !expected(before.as_ref()) {
            return Ok(WorthSaved::Changed(before));
        }
        let mut saved = before.is_some();
        match wanted.periods {
            Some(periods) => {
                let now = self.now();
                saved = sqlx::query(
                    "INSERT INTO worths (project_key, kind, subject, periods, updated_at)
                     SELECT p.key, $3, $4, $5, $6 FROM projects p WHERE p.key = $1 AND p.tenant_key = $2
                        AND ($7 OR (SELECT count(*) FROM worths WHERE project_key = p.key) < $8)
                     ON CONFLICT (project_key, kind, subject) DO UPDATE
                     SET periods = excluded.periods, updated_at = excluded.updated_at",
                )
                .bind(scope.project.0)
                .bind(scope.tenant.0)
                .bind(kind.name())
                .bind(subject)
                .bind(periods)
                .bind(now.0)
                .bind(saved)
                .bind(i64::try_from(wanted.most).unwrap_or(i64::MAX))
                .execute(&mut *transaction)
                .await?
                .rows_affected()
                    > 0;
            }
            None if saved => {
                sqlx::query(
                    "DELETE FROM worths WHERE kind = $3 AND subject = $4 AND project_key =
                         (SELECT key FROM projects WHERE key = $1 AND tenant_key = $2)",
                )
                .bind(scope.project.0)
                .bind(scope.tenant.0)
                .bind(kind.name())
                .bind(subject)
                .execute(&mut *transaction)
                .await?;
            }
            None => return Ok(WorthSaved::Now(None)),
        }
        if !saved {
            return Ok(WorthSaved::TooMany);
        }
        let after = stored(&mut transaction, scope, kind, subject).await?;
        let as_json = |worth: &StoredWorth| parse_json(&worth.periods);
        let change = ProjectChange {
            actor,
            action: "worth.changed",
            subject: &format!("{}:{subject}", kind.name()),
            before: before.as_ref().map(as_json).transpose()?,
            after: after.as_ref().map(as_json).transpose()?,
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(WorthSaved::Now(after))
    }
}

async fn stored(
    connection: &mut SqliteConnection,
    scope: Scope,
    kind: WorthKind,
    subject: &str,
) -> Result<Option<StoredWorth>, MetaError> {
    let row = sqlx::query(
        "SELECT w.* FROM worths w JOIN projects p ON p.key = w.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 AND w.kind = $3 AND w.subject = $4",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .bind(kind.name())
    .bind(subject)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(worth_of).transpose()
}

fn worth_of(row: &SqliteRow) -> Result<StoredWorth, MetaError> {
    Ok(StoredWorth {
        kind: WorthKind::stored(&row.try_get::<String, _>("kind")?)?,
        subject: row.try_get("subject")?,
        periods: row.try_get("periods")?,
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
