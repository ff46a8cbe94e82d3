//! What the operator tells everyone who uses the application.

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use weir_model::{TenantKey, Timestamp};

use crate::{Actor, MetaError, MetaStore, entropy::uuid_v7, notes::Note, sqlite::uuid_column};

/// How an announcement stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnouncementLevel {
    /// It informs.
    Info,
    /// It warns, for example of a planned interruption.
    Warning,
}

impl AnnouncementLevel {
    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// An announcement by the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Public id.
    pub id: Uuid,
    /// What it says.
    pub text: String,
    /// How it stands out.
    pub level: AnnouncementLevel,
    /// When it was made.
    pub starts_at: Timestamp,
    /// When it is over; `None` until the operator ends it.
    pub ends_at: Option<Timestamp>,
}

impl MetaStore {
    /// The newest announcement that is not over.
    pub async fn announcement(&self) -> Result<Option<Announcement>, MetaError> {
        let row = sqlx::query(
            "SELECT * FROM announcements WHERE key = (SELECT max(key) FROM announcements)
                AND (ends_at IS NULL OR ends_at > $1)",
        )
        .bind(self.now().0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let ends_at: Option<i64> = row.try_get("ends_at")?;
        Ok(Some(Announcement {
            id: uuid_column(&row, "id")?,
            text: row.try_get("text")?,
            level: match row.try_get("level")? {
                "info" => AnnouncementLevel::Info,
                "warning" => AnnouncementLevel::Warning,
                _ => return Err(MetaError::Damaged("announcement level")),
            },
            starts_at: Timestamp(row.try_get("starts_at")?),
            ends_at: ends_at.map(Timestamp),
        }))
    }

    /// Makes an announcement, which replaces the one before. Only the newest is kept.
    pub async fn announce(
        &self,
        text: &str,
        level: AnnouncementLevel,
        ends_at: Option<Timestamp>,
    ) -> Result<(), MetaError> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM announcements")
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO announcements (id, text, level, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(uuid_v7(now, &*self.entropy).to_string())
        .bind(text)
        .bind(level.name())
        .bind(now.0)
        .bind(ends_at.map(|end| end.0))
        .execute(&mut *transaction)
        .await?;
        let detail =
            serde_json::json!({ "before": null, "after": {"text": text, "level": level.name()} });
        self.note_announcement(&mut transaction, "announcement.made", detail)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends the announcement; returns whether there was one.
    pub async fn end_announcement(&self) -> Result<bool, MetaError> {
        let mut transaction = self.begin().await?;
        let text: Option<String> = sqlx::query_scalar("DELETE FROM announcements RETURNING text")
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(text) = text else { return Ok(false) };
        let detail = serde_json::json!({ "before": {"text": text}, "after": null });
        self.note_announcement(&mut transaction, "announcement.ended", detail)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes a change in the audit log of the first organisation, whose owners run the server.
    async fn note_announcement(
        &self,
        connection: &mut SqliteConnection,
        action: &'static str,
        detail: serde_json::Value,
    ) -> Result<(), MetaError> {
        let first: Option<i32> = sqlx::query_scalar("SELECT min(key) FROM tenants")
            .fetch_one(&mut *connection)
            .await?;
        let Some(first) = first else { return Ok(()) };
        let operator = Actor::operator();
        let note = Note::change(&operator, action, "announcement", detail);
        self.note(connection, TenantKey(first), None, &note).await
    }
}
