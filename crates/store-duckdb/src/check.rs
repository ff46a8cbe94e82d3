//! Reading a store that nothing has open, without changing it.

use std::path::Path;

use duckdb::{AccessMode, Config, Connection};
use weir_store::StoreError;

use crate::{connect::quoted, error::Context};

/// Reads every row of the plain store in a file, so that DuckDB looks at the checksum of every block, and
/// returns how many there are. The file and its log stay as they are.
///
/// # Errors
/// What of the file is damaged, in DuckDB's words; or that something has it open.
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
        // Every column of every row goes into the hash.
        let sql = format!("SELECT count(*), bit_xor(hash(t)) FROM {name} AS t");
        let found = connection.query_row(&sql, [], |row| row.get::<_, u64>(0));
        rows += found.map_err(|error| StoreError::Database {
            context: "read a table",
            message: format!("{}: {error}", quoted(&table)),
        })?;
    }
    Ok(rows)
}
