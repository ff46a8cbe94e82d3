//! The audit trail: single activities, the newest first.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, Timestamp};

use super::Selection;
use crate::{
    Dialect, Statement, Writer,
    records::{Cell, RecordError, Table, executions::Reached},
};

/// Which activities of the trail.
#[derive(Clone, Debug)]
pub struct Request {
    /// Of which.
    pub selection: Selection,
    /// Only those that come after this in the trail.
    pub after: Option<Reached>,
    /// How many at most.
    pub limit: u32,
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it began.
    pub timestamp: Timestamp,
    /// The event's id.
    pub id: String,
    /// By whom.
    pub user: Option<String>,
    /// In which session, as its producer named it.
    pub session: Option<String>,
    /// What.
    pub action: String,
    /// To what kind of thing.
    pub resource: Option<String>,
    /// To which of them.
    pub resource_id: Option<String>,
    /// For how long, in milliseconds.
    pub duration: Option<i64>,
    /// To which workflow.
    pub workflow: Option<String>,
    /// Where.
    pub environment: Option<String>,
    /// By which door it was reported.
    pub source: Option<String>,
    /// What its producer said beside: a JSON object, redacted.
    pub metadata: Option<String>,
}

/// The statement of a part of the trail.
pub fn statement(scope: Scope, request: &Request, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text(
        "SELECT \"timestamp\", \"duration\", \"id\", \"user\", \"session_id\", \"action\", \"resource\", \
         \"resource_id\", \"workflow\", \"environment\", \"source\", \"metadata\"",
    );
    request.selection.write(&mut writer, scope);
    if let Some(after) = &request.after {
        after.write(&mut writer);
    }
    // What happened at one moment under one id stands in an order that does not depend on how it came.
    writer.text(
        " ORDER BY \"timestamp\" DESC, \"id\" DESC, \"environment\", \"workflow\", \"user\", \"action\", \"metadata\" LIMIT ",
    );
    writer.integer(request.limit.into());
    if let Some(after) = &request.after {
        after.skip(&mut writer);
    }
    writer.finish()
}

/// The entries that [`statement`] found.
pub fn read(batches: &[RecordBatch]) -> Result<Vec<Entry>, RecordError> {
    let mut entries = Vec::new();
    for table in batches.iter().map(Table) {
        let (timestamps, durations) = (table.integers(0)?, table.integers(1)?);
        let texts: Vec<_> = (2..12)
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let mut next = texts.iter().map(|column| column.at(row));
            let mut text = || next.next().flatten();
            entries.push(Entry {
                timestamp: Timestamp(timestamps.value(row)),
                id: text().unwrap_or_default(),
                user: text(),
                session: text(),
                action: text().unwrap_or_default(),
                resource: text(),
                resource_id: text(),
                workflow: text(),
                environment: text(),
                source: text(),
                metadata: text(),
                duration: durations.at(row),
            });
        }
    }
    Ok(entries)
}
