//! The steps of a fold, in the order in which they run.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, Scope, Status, Timestamp};

use super::{
    About, DurationUpdate, Effect, ExecutionKey, Folded, History, OpenExecutions, StoredTerminal,
};

/// The events of one execution that need to be looked at together.
#[derive(Debug)]
pub(super) struct Group {
    scope: Scope,
    open: Vec<usize>,
    terminal: Vec<usize>,
    stored_terminals: Vec<StoredTerminal>,
    stored_starts: Vec<Timestamp>,
}

pub(super) type Groups = FxHashMap<ExecutionKey, Group>;

/// Splits off the executions that depend on other events; the rest counts at once.
pub(super) fn group(
    batch: &[(Scope, Event)],
    open: &OpenExecutions,
    folded: &mut Folded,
) -> Groups {
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
pub(super) fn look_up<H: History>(
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
pub(super) fn fold_terminals(
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
pub(super) fn correct_stored(batch: &[(Scope, Event)], group: &Group, folded: &mut Folded) {
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
    }
}

/// Moves the execution's open count to its newest event that nothing supersedes.
pub(super) fn fold_open(
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
