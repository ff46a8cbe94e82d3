//! The audit trail: single activities, the newest first.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, Timestamp};

use super::Selection;
use crate::{
    Dialect, Statement, Writer,
    records::{Cell, RecordError, Table, executions::Reached},
};

/// A page of the trail.
#[derive(Clone, Debug)]
pub struct Request {
    /// The activities to include.
    pub selection: Selection,
    /// Only activities after this position in the trail.
    pub after: Option<Reached>,
    /// The maximum number of entries.
    pub limit: u32,
}

/// One activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it began.
    pub timestamp: Timestamp,
    /// The event's id.
    pub id: String,
    /// The user who acted.
    pub user: Option<String>,
    /// The session, as named by the producer.
    pub session: Option<String>,
    /// What.
    pub action: String,
    /// The kind of resource acted on.
    pub resource: Option<String>,
    /// The id of the resource.
    pub resource_id: Option<String>,
    /// The duration, in milliseconds.
    pub duration: Option<i64>,
    /// The workflow acted on.
    pub workflow: Option<String>,
    /// The environment.
    pub environment: Option<String>,
    /// The source that reported it.
    pub source: Option<String>,
    /// Further data from the producer: a redacted JSON object.
    pub metadata: Option<String>,
}

/// The statement for a page of the trail.
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
    // Activities with the same time and id are sorted independently of their order of arrival.
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
/// Fails if the store returned other columns than the statement asks for.
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
