//! What can go wrong with control data.

use sqlx::migrate::MigrateError;

use crate::Unopened;

/// Secrets that are named one by one; of more, their number is told.
const NAMED: usize = 5;

/// Why control data could not be read or written. The texts are for logs, not for callers.
#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    /// The database refused.
    #[error("control data: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("control data: migration: {0}")]
    Migration(#[from] MigrateError),
    /// A stored value is not what this program writes.
    #[error("control data: damaged {0}")]
    Damaged(&'static str),
    /// The database file is not what it should be; in SQLite's words.
    #[error("control data: {0}")]
    DamagedFile(String),
    /// A secret was sealed with a master key that is not at hand.
    #[error(
        "a secret was sealed with the master key {0}, which was not given; see WEIR_MASTER_KEY"
    )]
    UnknownMasterKey(crate::KeyId),
    /// Sealed secrets that no master key at hand opens.
    #[error("the master key does not open {}", listed(.0))]
    Unopened(Vec<Unopened>),
    /// A newer version of Weir wrote the database.
    #[error(
        "a newer version of Weir wrote it (its tables have version {found}, this program knows {known}): start that \
         version, or bring back a backup from before it"
    )]
    Newer {
        /// The version of its tables.
        found: i64,
        /// The last one that this program knows.
        known: i64,
    },
    /// A password could not be hashed.
    #[error("password hashing: {0}")]
    Hashing(String),
    /// A given key is too weak or has characters that a header cannot carry.
    #[error("the given API key must be 8 to 200 visible ASCII characters without spaces")]
    UnusableKey,
}

impl MetaError {
    /// Whether there is no room left on the disk (`SQLITE_FULL`, or the system's own error while writing,
    /// `SQLITE_IOERR_WRITE` and `SQLITE_IOERR_SHMSIZE`).
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

/// Secrets in words: the first ones by their names.
fn listed(secrets: &[Unopened]) -> String {
    let named = secrets.iter().take(NAMED).map(Unopened::to_string);
    let named = named.collect::<Vec<_>>().join(", ");
    match secrets.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
