//! Saved views: pages of the application with their filters, private or shared with the project.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, MetaError, MetaStore, audit::ProjectChange, entropy::uuid_v7, sqlite::is_taken,
    sqlite::parse_json, sqlite::uuid_column,
};

/// What a saved view consists of.
#[derive(Clone, Copy, Debug)]
pub struct SavedViewTerms<'a> {
    /// The name, unique among the shared views or among those of its owner.
    pub name: &'a str,
    /// The page and its parameters as JSON.
    pub content: &'a str,
    /// Whether everyone in the project sees it, not only its owner.
    pub shared: bool,
    /// Whether its author saw pseudonyms, so that it is shown as they saved it.
    pub veiled: bool,
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Public id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The page and its parameters as JSON.
    pub content: String,
    /// Whether everyone in the project sees it.
    pub shared: bool,
    /// Whether its author saw pseudonyms.
    pub veiled: bool,
    /// Who saved it, as shown to readers.
    pub author: String,
    /// 1 at first; each change adds 1.
    pub revision: i64,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Whose views: those that are shared in a project and, for a person, their own.
#[derive(Clone, Copy, Debug)]
pub struct ViewsOf {
    /// The project.
    pub scope: Scope,
    /// The person; an API key has no views of its own.
    pub person: Option<Uuid>,
}

/// The outcome of saving a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewSaved {
    /// The view as it is stored now, or as it was before it was deleted.
    Now(SavedView),
    /// It is at another revision than the caller expected; nothing is changed.
    Changed,
    /// There is no such view that the person sees, or no such person; nothing is changed.
    Unknown,
    /// Another of these views has this name; nothing is changed.
    NameTaken,
    /// There are as many of these views as can be; nothing is changed.
    TooMany,
}

/// The condition on the views that a person sees; a person of NULL sees the shared ones.
const SEEN: &str = "FROM saved_views v JOIN projects p ON p.key = v.project_key
     WHERE p.key = $1 AND p.tenant_key = $2
        AND (v.owner IS NULL OR v.owner = (SELECT key FROM people WHERE id = $3))";

impl MetaStore {
    /// The views that a person sees, oldest first: at most `limit` after the given id.
    pub async fn saved_views(
        &self,
        of: ViewsOf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<SavedView>, MetaError> {
        let sql = format!("SELECT v.* {SEEN} AND ($4 IS NULL OR v.id > $4) ORDER BY v.id LIMIT $5");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(of.scope.project.0)
            .bind(of.scope.tenant.0)
            .bind(of.person.map(|id| id.to_string()))
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(view_of).collect()
    }

    /// A view that a person sees.
    pub async fn saved_view(&self, of: ViewsOf, id: Uuid) -> Result<Option<SavedView>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored(&mut connection, of, id).await
    }

    /// Saves a new view, unless there are already `most` shared ones or ones of the person. Records that in
    /// the audit log.
    pub async fn add_saved_view(
        &self,
        of: ViewsOf,
        terms: SavedViewTerms<'_>,
        most: usize,
        actor: &Actor,
    ) -> Result<ViewSaved, MetaError> {
        let now = self.now();
        let id = uuid_v7(now, &*self.entropy);
        let mut transaction = self.begin().await?;
        let Some(owner) = owner(&mut transaction, of, terms.shared).await? else {
            return Ok(ViewSaved::Unknown);
        };
        if count(&mut transaction, of.scope, owner).await? >= most {
            return Ok(ViewSaved::TooMany);
        }
        let added = sqlx::query(
            "INSERT INTO saved_views
                (id, project_key, owner, name, content, author, revision, created_at, updated_at, veiled)
             SELECT $3, p.key, $4, $5, $6, $7, 1, $8, $8, $9 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2",
        )
        .bind(of.scope.project.0)
        .bind(of.scope.tenant.0)
        .bind(id.to_string())
        .bind(owner)
        .bind(terms.name)
        .bind(terms.content)
        .bind(actor.shown())
        .bind(now.0)
        .bind(terms.veiled)
        .execute(&mut *transaction)
        .await;
        if added.as_ref().err().is_some_and(is_taken) {
            return Ok(ViewSaved::NameTaken);
        }
        added?;
        let Some(after) = stored(&mut transaction, of, id).await? else {
            return Ok(ViewSaved::Unknown);
        };
        self.record_view(&mut transaction, of.scope, actor, (None, Some(&after)))
            .await?;
        transaction.commit().await?;
        Ok(ViewSaved::Now(after))
    }

