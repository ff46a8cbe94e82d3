//! How people like the application.

use sqlx::Row;
use weir_model::Timestamp;

use crate::{MetaError, MetaStore, Origin, Person, Principal, notes::Note, sqlite::parse_json};

/// The stored preferences of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPreferences {
    /// The preferences as JSON.
    pub content: String,
    /// 1 at first; each change adds 1.
    pub revision: i64,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// The preferences of a person; `None` if they never set any.
    pub async fn preferences(
        &self,
        person: &Person,
    ) -> Result<Option<StoredPreferences>, MetaError> {
        let row = sqlx::query(
            "SELECT f.* FROM preferences f JOIN people p ON p.key = f.person_key WHERE p.id = $1",
        )
        .bind(person.id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredPreferences {
            content: row.try_get("content")?,
            revision: row.try_get("revision")?,
            updated_at: Timestamp(row.try_get("updated_at")?),
        }))
    }

    /// Replaces the preferences of a person; with `expected`, only if that is their revision, 0 if there are
    /// none. Returns whether they were replaced. Records the change in the audit log. Also fails if the content
    /// is not JSON.
    pub async fn put_preferences(
        &self,
        principal: &Principal,
        person: &Person,
        content: &str,
        expected: Option<i64>,
        origin: &Origin,
    ) -> Result<bool, MetaError> {
        let key = self.person_key(person.id).await?;
        let mut transaction = self.begin().await?;
        let revision: Option<i64> =
            sqlx::query_scalar("SELECT revision FROM preferences WHERE person_key = $1")
                .bind(key)
                .fetch_optional(&mut *transaction)
                .await?;
        let revision = revision.unwrap_or(0);
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO preferences (person_key, content, revision, updated_at) VALUES ($1, $2, $3 + 1, $4)
             ON CONFLICT (person_key) DO UPDATE
             SET content = excluded.content, revision = excluded.revision, updated_at = excluded.updated_at",
        )
        .bind(key)
        .bind(content)
        .bind(revision)
        .bind(self.now().0)
        .execute(&mut *transaction)
        .await?;
        // What someone prefers is their own business: the log says that they changed it.
        parse_json(content)?;
        let detail = serde_json::json!({
            "before": { "revision": revision }, "after": { "revision": revision + 1 },
        });
        let actor = principal.actor(origin);
        let note = Note::change(&actor, "preferences.changed", &person.email, detail);
        self.note(&mut transaction, principal.tenant(), None, &note)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
