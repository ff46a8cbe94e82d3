//! What the operator tells everyone who uses the application.

use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::Announcement;
use weir_model::Timestamp;

use super::{App, AppError};

/// How old an answer from memory can be: everyone who has the application open asks every half minute.
const KEPT: Duration = Duration::from_secs(5);

/// What the operator tells everyone.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Announcement)]
pub struct AnnouncementView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// What it says.
    pub text: String,
    /// How it stands out: `info` or `warning`.
    pub level: &'static str,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub starts_at: Timestamp,
    /// When it is over; null until the operator ends it.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ends_at: Option<Timestamp>,
}

/// The announcement, if there is one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Announced {
    /// The newest announcement that is not over.
    pub announcement: Option<AnnouncementView>,
}

/// The announcement as last read, and when that was.
#[derive(Debug, Default)]
pub(crate) struct LastAnnounced(Mutex<Option<(Timestamp, Option<Announcement>)>>);

impl App {
    /// The newest announcement that is not over. Fails if control data cannot be read.
    pub async fn announced(&self) -> Result<Announced, AppError> {
        let now = self.clock.now();
        let age = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        let held = self.announced.0.lock().clone();
        let found = match held {
            Some((read, found)) if (read.0..read.0.saturating_add(age)).contains(&now.0) => found,
            _ => {
                let found = self.meta.announcement().await?;
                *self.announced.0.lock() = Some((now, found.clone()));
                found
            }
        };
        let current = found.filter(|one| one.ends_at.is_none_or(|end| end > now));
        Ok(Announced {
            announcement: current.map(|one| AnnouncementView {
                id: one.id.to_string(),
                text: one.text,
                level: one.level.name(),
                starts_at: one.starts_at,
                ends_at: one.ends_at,
            }),
        })
    }
}
