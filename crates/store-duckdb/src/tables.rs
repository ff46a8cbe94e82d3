//! Writes to tables: transactions, appended rows, temporary tables, and the hash stored with ids.

use arrow::array::RecordBatch;
use duckdb::Connection;
use weir_store::StoreError;

use crate::{arrays::Columns, error::Context};

/// Runs work in a transaction: commits it if the work succeeds, and rolls it back if anything fails.
pub(crate) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection
        .execute_batch("BEGIN")
        .context("begin a transaction")?;
    let result = work().and_then(|value| {
        connection.execute_batch("COMMIT").context("commit")?;
        Ok(value)
    });
    if result.is_err() {
        // The transaction may be gone already; what matters is that none stays open.
        let _ = connection.execute_batch("ROLLBACK");
    }
    result
}

/// Creates or replaces a temporary table with these rows.
pub(crate) fn fill_temporary(
    connection: &Connection,
    table: &str,
    declaration: &str,
    rows: Columns,
) -> Result<(), StoreError> {
    connection
        .execute_batch(&format!(
            "CREATE OR REPLACE TEMP TABLE {table} ({declaration})"
        ))
        .context("create a temporary table")?;
    let mut appender = connection
        .appender_to_catalog_and_db(table, "temp", "main")
        .context("open a temporary table")?;
    let batch = rows.finish().context("build temporary rows")?;
    appender
        .append_record_batch(batch)
        .context("fill a temporary table")?;
    appender.flush().context("fill a temporary table")
}

/// Appends rows to a table.
pub(crate) fn append(
    connection: &Connection,
    table: &str,
    batch: RecordBatch,
) -> Result<(), StoreError> {
    let mut appender = connection
        .appender(table)
        .context("open a table for appending")?;
    appender.append_record_batch(batch).context("append rows")?;
    appender.flush().context("append rows")
}

/// A hash of an id. It is stored, so it must stay the same across restarts and versions.
pub(crate) fn hash(id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(id.as_bytes())
}
