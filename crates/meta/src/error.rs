//! What can go wrong with control data.

use sqlx::migrate::MigrateError;

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
