//! Stored segments: their names and definitions. Their members are computed by the event store.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, MetaError, MetaStore, audit::ProjectChange, entropy::uuid_v7, sqlite::is_taken,
    sqlite::parse_json, sqlite::uuid_column,
};

/// A stored segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSegment {
    /// Public id.
    pub id: Uuid,
    /// Display name, unique in its project.
    pub name: String,
    /// The definition as JSON, as it was submitted.
    pub definition: String,
    /// 1 at first; each change adds 1.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The outcome of creating or changing a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The segment as it is stored now.
    Segment(StoredSegment),
    /// Another segment of the project has this name; nothing is changed.
    NameTaken,
    /// The project has no segment with this id, or the tenant has no such project.
    Unknown,
}

impl MetaStore {
    /// The project's segments, sorted by name.
    pub async fn segments(&self, scope: Scope) -> Result<Vec<StoredSegment>, MetaError> {
        let rows = sqlx::query(
            "SELECT s.* FROM segments s JOIN projects p ON p.key = s.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY s.name",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(segment_of).collect()
    }

    /// The segment of the project with this id.
    pub async fn segment(
        &self,
        scope: Scope,
        id: Uuid,
    ) -> Result<Option<StoredSegment>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored_segment(&mut connection, scope, id).await
    }

    /// Creates a segment and records that in the audit log. Also fails if the definition is not JSON.
    pub async fn create_segment(
        &self,
        scope: Scope,
        name: &str,
        definition: &str,
        actor: &Actor,
    ) -> Result<Saved, MetaError> {
        let now = self.now();
        let id = uuid_v7(now, &*self.entropy);
        let mut transaction = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO segments (id, project_key, name, definition, version, created_at, updated_at)
             SELECT $3, p.key, $4, $5, 1, $6, $6 FROM projects p WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(id.to_string())
        .bind(name)
        .bind(definition)
        .bind(now.0)
        .execute(&mut *transaction)
        .await;
        if made.as_ref().err().is_some_and(is_taken) {
            return Ok(Saved::NameTaken);
        }
        made?;
        let change = SegmentChange {
            actor,
            action: "segment.created",
            before: None,
        };
        let saved = self
            .record_segment(&mut transaction, scope, id, change)
            .await?;
        transaction.commit().await?;
        Ok(saved)
    }

    /// Changes a segment and records that in the audit log. Also fails if the definition is not JSON.
    pub async fn change_segment(
        &self,
        scope: Scope,
        id: Uuid,
        name: &str,
        definition: &str,
        actor: &Actor,
    ) -> Result<Saved, MetaError> {
        let mut transaction = self.begin().await?;
        let before = stored_segment(&mut transaction, scope, id).await?;
        let changed = sqlx::query(
            "UPDATE segments SET name = $4, definition = $5, version = version + 1, updated_at = $6
             WHERE id = $3 AND project_key =
                 (SELECT key FROM projects WHERE key = $1 AND tenant_key = $2)",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(id.to_string())
        .bind(name)
        .bind(definition)
        .bind(self.now().0)
        .execute(&mut *transaction)
        .await;
        if changed.as_ref().err().is_some_and(is_taken) {
            return Ok(Saved::NameTaken);
        }
        changed?;
        let change = SegmentChange {
            actor,
            action: "segment.changed",
            before,
        };
        let saved = self
            .record_segment(&mut transaction, scope, id, change)
            .await?;
        transaction.commit().await?;
        Ok(saved)
    }

    /// Deletes a segment and records that in the audit log; returns whether there was one.
    pub async fn delete_segment(
        &self,
        scope: Scope,
        id: Uuid,
        actor: &Actor,
    ) -> Result<bool, MetaError> {
        let mut transaction = self.begin().await?;
        let before = stored_segment(&mut transaction, scope, id).await?;
        let deleted = sqlx::query(
            "DELETE FROM segments WHERE id = $3 AND project_key =
                 (SELECT key FROM projects WHERE key = $1 AND tenant_key = $2)",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        let change = SegmentChange {
            actor,
            action: "segment.deleted",
            before,
        };
        self.record_segment(&mut transaction, scope, id, change)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Records a change in the audit log and returns the segment as it is now. Records nothing if there
    /// neither was nor is such a segment.
    async fn record_segment(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        id: Uuid,
        change: SegmentChange<'_>,
    ) -> Result<Saved, MetaError> {
        let after = stored_segment(connection, scope, id).await?;
        if change.before.is_some() || after.is_some() {
            let change = ProjectChange {
                actor: change.actor,
                action: change.action,
                subject: &id.to_string(),
                before: change.before.as_ref().map(as_json).transpose()?,
                after: after.as_ref().map(as_json).transpose()?,
            };
            self.record_change(connection, scope, change).await?;
        }
        Ok(after.map_or(Saved::Unknown, Saved::Segment))
    }
}

/// A change of a segment: who does what, and the segment before.
struct SegmentChange<'a> {
    actor: &'a Actor,
    action: &'a str,
    before: Option<StoredSegment>,
}

async fn stored_segment(
    connection: &mut SqliteConnection,
    scope: Scope,
    id: Uuid,
) -> Result<Option<StoredSegment>, MetaError> {
    let row = sqlx::query(
        "SELECT s.* FROM segments s JOIN projects p ON p.key = s.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 AND s.id = $3",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(segment_of).transpose()
}

fn as_json(segment: &StoredSegment) -> Result<serde_json::Value, MetaError> {
    let definition = parse_json(&segment.definition)?;
    Ok(serde_json::json!({"name": segment.name, "definition": definition}))
}

fn segment_of(row: &SqliteRow) -> Result<StoredSegment, MetaError> {
    Ok(StoredSegment {
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
        definition: row.try_get("definition")?,
        version: row.try_get("version")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
