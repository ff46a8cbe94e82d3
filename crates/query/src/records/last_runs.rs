//! When each workflow or environment last ran and last failed, and its error message: exact times and texts,
//! which no cube holds.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, Timestamp, cube::Dimension};

use super::{Cell, RecordError, Table};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// A query for last runs.
#[derive(Clone, Copy, Debug)]
pub struct LastRuns<'a> {
    /// The column of executions to group by.
    pub by: Dimension,
    /// The range of time.
    pub range: TimeRange,
    /// Only in this environment.
    pub environment: Option<&'a str>,
    /// Only these values; empty means all.
    pub keys: &'a [String],
}

/// The last run of a workflow or environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// When its newest event happened.
    pub at: Timestamp,
    /// When it last failed or crashed.
    pub failure_at: Option<Timestamp>,
    /// The newest message of a failure.
    pub error_message: Option<String>,
}

impl LastRuns<'_> {
    /// The statement.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let failed_at = "CASE WHEN \"status\" IN ('failed', 'crashed') THEN \"timestamp\" END";
        let mut writer = Writer::new(dialect);
        writer.text("SELECT ").name(self.by.name());
        writer
            .text(", max(\"timestamp\"), max(")
            .text(failed_at)
            .text("), ");
        writer.text(&dialect.latest("\"error_message\"", failed_at));
        writer.text(" FROM \"executions\" WHERE ");
        writer.scope(scope).during(self.range);
        writer.equals("environment", self.environment);
        writer.one_of(self.by.name(), self.keys.iter().map(String::as_str));
        writer.text(" GROUP BY 1");
        writer.finish()
    }

    /// Reads the rows, by value; executions without a value are under the empty text.
    /// Fails if the store returned other columns than the statement asks for.
    pub fn read(batches: &[RecordBatch]) -> Result<HashMap<String, LastRun>, RecordError> {
        let mut found = HashMap::new();
        for batch in batches {
            let table = Table(batch);
            let (keys, newest) = (table.texts(0)?, table.integers(1)?);
            let (failures, messages) = (table.integers(2)?, table.texts(3)?);
            for row in 0..table.rows() {
                let last = LastRun {
                    at: Timestamp(newest.at(row).unwrap_or_default()),
                    failure_at: failures.at(row).map(Timestamp),
                    error_message: messages.at(row),
                };
                found.insert(keys.at(row).unwrap_or_default(), last);
            }
        }
        Ok(found)
    }
}