    /// Replaces a view that the person sees; with `expected`, only if that is its revision. Who no longer
    /// shares a view becomes its owner. Records the change in the audit log.
    pub async fn change_saved_view(
        &self,
        of: ViewsOf,
        id: Uuid,
        terms: SavedViewTerms<'_>,
        (expected, most): (Option<i64>, usize),
        actor: &Actor,
    ) -> Result<ViewSaved, MetaError> {
        let mut transaction = self.begin().await?;
        let Some(before) = stored(&mut transaction, of, id).await? else {
            return Ok(ViewSaved::Unknown);
        };
        if expected.is_some_and(|revision| revision != before.revision) {
            return Ok(ViewSaved::Changed);
        }
        let Some(owner) = owner(&mut transaction, of, terms.shared).await? else {
            return Ok(ViewSaved::Unknown);
        };
        let moves = before.shared != terms.shared;
        if moves && count(&mut transaction, of.scope, owner).await? >= most {
            return Ok(ViewSaved::TooMany);
        }
        let changed = sqlx::query(
            "UPDATE saved_views SET owner = $3, name = $4, content = $5, revision = revision + 1, updated_at = $6,
                veiled = $7
             WHERE id = $1 AND project_key = $2",
        )
        .bind(id.to_string())
        .bind(of.scope.project.0)
        .bind(owner)
        .bind(terms.name)
        .bind(terms.content)
        .bind(self.now().0)
        .bind(terms.veiled)
        .execute(&mut *transaction)
        .await;
        if changed.as_ref().err().is_some_and(is_taken) {
            return Ok(ViewSaved::NameTaken);
        }
        changed?;
        let Some(after) = stored(&mut transaction, of, id).await? else {
            return Ok(ViewSaved::Unknown);
        };
        let change = (Some(&before), Some(&after));
        self.record_view(&mut transaction, of.scope, actor, change)
            .await?;
        transaction.commit().await?;
        Ok(ViewSaved::Now(after))
    }

    /// Deletes a view that the person sees; with `expected`, only if that is its revision. Records the
    /// deletion in the audit log.
    pub async fn delete_saved_view(
        &self,
        of: ViewsOf,
        id: Uuid,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<ViewSaved, MetaError> {
        let mut transaction = self.begin().await?;
        let Some(before) = stored(&mut transaction, of, id).await? else {
            return Ok(ViewSaved::Unknown);
        };
        if expected.is_some_and(|revision| revision != before.revision) {
            return Ok(ViewSaved::Changed);
        }
        sqlx::query("DELETE FROM saved_views WHERE id = $1 AND project_key = $2")
            .bind(id.to_string())
            .bind(of.scope.project.0)
            .execute(&mut *transaction)
            .await?;
        self.record_view(&mut transaction, of.scope, actor, (Some(&before), None))
            .await?;
        transaction.commit().await?;
        Ok(ViewSaved::Now(before))
    }

    async fn record_view(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        actor: &Actor,
        (before, after): (Option<&SavedView>, Option<&SavedView>),
    ) -> Result<(), MetaError> {
        let action = match (before, after) {
            (None, _) => "saved_view.added",
            (_, None) => "saved_view.deleted",
            _ => "saved_view.changed",
        };
        let subject = before.or(after).map(|view| view.id.to_string());
        let change = ProjectChange {
            actor,
            action,
            subject: &subject.unwrap_or_default(),
            before: before.map(as_json).transpose()?,
            after: after.map(as_json).transpose()?,
        };
        self.record_change(connection, scope, change).await
    }
}

/// The owner of a view as stored: `Some(None)` for a shared one, `None` if nobody can own it.
async fn owner(
    connection: &mut SqliteConnection,
    of: ViewsOf,
    shared: bool,
) -> Result<Option<Option<i64>>, MetaError> {
    if shared {
        return Ok(Some(None));
    }
    let key: Option<i64> = sqlx::query_scalar("SELECT key FROM people WHERE id = $1")
        .bind(of.person.map(|id| id.to_string()))
        .fetch_optional(connection)
        .await?;
    Ok(key.map(Some))
}

async fn count(
    connection: &mut SqliteConnection,
    scope: Scope,
    owner: Option<i64>,
) -> Result<usize, MetaError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM saved_views WHERE project_key = $1 AND owner IS $2",
    )
    .bind(scope.project.0)
    .bind(owner)
    .fetch_one(connection)
    .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

async fn stored(
    connection: &mut SqliteConnection,
    of: ViewsOf,
    id: Uuid,
) -> Result<Option<SavedView>, MetaError> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT v.* {SEEN} AND v.id = $4"));
    let row = sqlx::query(sql)
        .bind(of.scope.project.0)
        .bind(of.scope.tenant.0)
        .bind(of.person.map(|id| id.to_string()))
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(view_of).transpose()
}

/// A private view is its owner's business: the audit log says only that it was changed.
fn as_json(view: &SavedView) -> Result<serde_json::Value, MetaError> {
    if !view.shared {
        return Ok(serde_json::json!({"shared": false}));
    }
    let content = parse_json(&view.content)?;
    Ok(serde_json::json!({"name": view.name, "view": content, "shared": view.shared}))
}

fn view_of(row: &SqliteRow) -> Result<SavedView, MetaError> {
    let owner: Option<i64> = row.try_get("owner")?;
    Ok(SavedView {
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
        content: row.try_get("content")?,
        shared: owner.is_none(),
        veiled: row.try_get("veiled")?,
        author: row.try_get("author")?,
        revision: row.try_get("revision")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
