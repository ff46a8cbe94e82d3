//! Funnels: how far actors (executions, or the subjects enrolled in them) come on a list of steps.
//!
//! The rule, for one actor and its marks (events that are steps of the funnel, exclusions, or
//! neither) in order of time:
//!
//! - an **attempt** begins at every mark of the first step, and takes each next step at the first
//!   mark that comes after the step before it; one mark is one step, so a step that stands in the
//!   list twice has to happen twice;
//! - **sequential**: other marks may lie between two steps; **strict**: none may; **any order**: an
//!   attempt begins at a mark of any step, and the steps may come in any order;
//! - a **window** ends an attempt: every step lies at most so long after the attempt's first;
//! - an **exclusion** between two steps makes an attempt void if it happens after the first and
//!   before the second of them is reached;
//! - the actor has reached what its deepest attempt that is not void has reached, of equals the
//!   earliest; an actor whose every attempt is void is excluded and counts nowhere else.
//!
//! Marks of one millisecond are taken in the order of the list of steps, so that what happened at once counts. A
//! strict funnel asks what came directly after what: it takes them as they were sent ([`arrange`]). The three orders are those
//! that product analytics knows under these names (PostHog: sequential, strict order, any order;
//! ClickHouse's `windowFunnel` is the sequential one with `strict_order` as the strict one).

mod matching;
mod tally;
mod walk;

#[cfg(test)]
mod tests;

pub use tally::{FunnelTally, StepTally};
pub use walk::{Walk, walk};

/// The most steps of a funnel, and the most exclusions.
pub const MAX_STEPS: usize = 20;

/// In which order steps have to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// One after the other; anything may happen in between.
    #[default]
    Sequential,
    /// One directly after the other.
    Strict,
    /// In any order.
    Any,
}

/// What is walked through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Funnel {
    /// How many steps there are: 1 to [`MAX_STEPS`].
    pub steps: usize,
    /// In which order.
    pub order: Order,
    /// The longest time from the first to the last step, in milliseconds.
    pub window: Option<i64>,
    /// What must not happen, by number of the bit in [`Mark::exclusions`].
    pub exclusions: Vec<Exclusion>,
}

/// Between which steps something must not happen; steps are counted from 1. In a funnel of any
/// order they are numbers of steps done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exclusion {
    /// From when this many steps are reached.
    pub after: usize,
    /// Until this many steps are reached.
    pub before: usize,
}

/// Something that happened to an actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Which steps of the funnel it is: bit 0 is the first.
    pub steps: u32,
    /// Which exclusions it is: bit 0 is the first.
    pub exclusions: u32,
    /// In which commit it came, in which table it stands, and where there: rows of one commit and table are in
    /// the order in which they were sent.
    pub place: (i64, i64, i64),
}

/// Puts marks into the order in which [`walk`] takes them.
pub fn arrange(order: Order, marks: &mut Vec<Mark>) {
    match order {
        Order::Sequential | Order::Any => marks.sort_unstable_by_key(|mark| (mark.at, rank(mark))),
        Order::Strict => {
            marks.sort_unstable_by_key(|mark| (mark.at, mark.place));
            let together = marks.chunk_by(|a, b| (a.at, a.place.0) == (b.at, b.place.0));
            *marks = together.flat_map(as_sent).collect();
        }
    }
}

/// By the list of steps; what is no step comes last.
fn rank(mark: &Mark) -> (u32, bool, u32, u32) {
    let nothing_excluded = mark.exclusions == 0;
    let first = mark.steps.trailing_zeros();
    (first, nothing_excluded, mark.steps, mark.exclusions)
}

/// Marks of one instant and commit, sorted by table and row: those of a table stay as they were sent. Which of
/// two tables came first is not known; then the list of steps decides.
fn as_sent(marks: &[Mark]) -> Vec<Mark> {
    let mut tables: Vec<&[Mark]> = marks.chunk_by(|a, b| a.place.1 == b.place.1).collect();
    let mut sent = Vec::with_capacity(marks.len());
    while let Some(table) = tables
        .iter_mut()
        .filter(|table| !table.is_empty())
        .min_by_key(|table| rank(&table[0]))
    {
        sent.push(table[0]);
        *table = &table[1..];
    }
    sent
}
