//! Finished executions in the order in which they became durable, for those who follow along.

use weir_model::{ProjectKey, Status, Timestamp};

/// A place between two finished executions in the order of commits. The order never changes, over
/// restarts either, so who names the last place that they saw can go on from there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Every commit up to this one was seen whole.
    pub sequence: u64,
    /// So many finished executions of the next commit were seen.
    pub within: u64,
}

impl Position {
    /// After everything of a commit.
    pub const fn after(sequence: u64) -> Self {
        Self {
            sequence,
            within: 0,
        }
    }
}

/// An execution that ended, as its event told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The place after it.
    pub position: Position,
    /// Whose it is.
    pub project: ProjectKey,
    /// Its id.
    pub execution_id: String,
    /// Its workflow.
    pub workflow: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
    /// How it ended.
    pub status: Status,
    /// When it ended.
    pub timestamp: Timestamp,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
}

/// Some of what comes after a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinishedPage {
    /// The executions, in order.
    pub executions: Vec<Finished>,
    /// Where to go on; after everything there is, if this is all.
    pub next: Position,
    /// Whether there is more already.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_ordered_as_they_are_seen() {
        let part = Position {
            sequence: 5,
            within: 2,
        };
        assert!(Position::after(5) < part && part < Position::after(6));
    }
}
