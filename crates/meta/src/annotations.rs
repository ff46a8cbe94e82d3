//! Annotations: releases, incidents and notes that people or pipelines add to a project's timeline.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, TimeRange, Timestamp};

use crate::{
    Actor, MetaError, MetaStore, audit::ProjectChange, entropy::uuid_v7, sqlite::uuid_column,
};

/// What an annotation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnnotationKind {
    /// A version was released.
    Release,
    /// Something was wrong; without an end, it still is.
    Incident,
    /// Anything else worth remembering.
    Note,
}

impl AnnotationKind {
    /// Every kind.
    pub const ALL: [AnnotationKind; 3] = [Self::Release, Self::Incident, Self::Note];

    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Incident => "incident",
            Self::Note => "note",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What an annotation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// What it is about.
    pub kind: AnnotationKind,
    /// One line.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// A page about it.
    pub url: Option<String>,
    /// The workflow that it concerns; `None` concerns all.
    pub workflow: Option<String>,
    /// The environment that it concerns; `None` concerns all.
    pub environment: Option<String>,
    /// The version that was released.
    pub version: Option<String>,
    /// When it happened or began.
    pub starts_at: Timestamp,
    /// When it was over; `None` is a moment or, for an incident, not yet.
    pub ends_at: Option<Timestamp>,
    /// Whether its author saw pseudonyms, so that it is shown as they typed it.
    pub veiled: bool,
}

/// A stored annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnnotation {
    /// Public id.
    pub id: Uuid,
    /// What it says.
    pub annotation: Annotation,
    /// Who added it, as shown to readers.
    pub author: String,
    /// 1 at first; each change adds 1.
    pub revision: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Which annotations to list.
#[derive(Clone, Debug, Default)]
pub struct AnnotationFilter {
    /// Only those that overlap this range.
    pub range: Option<TimeRange>,
    /// Only this kind.
    pub kind: Option<AnnotationKind>,
    /// Only those that concern this workflow: its own, and those of the whole project.
    pub workflow: Option<String>,
    /// Only those that concern this environment: its own, and those of all environments.
    pub environment: Option<String>,
}

/// The outcome of adding or changing an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnnotationSaved {
    /// The annotation as it is stored now.
    Now(Box<StoredAnnotation>),
    /// It is at another revision than the caller expected; nothing is changed.
    Changed,
    /// The project has no annotation with this id, or the tenant has no such project.
    Unknown,
    /// The project has as many annotations as it can; nothing is changed.
    TooMany,
}

/// A page of annotations never starts before one of these.
type After<'a> = Option<(Timestamp, &'a str)>;

impl MetaStore {
    /// The project's annotations, the newest start first: at most `limit` after the given start and id.
    pub async fn annotations(
        &self,
        scope: Scope,
        filter: &AnnotationFilter,
        after: After<'_>,
        limit: usize,
    ) -> Result<Vec<StoredAnnotation>, MetaError> {
        let (from, to) = filter
            .range
            .map_or((None, None), |range| (Some(range.from.0), Some(range.to.0)));
        let rows = sqlx::query(
            "SELECT a.* FROM annotations a JOIN projects p ON p.key = a.project_key
             WHERE p.key = $1 AND p.tenant_key = $2
                AND ($3 IS NULL OR a.ends_at > $3 OR a.starts_at >= $3
                    OR (a.ends_at IS NULL AND a.kind = 'incident'))
                AND ($4 IS NULL OR a.starts_at < $4)
                AND ($5 IS NULL OR a.kind = $5)
                AND ($6 IS NULL OR a.workflow IS NULL OR a.workflow = $6)
                AND ($7 IS NULL OR a.environment IS NULL OR a.environment = $7)
                AND ($8 IS NULL OR a.starts_at < $8 OR (a.starts_at = $8 AND a.id > $9))
             ORDER BY a.starts_at DESC, a.id LIMIT $10",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(from)
        .bind(to)
        .bind(filter.kind.map(AnnotationKind::name))
        .bind(&filter.workflow)
        .bind(&filter.environment)
        .bind(after.map(|(start, _)| start.0))
        .bind(after.map(|(_, id)| id))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(annotation_of).collect()
    }

    /// The annotation of the project with this id.
    pub async fn annotation(
        &self,
        scope: Scope,
        id: Uuid,
    ) -> Result<Option<StoredAnnotation>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored(&mut connection, scope, id).await
    }

    /// Adds an annotation, unless the project already has `most`, and records that in the audit log.
    pub async fn add_annotation(
        &self,
        scope: Scope,
        annotation: &Annotation,
        most: usize,
        actor: &Actor,
    ) -> Result<AnnotationSaved, MetaError> {
        let now = self.now();
        let id = uuid_v7(now, &*self.entropy);
        let mut transaction = self.begin().await?;
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM annotations WHERE project_key = $1")
                .bind(scope.project.0)
                .fetch_one(&mut *transaction)
                .await?;
        if usize::try_from(count).unwrap_or(usize::MAX) >= most {
            return Ok(AnnotationSaved::TooMany);
        }
        sqlx::query(
            "INSERT INTO annotations (id, project_key, kind, title, description, url, workflow, environment,
                version, starts_at, ends_at, author, revision, created_at, updated_at, veiled)
             SELECT $3, p.key, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14, $15
             FROM projects p WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(id.to_string())
        .bind(annotation.kind.name())
        .bind(&annotation.title)
        .bind(&annotation.description)
        .bind(&annotation.url)
        .bind(&annotation.workflow)
        .bind(&annotation.environment)
        .bind(&annotation.version)
        .bind(annotation.starts_at.0)
        .bind(annotation.ends_at.map(|end| end.0))
        .bind(actor.shown())
        .bind(now.0)
        .bind(annotation.veiled)
        .execute(&mut *transaction)
        .await?;
        let after = stored(&mut transaction, scope, id).await?;
        let Some(after) = after else {
            return Ok(AnnotationSaved::Unknown);
        };
        self.record_annotation(&mut transaction, scope, actor, (None, Some(&after)))
            .await?;
        transaction.commit().await?;
        Ok(AnnotationSaved::Now(Box::new(after)))
    }

