//! Nested costs count once: the parts count, and their sum counts only what exceeds them.
//!
//! The rules depend only on the set of events, not on the order of their arrival:
//!
//! - A cost that names another in `partOf` is a part of every cost with that id in its project; the
//!   earliest of them is the *sum*. While none is known, the part has no sum.
//! - The *total* of a cost is its own amount, or the total of its parts if that is larger or if
//!   the cost has no amount.
//! - A sum counts its own amount minus the total of its parts, never below 0. Every other cost counts its
//!   own amount. So a tree counts the total of its root, however much of it is known.
//! - The *height* of an id is the length of the longest chain of parts below it. A part of height
//!   [`HIGHEST`] is not deducted from its sum, so chains are bounded, and costs that are parts of each other
//!   count in full.
//!
//! Each kind of amount (money, tokens, ...) is summed separately.
//!
//! A row stores its height and the total of its parts, so a commit only needs the sums above its events, not
//! their other parts.

mod climb;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, ProjectKey, Scope};

pub use crate::amounts::{KINDS, Own, Sums, counted, own};
use crate::{
    amounts::total,
    facts::{self, Fact},
    placement::Placement,
};

/// The height from which parts are no longer deducted from their sum.
pub const HIGHEST: u8 = 32;

/// The position of a cost in its tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// The length of the longest chain of parts below it.
    pub height: u8,
    /// The total of its parts, if it has any.
    pub covered: Option<Sums>,
}

/// An id of a cost, in its project.
pub type CostKey = (ProjectKey, String);

/// A stored cost.
#[derive(Clone, Debug)]
pub struct StoredCost {
    /// The tenant and project.
    pub scope: Scope,
    /// Its row, valid during the commit.
    pub row: i64,
    /// The cost with the values that its row has from this commit on.
    pub event: Event,
    /// The environment that the event itself named.
    pub told_environment: Option<String>,
    /// Its position before the commit.
    pub cover: Cover,
}

/// Access to costs committed earlier. Results may contain more than was requested.
pub trait CostHistory {
    /// The error of a failed lookup.
    type Error;
    /// The costs with these ids.
    fn costs(&mut self, ids: &[CostKey]) -> Result<Vec<StoredCost>, Self::Error>;
    /// The costs that are parts of these.
    fn parts(&mut self, of: &[CostKey]) -> Result<Vec<StoredCost>, Self::Error>;
}

/// A stored cost whose position changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverUpdate {
    /// Its row.
    pub row: i64,
    /// Its new position.
    pub cover: Cover,
}

/// A stored cost with the totals of its parts before and now.
type Correction = (Scope, Arc<Event>, Option<Sums>, Option<Sums>);

/// The changes of a commit to the trees of costs.
#[derive(Debug, Default)]
pub struct Covered {
    /// The positions of the batch's costs in their trees, by position in the batch; only sums are listed.
    pub rows: FxHashMap<usize, Cover>,
    /// Stored costs whose position changed.
    pub updates: Vec<CoverUpdate>,
    /// Stored costs that count differently: the cost, and the totals of its parts before and now.
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

/// Determines the changes from the costs of a batch without duplicates. `placements` contain the values
/// that its events named themselves.
///
/// # Errors
/// Fails if the history cannot be read.
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
