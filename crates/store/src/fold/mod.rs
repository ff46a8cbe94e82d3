//! One execution, one count: folds the events of executions into what the cubes count, and finds the
//! execution that a record belongs to.
//!
//! The rules depend only on the set of events, never on the order of their arrival:
//!
//! - which execution an event belongs to ([`settle`]), identified by id, workflow and environment;
//! - which run it belongs to, and which event counts that run ([`life`]);
//! - the combined values of the events of a run ([`merge`]);
//! - which steps of a retry belong to the original ([`copies`]).
//!
//! To keep the cubes additive, what an earlier commit counted and is no longer true is taken back by
//! facts of weight -1. Open executions are kept in memory ([`open`]), so the common cases (an execution
//! reported only by its end; an end after a start) need no lookup in the store.

mod copies;
mod executions;
mod folding;
mod group;
mod life;
mod links;
mod merge;
mod open;
mod records;
mod settle;

use std::sync::Arc;

use weir_model::{Event, Scope, Timestamp};

use copies::Copies;

use crate::{
    facts::{self, Counting, Fact},
    trees::{Cover, Sums},
};

pub use crate::placement::{Own, Placement};
pub use copies::{Life, StepsWanted, StoredLife, Whose, began};
pub use folding::place;
pub use life::{Mark, Run, order, runs};
pub use links::{parent, retried};
pub use merge::merged;
pub use open::{OPEN_BYTES, OpenExecutions, Tail};
pub use records::place_record;
pub use settle::{Belonging, Settled, SettledRun, Sighting, Sightings, WINDOW, belonging, settle};

/// The configurable part of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How far the clocks of one execution's producers may differ, in milliseconds: a start within this time
    /// after an end is not a new run.
    pub skew: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { skew: 5_000 }
    }
}

/// An execution's event as its producer sent it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The event, without values from other events.
    pub event: Arc<Event>,
    /// Its row in the store, if known.
    pub row: Option<i64>,
    /// Whether it is counted as stale.
    pub stale: bool,
}

/// The environments that executions of a workflow named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environments {
    /// Whether some named none.
    pub none: bool,
    /// Those named, in order.
    pub named: Vec<String>,
}

impl Environments {
    /// Adds the environment that an event named. Returns whether it is new.
    pub fn add(&mut self, environment: Option<&str>) -> bool {
        match environment {
            None => !std::mem::replace(&mut self.none, true),
            Some(name) => match self
                .named
                .binary_search_by(|known| known.as_str().cmp(name))
            {
                Ok(_) => false,
                Err(at) => {
                    self.named.insert(at, name.to_owned());
                    true
                }
            },
        }
    }

    /// Whether some executions name an environment and others none, so it may have to be inferred.
    pub fn are_mixed(&self) -> bool {
        self.none && !self.named.is_empty()
    }

    /// Whether all executions name exactly this one.
    pub fn are_all(&self, environment: Option<&str>) -> bool {
        match environment {
            None => self.none && self.named.is_empty(),
            Some(name) => !self.none && self.named.len() == 1 && self.named[0] == name,
        }
    }
}

/// The events of one `executionId` of one workflow that a commit needs from the store.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The tenant and project.
    pub scope: Scope,
    /// The workflow.
    pub workflow: String,
    /// The producer's `executionId`.
    pub execution_id: String,
    /// They matter only if one of them happened since this moment; then all of them do.
    pub from: Timestamp,
}

/// An execution's name within a time span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The tenant and project.
    pub scope: Scope,
    /// The producer's `executionId`.
    pub execution_id: String,
    /// The first moment of interest.
    pub from: Timestamp,
    /// The last moment of interest.
    pub to: Timestamp,
}

/// A sighting in the store: scope, `executionId`, and the row of the event.
pub type Sighted = (Scope, String, i64, Sighting);

/// A stored record (not an execution event) that may have to move to another execution.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    /// The tenant and project.
    pub scope: Scope,
    /// Its row.
    pub row: i64,
    /// The event as its producer sent it.
    pub event: Event,
    /// What it currently belongs to.
    pub belongs: Belonging,
    /// Whether it is a copy of another execution's step.
    pub copied: bool,
    /// The position of a cost in its tree.
    pub cover: Cover,
}

