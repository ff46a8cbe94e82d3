//! Reads a closed store without changing it.

use std::path::Path;

use duckdb::{AccessMode, Config, Connection};
use weir_store::StoreError;

use crate::{connect::quoted, error::Context};

/// Reads every row of the unencrypted store in a file, so that DuckDB verifies the checksum of every
/// block, and returns the number of rows. The file and its log do not change.
///
/// # Errors
/// Fails if the file is damaged, with DuckDB's message, or if another process has it open.
pub fn check(path: &Path) -> Result<u64, StoreError> {
    let config = Config::default()
        .access_mode(AccessMode::ReadOnly)
        .and_then(|config| config.enable_autoload_extension(false))
        .context("configure DuckDB")?;
    let connection =
        Connection::open_with_flags(path, config).context("open the event store to read it")?;
    let mut tables = connection
        .prepare("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal")
        .context("list the tables")?;
    let names = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect::<Result<Vec<(String, String)>, _>>)
        .context("list the tables")?;
    let mut rows = 0;
    for (schema, table) in names {
        let name = format!("\"{schema}\".\"{table}\"");
        // The hash covers every column of every row.
        let sql = format!("SELECT count(*), bit_xor(hash(t)) FROM {name} AS t");
        let found = connection.query_row(&sql, [], |row| row.get::<_, u64>(0));
        rows += found.map_err(|error| StoreError::Database {
            context: "read a table",
            message: format!("{}: {error}", quoted(&table)),
        })?;
    }
    Ok(rows)
}
