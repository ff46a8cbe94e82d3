//! Export of the audit log as CSV or NDJSON, streamed page by page.

use std::sync::Arc;

use futures_util::{Stream, stream};
use weir_meta::{Actor, AuditKind, AuditRecord};

use super::{AuditView, AuditWanted, view};
use crate::app::{App, AppError};

/// The entries read at once.
const PAGE: u32 = 500;
/// The columns of the CSV file.
const COLUMNS: &str = "id,at,kind,actor,address,userAgent,action,subject,detail\r\n";

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), with a header row.
    Csv,
    /// One JSON object per line.
    Ndjson,
}

impl ExportFormat {
    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Csv, Self::Ndjson];
        all.into_iter().find(|format| format.name() == name)
    }

    /// The name in the API, which is also the file extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Csv => COLUMNS,
            Self::Ndjson => "",
        }
    }

    fn write(self, text: &mut String, entry: &AuditView) -> Result<(), AppError> {
        match self {
            Self::Csv => write_row(text, entry),
            Self::Ndjson => {
                text.push_str(&serde_json::to_string(entry).map_err(AppError::internal)?);
                text.push('\n');
            }
        }
        Ok(())
    }
}

/// A piece of an exported file.
pub type Exported = Result<String, AppError>;

/// The position of an export.
struct Place {
    app: Arc<App>,
    wanted: AuditWanted,
    format: ExportFormat,
    /// Only entries before this place are still to be exported.
    before: Option<i64>,
}

impl App {
    /// Exports entries, newest first. The export itself is recorded in the audit log before anything is sent.
    /// Fails if it cannot be recorded; the stream fails if entries cannot be read.
    pub async fn export_audit(
        self: &Arc<Self>,
        wanted: AuditWanted,
        format: ExportFormat,
        actor: &Actor,
    ) -> Result<impl Stream<Item = Exported> + Send + use<>, AppError> {
        let filter = &wanted.filter;
        let detail = serde_json::json!({
            "format": format.name(), "kind": filter.kind.map(AuditKind::name),
            "action": filter.action, "actor": filter.actor, "subject": filter.subject,
            "from": filter.from, "to": filter.to,
        });
        let record = AuditRecord {
            kind: AuditKind::Access,
            actor,
            action: "audit.exported",
            subject: "audit log",
            detail: &detail.to_string(),
        };
        let scope = wanted.scope;
        self.meta
            .record(scope.tenant, Some(scope.project), record)
            .await?;
        let place = Place {
            app: Arc::clone(self),
            wanted,
            format,
            before: None,
        };
        let head = stream::iter([Ok(format.head().to_owned())]);
        let pages = stream::try_unfold(Some(place), |place| async move {
            match place {
                Some(place) => place.page().await.map(Some),
                None => Ok(None),
            }
        });
        Ok(futures_util::StreamExt::chain(head, pages))
    }
}

impl Place {
    /// The next page as text, and the position after it.
    async fn page(mut self) -> Result<(String, Option<Self>), AppError> {
        let entries = self.app.audit_entries(&self.wanted, self.before, PAGE);
        let entries = entries.await?;
        self.before = entries.last().map(|entry| entry.place);
        let more = entries.len() == PAGE as usize;
        let mut text = String::new();
        for entry in entries {
            self.format.write(&mut text, &view(entry)?)?;
        }
        Ok((text, more.then_some(self)))
    }
}

fn write_row(text: &mut String, entry: &AuditView) {
    let (at, detail) = (entry.at.to_string(), entry.detail.to_string());
    let cells = [
        &entry.id,
        &at,
        entry.kind,
        &entry.actor,
        entry.address.as_deref().unwrap_or_default(),
        entry.user_agent.as_deref().unwrap_or_default(),
        &entry.action,
        &entry.subject,
        &detail,
    ];
    for (position, cell) in cells.into_iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        write_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// Writes a cell. A leading apostrophe protects cells that a spreadsheet would take for a formula, because
/// clients control their user agents.
fn write_cell(text: &mut String, cell: &str) {
    text.push('"');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_not_formulas() {
        for (cell, written) in [
            ("plain", "\"plain\""),
            ("", "\"\""),
            ("a \"b\", c\n", "\"a \"\"b\"\", c\n\""),
            ("=cmd()", "\"'=cmd()\""),
            ("@x", "\"'@x\""),
        ] {
            let mut text = String::new();
            write_cell(&mut text, cell);
            assert_eq!(text, written);
        }
    }
}
