//! Merging rollup partials and dropping expired ones.

use weir_store::{EventStore, StoreError};

/// What a step of compaction came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compaction {
    /// There are so many rows fewer.
    Merged {
        /// How many.
        rows: u64,
    },
    /// Every key stands in one row, and none is expired.
    NothingToDo,
}

/// Merges the partials of equal keys and deletes expired ones.
pub async fn compact(store: &dyn EventStore) -> Result<Compaction, StoreError> {
    match store.compact().await? {
        0 => Ok(Compaction::NothingToDo),
        rows => Ok(Compaction::Merged { rows }),
    }
}
