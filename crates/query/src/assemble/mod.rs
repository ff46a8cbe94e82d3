//! Turns record batches into the answer: read columns -> gather cells -> evaluate metrics -> sort and
//! limit rows. Memory grows with the groups and buckets that occur, not with the rows read.

mod cells;
mod columns;
mod evaluate;
mod gather;
mod histogram;
mod order;
mod others;
mod side;

use arrow::record_batch::RecordBatch;

use crate::{
    answer::{Answer, Totals},
    prepare::Prepared,
};

use gather::Gathered;
use side::Side;

/// A store returned something other than the statement asks for.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AssembleError {
    /// There are more or fewer results than statements.
    #[error("{expected} statements have {found} results")]
    Results {
        /// Statements of the query.
        expected: usize,
        /// Results given.
        found: usize,
    },
    /// A column is missing or has another type.
    #[error("column {position} of statement {statement} is not {expected} but {found}")]
    Column {
        /// The position of the statement.
        statement: usize,
        /// The position of the column.
        position: usize,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A stored sketch cannot be read.
    #[error("a stored sketch is damaged at byte {byte}")]
    DamagedSketch {
        /// Where in its bytes.
        byte: usize,
    },
}

/// Assembles the answer from the store's results: one per statement, in order. Fails if they do not fit.
pub fn assemble(
    prepared: &Prepared,
    results: &[Vec<RecordBatch>],
) -> Result<Answer, AssembleError> {
    let reads = &prepared.plan.reads;
    if reads.len() != results.len() {
        return Err(AssembleError::Results {
            expected: reads.len(),
            found: results.len(),
        });
    }
    let gathered = gather::gather(prepared, results)?;
    let rows_read = results
        .iter()
        .flatten()
        .map(|batch| batch.num_rows() as u64)
        .sum();
    answer(prepared, &gathered, rows_read)
}

/// Builds the answer. Fails if a sketch is damaged.
fn answer(
    prepared: &Prepared,
    gathered: &Gathered<'_>,
    rows_read: u64,
) -> Result<Answer, AssembleError> {
    let query = prepared.resolved();
    let keys = gathered.groups.keys();
    let main = Side::new(
        prepared,
        &gathered.main,
        &keys,
        &prepared.resolution.buckets,
        prepared.resolution.begun,
    );
    let (groups, kept) = main.choose()?;
    let rows = main.rows(&kept)?;
    let beside = prepared.resolution.comparison.as_ref();
    let beside = beside.map(|buckets| {
        let cells = &gathered.comparison;
        Side::new(prepared, cells, &keys, buckets, buckets.len())
    });
    let comparison = match &beside {
        None => None,
        Some(side) => Some(side.headed(side.compared(&rows, &kept)?)),
    };
    let other = match query.other {
        true => Some(others::other(&main, beside.as_ref(), &rows)?),
        false => None,
    };
    let totals = match query.totals {
        true => Some(Totals {
            rows: main.totals()?,
            comparison: beside.as_ref().map(Side::totals).transpose()?,
        }),
        false => None,
    };
    Ok(Answer {
        query: query.clone(),
        rows: main.headed(rows),
        comparison,
        other,
        totals,
        source: prepared.source(),
        rows_read,
        groups,
    })
}

#[cfg(test)]
mod tests;
