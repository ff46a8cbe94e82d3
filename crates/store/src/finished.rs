//! Finished executions in the order in which they became durable, for subscribers.

use weir_model::{ProjectKey, Status, Timestamp};

/// A position between two finished executions in the order of commits. The order never changes, not even
/// across restarts, so a reader can continue from the last position that they saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Every commit up to this one was seen completely.
    pub sequence: u64,
    /// The number of finished executions of the next commit that were seen.
    pub within: u64,
}

impl Position {
    /// The position after everything in a commit.
    pub const fn after(sequence: u64) -> Self {
        Self {
            sequence,
            within: 0,
        }
    }
}

/// A finished execution, as reported by its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The position after it.
    pub position: Position,
    /// Its project.
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

/// A page of finished executions after a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinishedPage {
    /// The executions, in order.
    pub executions: Vec<Finished>,
    /// The position to continue from; the end if this is the last page.
    pub next: Position,
    /// Whether more are already available.
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
