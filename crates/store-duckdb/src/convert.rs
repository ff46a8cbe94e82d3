//! Rewrites a closed store, encrypted or plain.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use duckdb::Connection;
use weir_store::{EventStore, StoreError};

use crate::{
    connect::{attach, hub},
    encryption::Encryption,
    error::Context,
    options::Options,
    schema,
    store::DuckDbStore,
};

const FROM: &str = "old";
const TO: &str = "new";

/// Rewrites the store at `options.path`, which must not be open elsewhere, with another encryption or
/// none, and replaces the old file in one step. Returns the number of rows. Until that step, the old
/// store does not change; a crash may leave a file with the suffix `.new`. Fails if a copy differs.
pub async fn convert(
    options: &Options,
    encryption: Option<&Encryption>,
) -> Result<u64, StoreError> {
    let path = options.path.as_deref().ok_or(StoreError::Closed)?;
    let new = beside(path, ".new");
    remove(&new)?;
    remove(&beside(&new, ".wal"))?;
    // Opening migrates its tables, and closing checkpoints its log into the file.
    DuckDbStore::open(options.clone())?.close().await?;
    make(&new, options, encryption)?;
    let rows = copy(path, &new, options, encryption)?;
    for leftover in [beside(path, ".wal"), beside(&new, ".wal")] {
        if leftover.metadata().is_ok_and(|log| log.len() > 0) {
            return Err(failed(format!("{} was not folded in", leftover.display())));
        }
    }
    put_in_place(&new, path).context("put the new file in place")?;
    Ok(rows)
}

/// A new file with empty tables.
fn make(new: &Path, options: &Options, encryption: Option<&Encryption>) -> Result<(), StoreError> {
    let options = Options {
        path: Some(new.to_owned()),
        encryption: encryption.cloned(),
        ..options.clone()
    };
    let mut connection = crate::connect::connect(&options)?;
    schema::migrate(&mut connection)?;
    connection
        .execute_batch("CHECKPOINT")
        .context("write the new file")?;
    connection
        .close()
        .map_err(|(_, error)| error)
        .context("close the new file")
}

fn copy(
    path: &Path,
    new: &Path,
    options: &Options,
    encryption: Option<&Encryption>,
) -> Result<u64, StoreError> {
    let old = options.encryption.as_ref();
    let connection = hub(options, path, old.or(encryption))?;
    attach(&connection, path, FROM, old)?;
    attach(&connection, new, TO, encryption)?;
    let mut rows = 0;
    for table in tables(&connection)? {
        let count = |place: &str| -> Result<u64, StoreError> {
            let sql = format!("SELECT count(*) FROM {place}.\"{table}\"");
            connection
                .query_row(&sql, [], |row| row.get(0))
                .context("count rows")
        };
        connection
            .execute_batch(&format!(
                "BEGIN; DELETE FROM {TO}.\"{table}\";
                 INSERT INTO {TO}.\"{table}\" BY NAME SELECT * FROM {FROM}.\"{table}\"; COMMIT;"
            ))
            .context("copy a table")?;
        let (before, after) = (count(FROM)?, count(TO)?);
        if before != after {
            return Err(failed(format!(
                "{table} has {before} rows, its copy {after}"
            )));
        }
        rows += after;
    }
    connection
        .execute_batch(&format!("CHECKPOINT {TO}; DETACH {TO}; DETACH {FROM};"))
        .context("write the new file")?;
    Ok(rows)
}

fn tables(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY table_name";
    let mut statement = connection.prepare(sql).context("list tables")?;
    let names = statement
        .query_map([FROM], |row| row.get(0))
        .context("list tables")?;
    names.collect::<Result<_, _>>().context("list tables")
}

fn put_in_place(new: &Path, path: &Path) -> io::Result<()> {
    fs::File::open(new)?.sync_all()?;
    fs::rename(new, path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).context("remove what an earlier attempt left")
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn failed(message: String) -> StoreError {
    StoreError::Database {
        context: "write the store anew",
        message,
    }
}
