//! When the executions of the list happened: their number by bucket and state. It counts the rows that
//! [`super::ExecutionPage`] lists, from the same source by the same conditions.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, Status, TimeRange, Timestamp};

use super::{
    super::{
        Cell, RecordError, Table,
        counted::{Conditions, counted},
        steps::bucket_start,
    },
    ExecutionFilter, STALE,
};
use crate::{buckets::Buckets, dialect::Dialect, statement::Statement, writer::Writer};

/// A query for the histogram of the list.
#[derive(Clone, Copy, Debug)]
pub struct ExecutionHistogram<'a> {
    /// The filter.
    pub filter: &'a ExecutionFilter,
    /// The buckets.
    pub buckets: &'a Buckets,
    /// The part of their range that is read.
    pub range: TimeRange,
}

/// The executions of a bucket in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateCount {
    /// The start of the bucket.
    pub bucket: Timestamp,
    /// The state; `None` for executions that have been open for too long.
    pub status: Option<Status>,
    /// Their number.
    pub executions: u64,
}

impl ExecutionHistogram<'_> {
    /// The statement.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        let bucket = bucket_start(self.buckets, "\"timestamp\"", dialect);
        writer.text(&format!("SELECT {bucket}, \"status\", count(*)"));
        counted(&mut writer, scope, self.range);
        self.filter.write(&mut writer, scope);
        writer.text(" GROUP BY 1, 2 ORDER BY 1, 2");
        writer.finish()
    }

    /// Reads the rows. Fails if they have another shape.
    pub fn read(batches: &[RecordBatch]) -> Result<Vec<StateCount>, RecordError> {
        let mut counts = Vec::new();
        for batch in batches {
            let table = Table(batch);
            let (buckets, states) = (table.integers(0)?, table.texts(1)?);
            let executions = table.integers(2)?;
            for row in 0..table.rows() {
                let state = states.at(row).unwrap_or_default();
                let status = Status::from_name(&state);
                if status.is_none() && state != STALE {
                    let expected = "a status";
                    return Err(RecordError {
                        column: 1,
                        expected,
                    });
                }
                counts.push(StateCount {
                    bucket: Timestamp(buckets.at(row).unwrap_or_default()),
                    status,
                    executions: executions.at(row).unwrap_or_default().unsigned_abs(),
                });
            }
        }
        Ok(counts)
    }
}
