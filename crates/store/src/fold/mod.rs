//! One execution, one count: folds the events of an execution into what the executions family
//! counts.
//!
//! The rule, which depends on the set of events alone and not on the order of their arrival:
//!
//! - every terminal event counts once, at its time, with its duration;
//! - a terminal event without a duration takes the time since the newest `started` event that is
//!   not after it;
//! - a started or waiting event is *superseded* by a terminal event of its execution at its time or
//!   later; of those that are not, the newest counts once: the execution is open.
//!
//! To keep the cubes additive, what an earlier commit counted and no longer holds is taken back by
//! a fact of weight -1. Open executions are kept in memory, so the common way (a terminal event
//! ends an open execution) needs no look-up in the store.

mod steps;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, ProjectKey, Scope, Timestamp};

use crate::facts::{self, Fact};

/// Which execution: its project and its id.
pub type ExecutionKey = (ProjectKey, String);

/// The events of open executions that no terminal event supersedes.
#[derive(Debug, Default)]
pub struct OpenExecutions {
    by_key: FxHashMap<ExecutionKey, Vec<Arc<Event>>>,
}

impl OpenExecutions {
    /// How many executions are open.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Takes in an event that the store holds and nothing supersedes; for recovery.
    pub fn restore(&mut self, scope: Scope, event: Event) {
        if let EventKind::Execution(e) = &event.kind {
            let key = (scope.project, e.execution_id.clone());
            self.by_key.entry(key).or_default().push(Arc::new(event));
        }
    }

    /// Applies what a commit changed, once it is durable.
    pub fn apply(&mut self, changes: Vec<(ExecutionKey, Vec<Arc<Event>>)>) {
        for (key, events) in changes {
            if events.is_empty() {
                self.by_key.remove(&key);
            } else {
                self.by_key.insert(key, events);
            }
        }
    }
}

/// A terminal event that the store holds.
#[derive(Clone, Debug)]
pub struct StoredTerminal {
    /// The event, with what the executions family needs of it.
    pub event: Event,
    /// Its duration, given or derived.
    pub duration: Option<i64>,
    /// Whether the duration was given by the producer.
    pub given: bool,
}

/// Questions to the store about events committed before. Answers may hold more than was asked for.
pub trait History {
    /// Why it could not be asked.
    type Error;
    /// The terminal events of these executions at the time given or later.
    fn terminals(
        &mut self,
        of: &[(Scope, String, Timestamp)],
    ) -> Result<Vec<(ExecutionKey, StoredTerminal)>, Self::Error>;
    /// The times of `started` events of these executions up to the time given.
    fn starts(
        &mut self,
        of: &[(Scope, String, Timestamp)],
    ) -> Result<Vec<(ExecutionKey, Timestamp)>, Self::Error>;
}

/// A duration that a late start gives to a terminal event stored before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationUpdate {
    /// Whose event.
    pub scope: Scope,
    /// The event's id.
    pub id: String,
    /// The event's time.
    pub timestamp: Timestamp,
    /// The duration from now on.
    pub duration: i64,
}

/// An event that a fact is about.
#[derive(Clone, Debug)]
enum About {
    Batch(usize),
    Kept(Arc<Event>),
}

#[derive(Clone, Copy, Debug)]
enum Effect {
    Count { duration: Option<i64>, weight: i64 },
    Correct { duration: i64, weight: i64 },
}

/// What a commit adds to the executions family and to the open executions.
#[derive(Debug, Default)]
pub struct Folded {
    effects: Vec<(Scope, About, Effect)>,
    /// Derived durations of the batch's own terminal events, by position.
    pub derived: FxHashMap<usize, i64>,
    /// Durations to change in rows stored before.
    pub updates: Vec<DurationUpdate>,
    /// The new state of open executions; an empty list closes one.
    pub changes: Vec<(ExecutionKey, Vec<Arc<Event>>)>,
}

impl Folded {
    /// The facts for the cubes.
    pub fn facts<'a>(&'a self, batch: &'a [(Scope, Event)], mut emit: impl FnMut(&Fact<'a>)) {
        for (scope, about, effect) in &self.effects {
            let event = match about {
                About::Batch(position) => &batch[*position].1,
                About::Kept(event) => event,
            };
            emit(&match *effect {
                Effect::Count { duration, weight } => {
                    facts::execution(*scope, event, duration, weight)
                }
                Effect::Correct { duration, weight } => {
                    facts::duration_correction(*scope, event, duration, weight)
                }
            });
        }
    }
}

/// Folds a batch whose duplicates have been dropped.
pub fn fold<H: History>(
    batch: &[(Scope, Event)],
    open: &OpenExecutions,
    history: &mut H,
) -> Result<Folded, H::Error> {
    let mut folded = Folded::default();
    let mut groups = steps::group(batch, open, &mut folded);
    steps::look_up(batch, open, &mut groups, history)?;
    for (key, group) in groups {
        let kept = open.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        steps::fold_terminals(batch, &group, kept, &mut folded);
        steps::correct_stored(batch, &group, &mut folded);
        steps::fold_open(batch, key, &group, kept, &mut folded);
    }
    Ok(folded)
}
