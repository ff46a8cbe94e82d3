//! Finished executions in the order in which they became durable, for those who follow along.

use std::{fmt, str::FromStr};

use weir_model::{ProjectKey, Status, Timestamp};

/// A place between two finished executions in the order of commits. The order never changes, over
/// restarts either, so who names the last place that they saw can go on from there.
///
/// As text it is the commit that was seen whole, `123`, or that commit and how much was seen of the
/// next one, `123.17`.
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

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.within {
            0 => write!(f, "{}", self.sequence),
            within => write!(f, "{}.{within}", self.sequence),
        }
    }
}

impl FromStr for Position {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (sequence, within) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self {
            sequence: sequence.parse()?,
            within: within.parse()?,
        })
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
    fn a_position_survives_being_written() {
        for (text, position) in [
            ("0", Position::default()),
            ("123", Position::after(123)),
            (
                "123.17",
                Position {
                    sequence: 123,
                    within: 17,
                },
            ),
        ] {
            assert_eq!(position.to_string(), text);
            assert_eq!(text.parse(), Ok(position));
        }
        for bad in [
            "",
            "x",
            "1.",
            ".1",
            "-1",
            "1.2.3",
            "1 ",
            "99999999999999999999",
        ] {
            assert!(bad.parse::<Position>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn positions_are_ordered_as_they_are_seen() {
        let part = Position {
            sequence: 5,
            within: 2,
        };
        assert!(Position::after(5) < part && part < Position::after(6));
    }
}
