//! The audit log: who read or changed what, when, and from where.

mod access;
mod export;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_insights::cursor::Cursor;
use weir_meta::{AuditEntry, AuditFilter};
use weir_model::{Scope, Timestamp};

pub(crate) use access::AccessTrail;
pub use export::{ExportFormat, Exported};

use super::{App, AppError, ErrorCode};

/// The most entries of a page.
const MOST: u32 = 200;
const DEFAULT: u32 = 50;

/// A page of the audit log, newest entry first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditLog {
    /// The entries.
    pub entries: Vec<AuditView>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// `change`: data or settings were changed. `access`: someone logged in, tried to, or read data.
    #[schema(example = "change")]
    pub kind: &'static str,
    /// Who did it: `key:` and its id, `person:` and their e-mail address, `operator`, `weir` itself, or
    /// `stranger` for an unauthenticated caller.
    pub actor: String,
    /// The network address; null for what the server did itself.
    pub address: Option<String>,
    /// The client's user agent.
    pub user_agent: Option<String>,
    /// The action, such as `prices.changed` or `analytics.read`.
    pub action: String,
    /// What it was done to; for a read, the path.
    pub subject: String,
    /// For a change, the values before and after; for a read, the parameters and the status of the answer.
    pub detail: Value,
    /// When it was done.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
}

/// Which project's log, and which of its entries.
#[derive(Clone, Debug)]
pub struct AuditWanted {
    /// The project.
    pub scope: Scope,
    /// Whether to include entries of the whole organisation.
    pub with_tenant: bool,
    /// Which entries.
    pub filter: AuditFilter,
}

impl App {
    /// A page of the audit log. `limit` is 1 to 200 entries, 50 by default. Fails if the limit or the cursor
    /// is invalid.
    pub async fn audit_log(
        &self,
        wanted: &AuditWanted,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<AuditLog, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("A page has 1 to {MOST} entries.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let before = cursor.map(place).transpose()?;
        let mut found = self.audit_entries(wanted, before, limit + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let last = found.last().filter(|_| more);
        let next_cursor = last.map(|last| {
            Cursor {
                timestamp: last.at,
                id: last.place.to_string(),
            }
            .encode()
        });
        let entries = found.into_iter().map(view).collect::<Result<_, _>>()?;
        Ok(AuditLog {
            entries,
            next_cursor,
        })
    }

    async fn audit_entries(
        &self,
        wanted: &AuditWanted,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, AppError> {
        let (scope, filter) = (wanted.scope, &wanted.filter);
        let found = self
            .meta
            .audit_log(scope, wanted.with_tenant, filter, before, limit);
        Ok(found.await?)
    }

    /// Deletes entries that are older than the retention period, and returns how many there were. Fails if
    /// control data cannot be written.
    pub async fn prune_audit(&self) -> Result<u64, AppError> {
        let Some(kept) = self.settings.audit.kept else {
            return Ok(0);
        };
        Ok(self.meta.prune_audit(self.clock.now().plus(-kept)).await?)
    }
}

fn place(cursor: &str) -> Result<i64, AppError> {
    Cursor::parse(cursor)?.id.parse().map_err(|_| {
        AppError::new(
            ErrorCode::InvalidParameter,
            "The cursor does not belong to this list.",
        )
        .field("cursor")
        .fix("Use the nextCursor of the previous page unchanged, or omit it.")
    })
}

fn view(entry: AuditEntry) -> Result<AuditView, AppError> {
    Ok(AuditView {
        id: entry.id.to_string(),
        kind: entry.kind.name(),
        actor: entry.actor,
        address: entry.address,
        user_agent: entry.user_agent,
        action: entry.action,
        subject: entry.subject,
        detail: serde_json::from_str(&entry.detail).map_err(AppError::internal)?,
        at: entry.at,
    })
}
