//! The first connection to a database, plain or encrypted, and more connections to it.

use std::path::Path;

use duckdb::{Config, Connection};
use weir_store::StoreError;

use crate::{
    encryption::{CryptoModule, Encryption},
    error::Context,
    options::Options,
    schema,
};

/// The name of the attached database. An encrypted file can only be attached to an in-memory database.
const NAME: &str = "store";

/// Opens the database of the options.
pub(crate) fn connect(options: &Options) -> Result<Connection, StoreError> {
    let connection = match (&options.path, &options.encryption) {
        (Some(path), Some(encryption)) => {
            let connection = hub(options, path, Some(encryption))?;
            attach(&connection, path, NAME, Some(encryption))?;
            use_attached(&connection)?;
            connection
        }
        (Some(path), None) => Connection::open_with_flags(path, config(options)?)
            .map_err(|error| explained(&error))
            .context("open the event store")?,
        (None, _) => Connection::open_in_memory_with_flags(config(options)?)
            .context("open the event store")?,
    };
    // The store checkpoints explicitly, if the disk has room, and never after an error.
    connection
        .execute_batch("PRAGMA disable_checkpoint_on_shutdown")
        .context("configure DuckDB")?;
    Ok(connection)
}

/// Another connection to the same database.
pub(crate) fn another(
    connection: &Connection,
    options: &Options,
) -> Result<Connection, StoreError> {
    let clone = connection.try_clone().context("open another connection")?;
    if options.path.is_some() && options.encryption.is_some() {
        use_attached(&clone)?;
    }
    schema::use_functions(&clone)?;
    Ok(clone)
}

/// An in-memory database to which encrypted files can be attached. It spills next to `path`.
pub(crate) fn hub(
    options: &Options,
    path: &Path,
    encryption: Option<&Encryption>,
) -> Result<Connection, StoreError> {
    let spill = quoted(&format!("{}.tmp", path.display()));
    let connection =
        Connection::open_in_memory_with_flags(config(options)?).context("open the event store")?;
    let module = match encryption.map(|encryption| &encryption.module) {
        Some(CryptoModule::OpenSsl(file)) => format!("LOAD {};", quoted(&file.to_string_lossy())),
        Some(CryptoModule::BuiltIn) => "SET force_mbedtls_unsafe = true;".to_owned(),
        None => String::new(),
    };
    connection
        .execute_batch(&format!(
            "{module} SET temp_directory = {spill}; SET temp_file_encryption = {};",
            encryption.is_some()
        ))
        .context("prepare encryption")?;
    Ok(connection)
}

/// Attaches a file under a name.
pub(crate) fn attach(
    connection: &Connection,
    path: &Path,
    name: &str,
    encryption: Option<&Encryption>,
) -> Result<(), StoreError> {
    let option = encryption.map(Encryption::option).unwrap_or_default();
    let path = quoted(&path.to_string_lossy());
    let sql = zeroize::Zeroizing::new(format!("ATTACH {path} AS {name} {}", *option));
    connection
        .execute_batch(&sql)
        .map_err(|error| explained(&error))
        .context("open the event store")
}

fn use_attached(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(&format!("USE {NAME}"))
        .context("open the event store")
}

fn config(options: &Options) -> Result<Config, StoreError> {
    Config::default()
        .max_memory(&options.memory_limit)
        .and_then(|config| config.threads(options.threads as i64))
        .and_then(|config| config.enable_autoload_extension(false))
        // The store checkpoints the log explicitly, between commits.
        .and_then(|config| config.with("checkpoint_threshold", "1TB"))
        .and_then(|config| config.with("preserve_insertion_order", "true"))
        .context("configure DuckDB")
}

/// DuckDB's error about keys, in words that say what to do.
fn explained(error: &duckdb::Error) -> String {
    let text = error.to_string();
    if text.contains("Wrong encryption key") {
        "its key is not the one that it was encrypted with; it belongs to another meta.sqlite"
            .to_owned()
    } else if text.contains("encrypted") {
        format!("it is encrypted, or its key is not: {text}")
    } else {
        text
    }
}

/// A text as an SQL literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
