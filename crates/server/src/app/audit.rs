//! Who changed what.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_meta::{AuditEntry, Permission, Principal};
use weir_model::{Scope, Timestamp};

use super::{App, AppError, ErrorCode, cursor::Cursor};

/// The most entries of a page.
const MOST: u32 = 200;
const DEFAULT: u32 = 50;

/// Changes of settings, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditLog {
    /// The changes.
    pub entries: Vec<AuditView>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Who made it: `key:` and its id, `person:` and their address, `operator`, or `weir` itself.
    pub actor: String,
    /// What was done: `prices.changed`, `costs.restated`, `budgets.changed`, ...
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// What it was and what it is.
    pub detail: Value,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
}

impl App {
    /// The changes of settings that a caller may know of: those of the project, and for those who may
    /// see the whole tenant also those of the tenant.
    pub async fn audit_log(
        &self,
        scope: Scope,
        principal: &Principal,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<AuditLog, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("A page has 1 to {MOST} entries.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let before = cursor.map(place).transpose()?;
        let with_tenant = principal
            .tenant_permissions()
            .contains(Permission::ReadAudit);
        let found = self.meta.audit_log(scope, with_tenant, before, limit + 1);
        let mut found = found.await?;
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
}

fn place(cursor: &str) -> Result<i64, AppError> {
    Cursor::parse(cursor)?.id.parse().map_err(|_| {
        AppError::new(
            ErrorCode::InvalidParameter,
            "The cursor is none of this list.",
        )
        .field("cursor")
        .fix("Use nextCursor of the page before as it is, or leave it out.")
    })
}

fn view(entry: AuditEntry) -> Result<AuditView, AppError> {
    Ok(AuditView {
        id: entry.id.to_string(),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: serde_json::from_str(&entry.detail).map_err(AppError::internal)?,
        at: entry.at,
    })
}