    /// Replaces what an annotation says; with `expected`, only if that is its revision. Records the change in
    /// the audit log.
    pub async fn change_annotation(
        &self,
        scope: Scope,
        id: Uuid,
        annotation: &Annotation,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<AnnotationSaved, MetaError> {
        let mut transaction = self.begin().await?;
        let Some(before) = stored(&mut transaction, scope, id).await? else {
            return Ok(AnnotationSaved::Unknown);
        };
        if expected.is_some_and(|revision| revision != before.revision) {
            return Ok(AnnotationSaved::Changed);
        }
        sqlx::query(
            "UPDATE annotations SET kind = $3, title = $4, description = $5, url = $6, workflow = $7,
                environment = $8, version = $9, starts_at = $10, ends_at = $11, revision = revision + 1,
                updated_at = $12, veiled = $13
             WHERE id = $1 AND project_key = $2",
        )
        .bind(id.to_string())
        .bind(scope.project.0)
        .bind(annotation.kind.name())
        .bind(&annotation.title)
        .bind(&annotation.description)
        .bind(&annotation.url)
        .bind(&annotation.workflow)
        .bind(&annotation.environment)
        .bind(&annotation.version)
        .bind(annotation.starts_at.0)
        .bind(annotation.ends_at.map(|end| end.0))
        .bind(self.now().0)
        .bind(annotation.veiled)
        .execute(&mut *transaction)
        .await?;
        let Some(after) = stored(&mut transaction, scope, id).await? else {
            return Ok(AnnotationSaved::Unknown);
        };
        let change = (Some(&before), Some(&after));
        self.record_annotation(&mut transaction, scope, actor, change)
            .await?;
        transaction.commit().await?;
        Ok(AnnotationSaved::Now(Box::new(after)))
    }

    /// Deletes an annotation; with `expected`, only if that is its revision. Records the deletion in the audit
    /// log. Returns what was deleted.
    pub async fn delete_annotation(
        &self,
        scope: Scope,
        id: Uuid,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<AnnotationSaved, MetaError> {
        let mut transaction = self.begin().await?;
        let Some(before) = stored(&mut transaction, scope, id).await? else {
            return Ok(AnnotationSaved::Unknown);
        };
        if expected.is_some_and(|revision| revision != before.revision) {
            return Ok(AnnotationSaved::Changed);
        }
        sqlx::query("DELETE FROM annotations WHERE id = $1 AND project_key = $2")
            .bind(id.to_string())
            .bind(scope.project.0)
            .execute(&mut *transaction)
            .await?;
        self.record_annotation(&mut transaction, scope, actor, (Some(&before), None))
            .await?;
        transaction.commit().await?;
        Ok(AnnotationSaved::Now(Box::new(before)))
    }

    async fn record_annotation(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        actor: &Actor,
        (before, after): (Option<&StoredAnnotation>, Option<&StoredAnnotation>),
    ) -> Result<(), MetaError> {
        let action = match (before, after) {
            (None, _) => "annotation.added",
            (_, None) => "annotation.deleted",
            _ => "annotation.changed",
        };
        let subject = before.or(after).map(|stored| stored.id.to_string());
        let change = ProjectChange {
            actor,
            action,
            subject: &subject.unwrap_or_default(),
            before: before.map(as_json),
            after: after.map(as_json),
        };
        self.record_change(connection, scope, change).await
    }
}

async fn stored(
    connection: &mut SqliteConnection,
    scope: Scope,
    id: Uuid,
) -> Result<Option<StoredAnnotation>, MetaError> {
    let row = sqlx::query(
        "SELECT a.* FROM annotations a JOIN projects p ON p.key = a.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 AND a.id = $3",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(annotation_of).transpose()
}

fn as_json(stored: &StoredAnnotation) -> serde_json::Value {
    let said = &stored.annotation;
    serde_json::json!({
        "kind": said.kind.name(), "title": said.title, "description": said.description, "url": said.url,
        "workflowId": said.workflow, "environment": said.environment, "version": said.version,
        "startsAt": said.starts_at.to_string(), "endsAt": said.ends_at.map(|end| end.to_string()),
    })
}

fn annotation_of(row: &SqliteRow) -> Result<StoredAnnotation, MetaError> {
    let kind: &str = row.try_get("kind")?;
    let ends_at: Option<i64> = row.try_get("ends_at")?;
    Ok(StoredAnnotation {
        id: uuid_column(row, "id")?,
        annotation: Annotation {
            kind: AnnotationKind::from_name(kind).ok_or(MetaError::Damaged("annotation kind"))?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            url: row.try_get("url")?,
            workflow: row.try_get("workflow")?,
            environment: row.try_get("environment")?,
            version: row.try_get("version")?,
            starts_at: Timestamp(row.try_get("starts_at")?),
            ends_at: ends_at.map(Timestamp),
            veiled: row.try_get("veiled")?,
        },
        author: row.try_get("author")?,
        revision: row.try_get("revision")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
