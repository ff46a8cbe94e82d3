//! A cost that is the sum of others counts once: its parts count, and it counts what it has beyond them.
//!
//! The rule, which depends on the set of events alone and not on the order of their arrival:
//!
//! - A cost that names another in `partOf` is a part of every cost with that id in its project; the
//!   earliest of them is the *sum*. While none is known, the part is nobody's.
//! - What a cost *comes to* is its own amount, or what its parts come to together if that is more or if
//!   it has no amount.
//! - A sum counts its own amount less what its parts come to, never below 0. Every other cost counts its
//!   own amount. So a tree comes to what its root does, however much of it is known.
//! - The *height* of an id is the length of the longest chain of parts below it. A part of height
//!   [`HIGHEST`] takes nothing off its sum: so chains are bounded, and costs that are parts of each other
//!   count in full.
//!
//! Each kind of amount (money, tokens, ...) is summed by itself.
//!
//! A row keeps its height and what covers it, so a commit needs the sums above its events and no
//! others of their parts.

mod climb;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, ProjectKey, Scope, event::CostEvent};

use crate::{
    facts::{self, Fact},
    fold::Placement,
};

/// The amounts that parts have of a sum: measures of the costs family and columns of stored costs.
pub const KINDS: [&str; 9] = [
    "amount",
    "credits",
    "api_calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "units",
];

/// The height of parts that take nothing off their sum.
pub const HIGHEST: u8 = 32;

/// The amounts of one cost, by kind.
pub type Own = [Option<i64>; KINDS.len()];

/// Amounts of several costs, by kind.
pub type Sums = [i64; KINDS.len()];

/// Where a cost stands among the parts of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// The length of the longest chain of parts below it.
    pub height: u8,
    /// What its parts come to, if it is the sum of any.
    pub covered: Option<Sums>,
}

/// The amounts of a cost.
pub fn own(cost: &CostEvent) -> Own {
    [
        cost.dollar_amount.map(|amount| amount.0),
        cost.credits.map(|amount| amount.0),
        cost.api_calls,
        cost.input_tokens,
        cost.output_tokens,
        cost.cache_read_tokens,
        cost.cache_write_tokens,
        cost.reasoning_tokens,
        cost.units.map(|units| units.0),
    ]
}

/// What a cost counts beyond its parts.
pub fn counted(own: &Own, covered: Option<&Sums>) -> Sums {
    std::array::from_fn(|kind| match (own[kind], covered) {
        (own, None) => own.unwrap_or(0),
        (None, Some(_)) => 0,
        (Some(own), Some(covered)) => own.saturating_sub(covered[kind]).max(0),
    })
}

/// What a cost comes to together with its parts.
fn total(own: &Own, covered: Option<&Sums>) -> Sums {
    std::array::from_fn(|kind| match (own[kind], covered) {
        (own, None) => own.unwrap_or(0),
        (None, Some(covered)) => covered[kind],
        (Some(own), Some(covered)) => own.max(covered[kind]),
    })
}

/// An id of a cost, in its project.
pub type CostKey = (ProjectKey, String);

/// A cost that the store holds.
#[derive(Clone, Debug)]
pub struct StoredCost {
    /// Whose it is.
    pub scope: Scope,
    /// Where the store finds it again while the commit lasts.
    pub row: i64,
    /// The cost as its row tells it from this commit on.
    pub event: Event,
    /// The environment that the event itself named.
    pub told_environment: Option<String>,
    /// Where it stands so far.
    pub cover: Cover,
}

/// Questions to the store about costs committed before. Answers may hold more than was asked for.
pub trait CostHistory {
    /// Why it could not be asked.
    type Error;
    /// The costs with these ids.
    fn costs(&mut self, ids: &[CostKey]) -> Result<Vec<StoredCost>, Self::Error>;
    /// The costs that are parts of these.
    fn parts(&mut self, of: &[CostKey]) -> Result<Vec<StoredCost>, Self::Error>;
}

/// A stored cost that stands elsewhere now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverUpdate {
    /// Where the store finds it.
    pub row: i64,
    /// Where it stands from now on.
    pub cover: Cover,
}

/// A stored cost, what covered it, and what does now.
type Correction = (Scope, Arc<Event>, Option<Sums>, Option<Sums>);

/// What a commit changes in the trees of costs.
#[derive(Debug, Default)]
pub struct Covered {
    /// Where the batch's own costs stand, by position; those that are no sums are left out.
    pub rows: FxHashMap<usize, Cover>,
    /// Stored costs that stand elsewhere now.
    pub updates: Vec<CoverUpdate>,
    /// What stored costs count differently: the cost, what covered it, and what does now.
    corrections: Vec<Correction>,
}

impl Covered {
    /// The facts that correct those of [`facts::independent`] and of earlier commits.
    pub fn facts<'a>(&'a self, batch: &'a [(Scope, Event)], mut emit: impl FnMut(&Fact<'a>)) {
        for (&position, cover) in &self.rows {
            let (scope, event) = &batch[position];
            let fact = facts::cost_correction(*scope, event, None, cover.covered.as_ref());
            fact.iter().for_each(&mut emit);
        }
        for (scope, event, before, after) in &self.corrections {
            let fact = facts::cost_correction(*scope, event, before.as_ref(), after.as_ref());
            fact.iter().for_each(&mut emit);
        }
    }
}

/// Finds what the costs of a batch, whose duplicates have been dropped, change. `placements` say what its
/// events named themselves.
///
/// # Errors
/// When the history cannot be asked.
pub fn cover<H: CostHistory>(
    batch: &[(Scope, Event)],
    placements: &[Placement],
    history: &mut H,
) -> Result<Covered, H::Error> {
    let mut trees = climb::Trees::of(batch, placements, history)?;
    trees.climb(history)?;
    trees.raise();
    trees.settle();
    Ok(trees.finish())
}
