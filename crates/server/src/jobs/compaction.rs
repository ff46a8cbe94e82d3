//! Merging rollup partials and dropping expired ones.

use weir_store::{EventStore, StoreError};

/// The outcome of a step of compaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compaction {
    /// Rows were merged or deleted.
    Merged {
        /// How many fewer rows there are.
        rows: u64,
    },
    /// Every key has a single row, and none has expired.
    NothingToDo,
}

/// Merges rows with equal keys and deletes expired ones. Fails if the store cannot be read or written.
pub async fn compact(store: &dyn EventStore) -> Result<Compaction, StoreError> {
    match store.compact().await? {
        0 => Ok(Compaction::NothingToDo),
        rows => Ok(Compaction::Merged { rows }),
    }
}