/// Access to events committed earlier. Results may contain more than was requested.
pub trait History {
    /// The error of a failed lookup.
    type Error;
    /// Whether an event of an `executionId` of a workflow ([`key`]) may be stored at `from` or later.
    /// "No" is certain.
    fn may_hold(&self, key: u64, from: Timestamp) -> bool;
    /// The environments that executions of the workflow named.
    fn environments(&self, scope: Scope, workflow: &str) -> Environments;
    /// Whether any execution of the project was ever reported as started or waiting.
    fn has_starts(&self, scope: Scope) -> bool;
    /// Whether a record may be stored that names this `executionId` and whose
    /// execution had to be searched for. "No" is certain.
    fn may_lack(&self, scope: Scope, execution_id: &str) -> bool;
    /// Events of executions.
    fn executions(&mut self, of: &[Wanted]) -> Result<Vec<(Scope, Told)>, Self::Error>;
    /// When executions of these names were seen.
    fn sightings(&mut self, of: &[Named]) -> Result<Vec<Sighted>, Self::Error>;
    /// Records that name these executions.
    fn records(&mut self, of: &[Named]) -> Result<Vec<StoredRecord>, Self::Error>;
    /// What all stored events say about an execution, if it is known to retry another.
    fn retry(&self, of: Whose) -> Option<Life>;
    /// Retries that started before this moment may be unknown to [`History::retry`].
    fn retries_known_since(&self) -> Timestamp;
    /// What each event of these executions says.
    fn lives(&mut self, of: &[Whose]) -> Result<Vec<StoredLife>, Self::Error>;
    /// Steps of executions.
    fn steps(&mut self, of: &[StepsWanted]) -> Result<Vec<StoredRecord>, Self::Error>;
}

/// The key of all executions of a workflow with one `executionId`, in any environment.
pub fn key(scope: Scope, workflow: &str, execution_id: &str) -> u64 {
    let seed =
        xxhash_rust::xxh3::xxh3_64_with_seed(workflow.as_bytes(), 11 + scope.project.0 as u64);
    xxhash_rust::xxh3::xxh3_64_with_seed(execution_id.as_bytes(), seed)
}

/// A change of a stored event's row.
#[derive(Clone, Debug)]
pub struct RowChange {
    /// The row.
    pub row: i64,
    /// The tenant and project.
    pub scope: Scope,
    /// Its new content.
    pub event: Event,
    /// Its new placement.
    pub placement: Placement,
}

/// An event that facts are about.
#[derive(Clone, Debug)]
enum About {
    Batch(usize),
    Other(Arc<Event>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// An execution's run is counted.
    Run {
        duration: Option<i64>,
        stale: bool,
        weight: i64,
    },
    /// The facts of a single event are counted; for a cost, only what exceeds its parts.
    Event {
        weight: i64,
        covered: Option<usize>,
        copied: bool,
    },
}

/// The changes of a commit to the cubes, to stored rows and to the open executions.
#[derive(Debug, Default)]
pub struct Folded {
    /// How each event of the batch is stored.
    pub placements: Vec<Placement>,
    /// Stored events that change.
    pub changes: Vec<RowChange>,
    /// The new state of open executions in memory.
    pub tails: Vec<(u64, Option<Tail>)>,
    /// Records of the batch whose execution had to be searched for, by `executionId`.
    pub lacking: Vec<(Scope, String)>,
    /// Environments that a workflow's executions named for the first time.
    pub environments: Vec<(Scope, String, Option<String>)>,
    /// Retries about which more is now known, and executions that are no longer retries.
    pub retries: Vec<(Whose, Life)>,
    effects: Vec<(Scope, About, Effect)>,
    /// Executions that lost stored events to others, and those that gained them.
    moved: Vec<Whose>,
    /// The totals of the parts of stored costs that move to other executions.
    covers: Vec<Sums>,
}

impl Folded {
    /// The facts for the cubes: those of the batch, and corrections of earlier ones.
    pub fn facts<'a>(&'a self, batch: &'a [(Scope, Event)], mut emit: impl FnMut(&Fact<'a>)) {
        for (position, (scope, event)) in batch.iter().enumerate() {
            let placement = self.placements.get(position);
            let own = placement.and_then(|p| p.own.as_deref());
            let counting = Counting {
                own_user: own.and_then(Own::user),
                copied: placement.is_some_and(|p| p.copied),
                ..Counting::default()
            };
            facts::independent(*scope, event, counting, |fact| emit(&fact));
        }
        for (scope, about, effect) in &self.effects {
            let event = match about {
                About::Batch(position) => &batch[*position].1,
                About::Other(event) => event,
            };
            match *effect {
                Effect::Run {
                    duration,
                    stale,
                    weight,
                } => facts::run(*scope, event, duration, stale, weight, |fact| emit(&fact)),
                Effect::Event {
                    weight,
                    covered,
                    copied,
                } => {
                    let counting = Counting {
                        covered: covered.and_then(|at| self.covers.get(at)),
                        copied,
                        weight,
                        ..Counting::default()
                    };
                    facts::independent(*scope, event, counting, |fact| emit(&fact));
                }
            }
        }
    }
}

/// Folds a batch without duplicates. Afterwards, its events contain the combined values of
/// their runs.
///
/// # Errors
/// Fails if the history cannot be read.
pub fn fold<H: History>(
    batch: &mut [(Scope, Event)],
    open: &OpenExecutions,
    history: &mut H,
    rules: Rules,
) -> Result<Folded, H::Error> {
    let mut folded = Folded {
        placements: vec![Placement::default(); batch.len()],
        ..Folded::default()
    };
    let mut workflows = executions::fold(batch, open, history, rules, &mut folded)?;
    let copies = Copies::of(batch, history, rules, &mut folded)?;
    let given = records::fold(batch, &mut workflows, history, &mut folded)?;
    copies.finish(batch, given, history, rules, &mut folded)?;
    Ok(folded)
}
