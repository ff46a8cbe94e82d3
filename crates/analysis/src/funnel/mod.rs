//! Funnels: how far actors (executions, or the subjects enrolled in them) get through a list of
//! steps.
//!
//! The rules for one actor and its marks (events that are steps of the funnel, exclusions, or
//! neither), in chronological order:
//!
//! - An **attempt** begins at every mark of the first step. It takes each further step at the first
//!   mark of that step after the previous step. One mark counts for one step, so a step that is
//!   listed twice must happen twice.
//! - **Sequential**: other marks can occur between two steps; **strict**: none can; **any order**:
//!   an attempt begins at a mark of any step, and the steps can occur in any order.
//! - A **window** limits an attempt: every step must occur within this time after the attempt's
//!   first.
//! - An **exclusion** between two steps voids an attempt if it happens after the first of the two
//!   is reached and before the second.
//! - The actor has reached what its deepest valid attempt has reached; of equally deep ones, the
//!   earliest counts. An actor whose attempts are all void is excluded and counts nowhere else.
//!
//! Marks with the same millisecond are taken in the order of the list of steps, so that events at
//! the same time count. A strict funnel depends on what directly follows what, so it takes them in
//! the order in which they were sent ([`arrange`]). The three orders are known by these names in
//! product analytics (PostHog: sequential, strict order, any order; ClickHouse's `windowFunnel` is
//! sequential by default and strict with `strict_order`).

mod matching;
mod tally;
mod walk;

#[cfg(test)]
mod tests;

pub use tally::{FunnelTally, StepTally};
pub use walk::{Walk, walk};

/// The most steps, and the most exclusions, of a funnel.
pub const MAX_STEPS: usize = 20;

/// The order in which steps must occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// One after the other; anything can happen in between.
    #[default]
    Sequential,
    /// One directly after the other.
    Strict,
    /// In any order.
    Any,
}

/// The definition of a funnel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Funnel {
    /// The number of steps: 1 to [`MAX_STEPS`].
    pub steps: usize,
    /// Their order.
    pub order: Order,
    /// The longest time from the first to the last step, in milliseconds.
    pub window: Option<i64>,
    /// What must not happen; the positions are the bits in [`Mark::exclusions`].
    pub exclusions: Vec<Exclusion>,
}

/// The steps between which something must not happen, counted from 1. In a funnel of any order, they are
/// numbers of steps completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exclusion {
    /// The range begins when this many steps are reached.
    pub after: usize,
    /// The range ends when this many steps are reached.
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
    /// Its commit, its table, and its row there: rows of the same commit and table are in the order
    /// in which they were sent.
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

/// Orders marks by the list of steps; marks that are not steps come last.
fn rank(mark: &Mark) -> (u32, bool, u32, u32) {
    let nothing_excluded = mark.exclusions == 0;
    let first = mark.steps.trailing_zeros();
    (first, nothing_excluded, mark.steps, mark.exclusions)
}

/// Arranges marks of the same time and commit, which are sorted by table and row. Marks of one
/// table keep the order in which they were sent. Across tables the order is unknown, and the list
/// of steps decides.
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
