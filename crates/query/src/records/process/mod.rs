//! The process behind executions: which steps follow each other, which paths are taken, which rules are kept.
//!
//! The executions are those that the list of executions shows for the same range and filter, so every count
//! has the same number of rows there. Their steps form a **sequence**:
//!
//! - Steps that were skipped did not run, and copies belong to the original: neither is part of a sequence.
//! - If an execution has several runs, each is counted with its own steps: those from its start to the start of
//!   the next run; the first run also has earlier steps, the last also later ones.
//! - The attempts of a step are one **visit** of it, from the first start to the last end: an attempt continues
//!   the visit of the attempt before it if its number is higher. Retries are therefore no loop.
//! - Visits are ordered by start, then by end, then as their events were sent.
//! - A step that contains others (`parentStepId`) in a run of an execution is no part of its sequence: those
//!   inside are. What a step calls is an execution of its own with its own sequence.
//!
//! A visit **directly follows** the one before it in the sequence (van der Aalst, *Process Mining*, 2nd ed.,
//! 2016, section 6.2). Where lanes run in parallel, the one that starts later follows the one that started
//! earlier, although it did not wait for it. The time between them is then 0, and the pair counts as overlapping.
//!
//! All this is counted by the store. See [`map`] and the other files for what is counted.

pub mod conformance;
pub mod map;
mod parts;
pub mod reach;
pub mod route;
pub mod variants;

#[cfg(test)]
mod tests;

use weir_model::{Scope, TimeRange, Timestamp};

use super::counted::Conditions;
use crate::writer::Writer;

pub use map::{MapSize, ProcessMap, map, read_map};
pub use reach::{Reach, reach, read_reach};
pub use route::{Route, Way};

/// The executions whose steps are read.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The tenant and project whose rows may be read.
    pub scope: Scope,
    /// Which executions.
    pub filter: &'a dyn Conditions,
    /// The range in which they are counted.
    pub range: TimeRange,
    /// No step of theirs ended earlier ([`Reach::since`]).
    pub since: Timestamp,
    /// How far the clocks of one execution's producers may differ, in milliseconds.
    pub skew: i64,
}

/// Which executions are part of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// All of them.
    All,
    /// Those that have ended.
    Ended,
}

/// How an execution ended, as the store counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Completed = 0,
    Failed = 1,
    Canceled = 2,
    Open = 3,
}

impl Outcome {
    /// The number of an outcome, from the status of a counted execution.
    fn of_status() -> String {
        use Outcome::{Canceled, Completed, Failed, Open};
        format!(
            "CASE \"status\" WHEN 'completed' THEN {} WHEN 'failed' THEN {failed} WHEN 'crashed' THEN {failed} \
             WHEN 'canceled' THEN {} ELSE {} END",
            Completed as u8,
            Canceled as u8,
            Open as u8,
            failed = Failed as u8,
        )
    }
}

/// Appends `LIMIT ?`.
fn limit(writer: &mut Writer, most: usize) {
    writer.text(" LIMIT ");
    writer.integer(i64::try_from(most).unwrap_or(i64::MAX));
}
