//! Executions that have not ended, kept in memory so that the end of one needs no lookup in the store.

use rustc_hash::FxHashMap;
use weir_model::Event;

use super::{Told, order};

/// The default memory for events of open executions, in bytes.
pub const OPEN_BYTES: usize = 64 << 20;
/// The most executions that are kept only as "open", without events: about 100 MB.
const MOST_KNOWN: usize = 4 << 20;
/// The approximate size of an event without its metadata, in bytes: its struct and short texts.
const EVENT_BYTES: usize = 1_200;

/// What memory holds about an `executionId` of a workflow.
#[derive(Clone, Debug)]
pub enum Tail {
    /// The events of its open run: all that matters to events after the first of them.
    Events(Vec<Told>),
    /// Events that matter to subsequent ones are only in the store.
    Stored {
        /// Whether it is open.
        open: bool,
    },
}

/// The open executions, by the hash of project, workflow and `executionId`. As many as fit into memory
/// are kept with their events; the rest are looked up in the store when they continue.
#[derive(Debug)]
pub struct OpenExecutions {
    tails: FxHashMap<u64, Tail>,
    open: usize,
    bytes: usize,
    most_bytes: usize,
    /// Whether more executions are open than are known here.
    overflown: bool,
}

impl Default for OpenExecutions {
    fn default() -> Self {
        Self::new(OPEN_BYTES)
    }
}

impl OpenExecutions {
    /// Keeps events of at most this many bytes in memory.
    pub fn new(most_bytes: usize) -> Self {
        Self {
            tails: FxHashMap::default(),
            open: 0,
            bytes: 0,
            most_bytes,
            overflown: false,
        }
    }

    /// The number of open executions known here.
    pub fn len(&self) -> usize {
        self.open
    }

    /// Whether no open executions are known.
    pub fn is_empty(&self) -> bool {
        self.tails.is_empty() && !self.overflown
    }

    /// The memory used by events, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What is known about an execution.
    pub fn get(&self, key: u64) -> Option<&Tail> {
        const UNSURE: &Tail = &Tail::Stored { open: true };
        let unsure = self.overflown.then_some(UNSURE);
        self.tails.get(&key).or(unsure)
    }

    /// Applies the change of a durable commit; `None` means that the execution has ended.
    pub fn set(&mut self, key: u64, tail: Option<Tail>) {
        if let Some(before) = self.tails.remove(&key) {
            self.bytes -= before.bytes();
            self.open -= usize::from(before.is_open());
        }
        let Some(mut tail) = tail else { return };
        if self.tails.len() >= MOST_KNOWN {
            self.overflown = true;
            return;
        }
        if self.bytes + tail.bytes() > self.most_bytes {
            tail = Tail::Stored {
                open: tail.is_open(),
            };
        }
        self.bytes += tail.bytes();
        self.open += usize::from(tail.is_open());
        self.tails.insert(key, tail);
    }

    /// Drops all events, so that they are read from the store again. For use after stored events changed.
    pub fn let_go(&mut self) {
        for tail in self.tails.values_mut() {
            if let Tail::Events(_) = tail {
                *tail = Tail::Stored { open: true };
            }
        }
        self.bytes = 0;
    }

    /// Notes that an open execution is counted as stale.
    pub fn mark_stale(&mut self, key: u64) {
        if let Some(Tail::Events(events)) = self.tails.get_mut(&key)
            && let Some(newest) = events.last_mut()
        {
            newest.stale = true;
        }
    }

    /// Adds an open event from the store, for recovery. `alone` says that no earlier event of
    /// its execution matters to it.
    pub fn restore(&mut self, key: u64, told: Told, alone: bool) {
        let tail = match (self.tails.get(&key), alone) {
            (Some(Tail::Events(events)), true) if is_beside(events, &told) => {
                let events = events.iter().cloned().chain([told]);
                Tail::Events(events.collect())
            }
            (None, true) => Tail::Events(vec![told]),
            (known, _) => Tail::Stored {
                open: alone || known.is_some_and(Tail::is_open),
            },
        };
        self.set(key, Some(tail));
    }
}

/// Whether an event has the same environment as the kept ones.
fn is_beside(events: &[Told], told: &Told) -> bool {
    let known = events.first().map(|known| &known.event.environment);
    known == Some(&told.event.environment)
}

impl Tail {
    /// Its events, if they are all that matters to the given events, which start with `first`.
    pub(super) fn suffices<'e>(
        &self,
        first: &Event,
        mut events: impl Iterator<Item = &'e Event>,
    ) -> Option<&[Told]> {
        let Tail::Events(told) = self else {
            return None;
        };
        let environment = &told.first()?.event.environment;
        let all_later = told.iter().all(|told| order(&told.event, first).is_lt());
        let all_here = events.all(|event| event.environment == *environment);
        (all_later && all_here).then_some(told)
    }

    fn is_open(&self) -> bool {
        !matches!(self, Tail::Stored { open: false })
    }

    fn bytes(&self) -> usize {
        match self {
            Tail::Events(told) => told
                .iter()
                .map(|told| EVENT_BYTES + told.event.metadata.as_ref().map_or(0, String::len))
                .sum(),
            Tail::Stored { .. } => 0,
        }
    }
}
