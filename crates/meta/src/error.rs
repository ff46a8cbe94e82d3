//! Errors of the control data.

use sqlx::migrate::MigrateError;

use crate::Unopened;

/// A message names at most this many secrets, and counts the rest.
const NAMED: usize = 5;

/// Why the control data could not be read or written. The messages are for logs, not for API callers.
#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    /// A statement failed, or the database could not be reached.
    #[error("control data: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("control data: migration: {0}")]
    Migration(#[from] MigrateError),
    /// A stored value is not one that this program writes.
    #[error("control data: damaged {0}")]
    Damaged(&'static str),
    /// The database file is damaged; the message is SQLite's.
    #[error("control data: {0}")]
    DamagedFile(String),
    /// A secret was sealed with a master key that is not available.
    #[error(
        "a secret was sealed with the master key {0}, which was not given; see WEIR_MASTER_KEY"
    )]
    UnknownMasterKey(crate::KeyId),
    /// Sealed secrets that no available master key opens.
    #[error("the master key does not open {}", listed(.0))]
    Unopened(Vec<Unopened>),
    /// A newer version of Weir wrote the database.
    #[error(
        "a newer version of Weir wrote it (its tables have version {found}, this program knows up to {known}): start \
         that version, or restore an older backup"
    )]
    Newer {
        /// The version of its tables.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A password could not be hashed.
    #[error("password hashing: {0}")]
    Hashing(String),
    /// A given key has the wrong length, or characters that a header cannot contain.
    #[error("the given API key must be 8 to 200 visible ASCII characters without spaces")]
    UnusableKey,
}

impl MetaError {
    /// Whether the disk is full (`SQLITE_FULL`, or an error of the operating system while writing:
    /// `SQLITE_IOERR_WRITE` or `SQLITE_IOERR_SHMSIZE`).
    pub fn is_full(&self) -> bool {
        const FULL: [&str; 3] = ["13", "778", "4874"];
        let error = match self {
            Self::Database(error)
            | Self::Migration(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) => error,
            _ => return false,
        };
        let Some(error) = error.as_database_error() else {
            return false;
        };
        error.code().is_some_and(|code| FULL.contains(&&*code))
    }
}

/// A list of the first secrets and the number of the rest.
fn listed(secrets: &[Unopened]) -> String {
    let named = secrets.iter().take(NAMED).map(Unopened::to_string);
    let named = named.collect::<Vec<_>>().join(", ");
    match secrets.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
