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

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, ProjectKey, Scope, Status, Timestamp};

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

/// The events of one execution that need to be looked at together.
#[derive(Debug)]
struct Group {
    scope: Scope,
    open: Vec<usize>,
    terminal: Vec<usize>,
    stored_terminals: Vec<StoredTerminal>,
    stored_starts: Vec<Timestamp>,
}

type Groups = FxHashMap<ExecutionKey, Group>;

/// Folds a batch whose duplicates have been dropped.
pub fn fold<H: History>(
    batch: &[(Scope, Event)],
    open: &OpenExecutions,
    history: &mut H,
) -> Result<Folded, H::Error> {
    let mut folded = Folded::default();
    let mut groups = group(batch, open, &mut folded);
    look_up(batch, open, &mut groups, history)?;
    for (key, group) in groups {
        let kept = open.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        fold_terminals(batch, &group, kept, &mut folded);
        correct_stored(batch, &key, &group, &mut folded);
        fold_open(batch, key, &group, kept, &mut folded);
    }
    Ok(folded)
}

/// Splits off the executions that depend on other events; the rest counts at once.
fn group(batch: &[(Scope, Event)], open: &OpenExecutions, folded: &mut Folded) -> Groups {
    let executions = || {
        batch
            .iter()
            .enumerate()
            .filter_map(|(position, (scope, event))| {
                let EventKind::Execution(e) = &event.kind else {
                    return None;
                };
                Some((position, *scope, e))
            })
    };
    let mut groups = Groups::default();
    for (_, scope, e) in executions() {
        let depends = !e.status.is_terminal() || e.duration.is_none() || !open.is_empty();
        if !depends {
            continue;
        }
        let key = (scope.project, e.execution_id.clone());
        if !e.status.is_terminal() || e.duration.is_none() || open.by_key.contains_key(&key) {
            groups.entry(key).or_insert_with(|| Group {
                scope,
                open: Vec::new(),
                terminal: Vec::new(),
                stored_terminals: Vec::new(),
                stored_starts: Vec::new(),
            });
        }
    }
    for (position, scope, e) in executions() {
        let found = (!groups.is_empty())
            .then(|| groups.get_mut(&(scope.project, e.execution_id.clone())))
            .flatten();
        match found {
            Some(group) if e.status.is_terminal() => group.terminal.push(position),
            Some(group) => group.open.push(position),
            None => {
                let duration = e.duration;
                let effect = Effect::Count {
                    duration,
                    weight: 1,
                };
                folded.effects.push((scope, About::Batch(position), effect));
            }
        }
    }
    groups
}

/// Asks the store what the batch and the open executions can not tell.
fn look_up<H: History>(
    batch: &[(Scope, Event)],
    open: &OpenExecutions,
    groups: &mut Groups,
    history: &mut H,
) -> Result<(), H::Error> {
    let mut terminals = Vec::new();
    let mut starts = Vec::new();
    for (key, group) in groups.iter() {
        let times = group
            .open
            .iter()
            .map(|&position| batch[position].1.timestamp);
        if let Some(earliest) = times.min() {
            terminals.push((group.scope, key.1.clone(), earliest));
        }
        let kept = open.by_key.get(key).map_or(&[][..], Vec::as_slice);
        let unknown = group.terminal.iter().filter(|&&position| {
            let event = &batch[position].1;
            given_duration(event).is_none()
                && newest_start(kept.iter().map(|e| &**e), event).is_none()
        });
        if let Some(latest) = unknown.map(|&position| batch[position].1.timestamp).max() {
            starts.push((group.scope, key.1.clone(), latest));
        }
    }
    if !terminals.is_empty() {
        for (key, terminal) in history.terminals(&terminals)? {
            if let Some(group) = groups.get_mut(&key) {
                group.stored_terminals.push(terminal);
            }
        }
    }
    if !starts.is_empty() {
        for (key, start) in history.starts(&starts)? {
            if let Some(group) = groups.get_mut(&key) {
                group.stored_starts.push(start);
            }
        }
    }
    Ok(())
}

