//! The identity of a store. Control data records it, so that the two cannot be mixed up.

use duckdb::Connection;
use weir_model::EventType;
use weir_store::StoreError;

use crate::{error::Context, raw};

/// A store's identity, as it was when the store was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id, created with the store.
    pub id: String,
    /// Whether control data has recorded it.
    pub paired: bool,
    /// Its last commit.
    pub sequence: u64,
}

/// The expected identity of a store. Any other store is rejected before anything in it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Belongs {
    /// Any store.
    #[default]
    Anywhere,
    /// A store that belongs to no control data yet.
    Nowhere,
    /// The store with this id, with at least this commit.
    To {
        /// Its id.
        id: String,
        /// The last commit that it is known to have.
        sequence: u64,
    },
}

impl Belongs {
    /// Fails if the store is not the expected one. Changes nothing.
    pub(crate) fn check(&self, connection: &Connection) -> Result<(), StoreError> {
        let found = Identity::find(connection)?;
        let message = match (self, found) {
            (Self::Nowhere, Some(found)) if found.paired => format!(
                "it belongs to other control data, and {} commits are in it. Bring back the meta.sqlite \
                 that belongs to it, with meta.sqlite-wal if there is one",
                found.sequence
            ),
            (Self::To { id, .. }, Some(found)) if found.id != *id => {
                "it is not the event store that belongs to this meta.sqlite. Bring back the one that does, \
                 or the meta.sqlite that belongs to this one"
                    .to_owned()
            }
            (Self::To { sequence, .. }, found) if found.as_ref().map_or(0, |f| f.sequence) < *sequence => {
                format!(
                    "its last commit is {}, and commit {sequence} was acknowledged: its log \
                     (events.duckdb.wal) is missing, or it is an older copy. Bring both back as they were",
                    found.map_or(0, |found| found.sequence)
                )
            }
            _ => return Ok(()),
        };
        Err(StoreError::Database {
            context: "compare the event store with control data",
            message: format!(
                "{message}; nothing was changed. `weir store accept` goes on with what is there"
            ),
        })
    }
}

impl Identity {
    /// The identity of a store; `None` if it is empty or from an earlier version.
    fn find(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT count(*) FROM duckdb_tables()
                   WHERE database_name = current_database() AND table_name = 'store_identity'";
        let there: i64 = connection
            .query_row(sql, [], |row| row.get(0))
            .context("look for the store's identity")?;
        if there == 0 {
            return Ok(None);
        }
        let tables = EventType::ALL
            .iter()
            .map(|&event_type| raw::table(event_type));
        let tables = tables
            .chain(["changes"])
            .map(|table| format!("SELECT max(sequence) AS s FROM {table}"));
        let tables = tables.collect::<Vec<_>>().join(" UNION ALL ");
        let sequence: Option<i64> = connection
            .query_row(&format!("SELECT max(s) FROM ({tables})"), [], |row| {
                row.get(0)
            })
            .context("find the last commit")?;
        let sequence = sequence.unwrap_or(0).unsigned_abs();
        Self::load(connection, sequence).map(Some)
    }

    pub(crate) fn load(connection: &Connection, sequence: u64) -> Result<Self, StoreError> {
        connection
            .query_row("SELECT id, paired FROM store_identity", [], |row| {
                Ok(Self {
                    id: row.get(0)?,
                    paired: row.get(1)?,
                    sequence,
                })
            })
            .context("read which store this is")
    }
}

/// Records that control data knows the store.
pub(crate) fn set_paired(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("UPDATE store_identity SET paired = true")
        .context("record that control data knows the store")
}
