//! How far back the steps of executions lie, so that only these are read.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, Timestamp, time::DAY};

use crate::{
    dialect::Dialect,
    records::{
        Cell, RecordError, Table,
        counted::{Conditions, counted},
    },
    statement::Statement,
    writer::Writer,
};

/// How long before the first known moment of the executions their steps are looked for, in milliseconds: clocks
/// differ, and a step may be reported with the wrong time.
const MARGIN: i64 = DAY;

/// Executions, and since when their steps ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reach {
    /// The number of executions.
    pub executions: u64,
    /// Of these, the number that have not ended.
    pub open: u64,
    /// A day before the first of them began; the beginning of time if the start of one is not known.
    pub since: Timestamp,
}

/// The statement that counts the executions of a range and finds their first moment.
pub fn reach(
    scope: Scope,
    filter: &dyn Conditions,
    range: TimeRange,
    dialect: Dialect,
) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text(
        "WITH chosen AS (SELECT \"execution\", \"state\" IN ('started', 'waiting') AS \"open\", \"timestamp\" - \"duration\" AS \"began\"",
    );
    counted(&mut writer, scope, range);
    filter.write(&mut writer, scope);
    writer.text(
        "),\nuntold AS (SELECT \"execution\", min(\"timestamp\") AS \"began\", max(CASE WHEN \"status\" = 'started' THEN 1 ELSE 0 END) AS \"told\" \
         FROM \"executions\" WHERE ",
    );
    writer.scope(scope);
    writer.text(
        " AND \"execution\" IN (SELECT \"execution\" FROM chosen WHERE \"began\" IS NULL) GROUP BY \"execution\")\n\
         SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM chosen WHERE \"open\"), \
         (SELECT min(\"began\") FROM chosen), (SELECT min(\"began\") FROM untold), (SELECT count(*) FROM untold WHERE \"told\" = 0)",
    );
    writer.finish()
}

/// Reads the row of [`reach`]. Fails if it has another shape.
pub fn read_reach(batches: &[RecordBatch]) -> Result<Reach, RecordError> {
    let mut found = Reach {
        executions: 0,
        open: 0,
        since: Timestamp(i64::MAX),
    };
    for batch in batches {
        let table = Table(batch);
        let columns = [0, 1, 2, 3, 4].map(|column| table.integers(column));
        let [executions, open, began, seen, without] = columns;
        let (executions, open, without) = (executions?, open?, without?);
        let (began, seen) = (began?, seen?);
        for row in 0..table.rows() {
            let count = |value: i64| value.max(0) as u64;
            found.executions += count(executions.value(row));
            found.open += count(open.value(row));
            let first = began.at(row).into_iter().chain(seen.at(row)).min();
            let since = first.map_or(i64::MAX, |first| first.saturating_sub(MARGIN));
            found.since = match without.value(row) {
                0 => found.since.min(Timestamp(since)),
                _ => Timestamp(i64::MIN >> 1),
            };
        }
    }
    Ok(found)
}