/// Counts the batch's terminal events, with durations from their starts where they have none.
fn fold_terminals(
    batch: &[(Scope, Event)],
    group: &Group,
    kept: &[Arc<Event>],
    folded: &mut Folded,
) {
    for &position in &group.terminal {
        let event = &batch[position].1;
        let duration = given_duration(event).or_else(|| {
            let in_batch = group.open.iter().map(|&position| &batch[position].1);
            let known = newest_start(in_batch.chain(kept.iter().map(|e| &**e)), event);
            let stored = group.stored_starts.iter().copied();
            let start = stored
                .filter(|&start| start <= event.timestamp)
                .max()
                .max(known)?;
            let duration = event.timestamp.0 - start.0;
            folded.derived.insert(position, duration);
            Some(duration)
        });
        let effect = Effect::Count {
            duration,
            weight: 1,
        };
        folded
            .effects
            .push((group.scope, About::Batch(position), effect));
    }
}

/// Gives stored terminal events the duration that a start in this batch brings.
fn correct_stored(
    batch: &[(Scope, Event)],
    key: &ExecutionKey,
    group: &Group,
    folded: &mut Folded,
) {
    for stored in group.stored_terminals.iter().filter(|stored| !stored.given) {
        let in_batch = group.open.iter().map(|&position| &batch[position].1);
        let Some(start) = newest_start(in_batch, &stored.event) else {
            continue;
        };
        let duration = stored.event.timestamp.0 - start.0;
        if stored.duration.is_some_and(|before| before <= duration) {
            continue;
        }
        let event = Arc::new(stored.event.clone());
        let mut correct = |duration, weight| {
            let effect = Effect::Correct { duration, weight };
            folded
                .effects
                .push((group.scope, About::Kept(event.clone()), effect));
        };
        if let Some(before) = stored.duration {
            correct(before, -1);
        }
        correct(duration, 1);
        folded.updates.push(DurationUpdate {
            scope: group.scope,
            id: stored.event.id.clone(),
            timestamp: stored.event.timestamp,
            duration,
        });
        debug_assert_eq!(key.0, group.scope.project);
    }
}

/// Moves the execution's open count to its newest event that nothing supersedes.
fn fold_open(
    batch: &[(Scope, Event)],
    key: ExecutionKey,
    group: &Group,
    kept: &[Arc<Event>],
    folded: &mut Folded,
) {
    let in_batch = group
        .terminal
        .iter()
        .map(|&position| batch[position].1.timestamp);
    let stored = group
        .stored_terminals
        .iter()
        .map(|stored| stored.event.timestamp);
    let ended = in_batch.chain(stored).max();
    let is_open = |event: &Event| ended.is_none_or(|ended| event.timestamp > ended);
    let fresh = group.open.iter().map(|&position| &batch[position].1);
    let fresh = fresh
        .filter(|event| is_open(event))
        .map(|event| Arc::new(slim(event)));
    let mut now_open: Vec<Arc<Event>> = kept.iter().filter(|e| is_open(e)).cloned().collect();
    now_open.extend(fresh);
    let before = kept.iter().max_by(|a, b| precedence(a).cmp(&precedence(b)));
    let after = now_open
        .iter()
        .max_by(|a, b| precedence(a).cmp(&precedence(b)));
    if before.map(|e| precedence(e)) != after.map(|e| precedence(e)) {
        let mut count = |event: &Arc<Event>, weight| {
            let effect = Effect::Count {
                duration: None,
                weight,
            };
            folded
                .effects
                .push((group.scope, About::Kept(event.clone()), effect));
        };
        before.into_iter().for_each(|event| count(event, -1));
        after.into_iter().for_each(|event| count(event, 1));
    }
    if !(kept.is_empty() && now_open.is_empty()) {
        folded.changes.push((key, now_open));
    }
}

/// Which of two open events of an execution counts: the newer; at equal times the later state, then
/// the greater id.
fn precedence(event: &Event) -> (Timestamp, Option<Status>, &str) {
    (event.timestamp, status(event), &event.id)
}

fn status(event: &Event) -> Option<Status> {
    match &event.kind {
        EventKind::Execution(e) => Some(e.status),
        _ => None,
    }
}

fn given_duration(event: &Event) -> Option<i64> {
    match &event.kind {
        EventKind::Execution(e) => e.duration,
        _ => None,
    }
}

/// The newest start among `events` that is not after the terminal event.
fn newest_start<'a>(
    events: impl Iterator<Item = &'a Event>,
    terminal: &Event,
) -> Option<Timestamp> {
    events
        .filter(|event| status(event) == Some(Status::Started))
        .map(|event| event.timestamp)
        .filter(|&start| start <= terminal.timestamp)
        .max()
}

/// The event without what an open execution has no use for.
fn slim(event: &Event) -> Event {
    Event {
        metadata: None,
        ..event.clone()
    }
}
