//! The executions of a batch: which execution each event belongs to, and which events count.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, Scope, Timestamp};

use super::folding::Folding;
use super::group::{Group, hash, workflow};
use super::{
    About, Effect, Environments, Folded, History, OpenExecutions, Rules, Tail, Told, WINDOW,
    Wanted, key, life, order,
};

/// The environments of the workflows in a batch, including those that the batch adds.
#[derive(Default)]
pub(super) struct Workflows(FxHashMap<u64, Environments>);

impl Workflows {
    fn key(scope: Scope, workflow: &str) -> u64 {
        key(scope, workflow, "")
    }

    /// Whether some executions of a workflow in the batch name an environment and others none.
    fn are_mixed(&self, scope: Scope, workflow: &str) -> bool {
        let known = self.0.get(&Self::key(scope, workflow));
        known.is_some_and(Environments::are_mixed)
    }

    /// The environments that executions of a workflow named, including those in this batch.
    pub(super) fn of<H: History>(
        &mut self,
        history: &H,
        scope: Scope,
        workflow: &str,
    ) -> &Environments {
        let known = self.0.entry(Self::key(scope, workflow));
        known.or_insert_with(|| history.environments(scope, workflow))
    }
}

/// Places and counts the executions of the batch.
pub(super) fn fold<H: History>(
    batch: &mut [(Scope, Event)],
    open: &OpenExecutions,
    history: &mut H,
    rules: Rules,
    folded: &mut Folded,
) -> Result<Workflows, H::Error> {
    let groups = groups(batch);
    let workflows = workflows(batch, &groups, history, folded);
    let mut told = Vec::with_capacity(groups.len());
    let mut wanted = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        match source(batch, group, open, history, rules, &workflows) {
            Source::Known(events) => told.push(events),
            Source::Store(from) => {
                wanted.push((at, want(batch, group, from)));
                told.push(Vec::new());
            }
        }
    }
    load(&groups, wanted, history, &mut told)?;
    let mut without_rows = Vec::new();
    let mut replaced = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        if let ([position], []) = (group.positions.as_slice(), told[at].as_slice()) {
            alone(batch, group, *position, folded);
            continue;
        }
        let folding = Folding::of(batch, group, &told[at], rules);
        if folding.lacks_rows() {
            without_rows.push((at, want(batch, group, Timestamp(i64::MIN))));
        } else {
            folding.write(folded, &mut replaced);
        }
    }
    let again: Vec<usize> = without_rows.iter().map(|(at, _)| *at).collect();
    again.iter().for_each(|&at| told[at].clear());
    load(&groups, without_rows, history, &mut told)?;
    for at in again {
        Folding::of(batch, &groups[at], &told[at], rules).write(folded, &mut replaced);
    }
    for (position, event) in replaced {
        batch[position].1 = event;
    }
    Ok(workflows)
}

fn groups(batch: &[(Scope, Event)]) -> Vec<Group> {
    let mut numbers: FxHashMap<u64, usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    for (position, (scope, event)) in batch.iter().enumerate() {
        let Some(execution) = event.execution() else {
            continue;
        };
        let key = key(*scope, workflow(event), &execution.execution_id);
        let number = *numbers.entry(key).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.positions.push(position),
            None => groups.push(Group {
                scope: *scope,
                key,
                positions: vec![position],
            }),
        }
    }
    groups
}

/// The known environments of the workflows, after recording the new ones.
fn workflows<H: History>(
    batch: &[(Scope, Event)],
    groups: &[Group],
    history: &H,
    folded: &mut Folded,
) -> Workflows {
    let mut workflows = Workflows::default();
    for group in groups {
        for &position in &group.positions {
            let event = &batch[position].1;
            let known = workflows
                .0
                .entry(Workflows::key(group.scope, workflow(event)));
            let known = known.or_insert_with(|| history.environments(group.scope, workflow(event)));
            if known.add(event.environment.as_deref()) {
                let news = (
                    group.scope,
                    workflow(event).to_owned(),
                    event.environment.clone(),
                );
                folded.environments.push(news);
            }
        }
    }
    workflows
}

/// Where the earlier events of a group are.
enum Source {
    /// These are all of them.
    Known(Vec<Told>),
    /// In the store, if one of them happened since this moment.
    Store(Timestamp),
}

fn source<H: History>(
    batch: &[(Scope, Event)],
    group: &Group,
    open: &OpenExecutions,
    history: &H,
    rules: Rules,
    workflows: &Workflows,
) -> Source {
    let events = || group.positions.iter().map(|&at| &batch[at].1);
    let Some(first) = events().min_by(|a, b| order(a, b)) else {
        return Source::Known(Vec::new());
    };
    let mixed = workflows.are_mixed(group.scope, workflow(first));
    if let Some(tail) = open.get(group.key) {
        return match tail.suffices(first, events()) {
            Some(told) if !mixed => Source::Known(told.to_vec()),
            _ => Source::Store(Timestamp(i64::MIN)),
        };
    }
    let reach = events().map(|event| reach(event, history, group.scope, rules, mixed));
    let from = reach.min().unwrap_or(Timestamp(i64::MIN));
    match history.may_hold(group.key, from) {
        true => Source::Store(from),
        false => Source::Known(Vec::new()),
    }
}

/// The moment from which stored events matter to an event without an open run in memory.
fn reach<H: History>(
    event: &Event,
    history: &H,
    scope: Scope,
    rules: Rules,
    mixed: bool,
) -> Timestamp {
    // If nothing ever started, an end takes nothing from the past.
    let by_life = match history.has_starts(scope) {
        true => life::reach(event, rules.skew).unwrap_or(Timestamp(i64::MIN)),
        false => event.timestamp.plus(-rules.skew),
    };
    match mixed {
        true => by_life.min(event.timestamp.plus(-WINDOW)),
        false => by_life,
    }
}

fn want(batch: &[(Scope, Event)], group: &Group, from: Timestamp) -> Wanted {
    let event = &batch[group.positions[0]].1;
    Wanted {
        scope: group.scope,
        workflow: workflow(event).to_owned(),
        execution_id: event.execution_id().unwrap_or_default().to_owned(),
        from,
    }
}

/// Loads the wanted events of groups, given by their positions.
fn load<H: History>(
    groups: &[Group],
    wanted: Vec<(usize, Wanted)>,
    history: &mut H,
    told: &mut [Vec<Told>],
) -> Result<(), H::Error> {
    if wanted.is_empty() {
        return Ok(());
    }
    let numbers: FxHashMap<u64, usize> = wanted
        .iter()
        .map(|(at, _)| (groups[*at].key, *at))
        .collect();
    let wanted: Vec<Wanted> = wanted.into_iter().map(|(_, wanted)| wanted).collect();
    for (scope, event) in history.executions(&wanted)? {
        let execution_id = event.event.execution_id().unwrap_or_default();
        let key = key(scope, workflow(&event.event), execution_id);
        if let Some(&at) = numbers.get(&key) {
            told[at].push(event);
        }
    }
    Ok(())
}

/// Counts an execution with a single event.
fn alone(batch: &[(Scope, Event)], group: &Group, position: usize, folded: &mut Folded) {
    let event = &batch[position].1;
    let environment = event.environment.as_deref();
    folded.placements[position].execution = Some(hash(group.scope, event, environment));
    let effect = Effect::Run {
        duration: event
            .execution()
            .and_then(|e| e.duration)
            .filter(|_| life::is_end(event)),
        stale: false,
        weight: 1,
    };
    folded
        .effects
        .push((group.scope, About::Batch(position), effect));
    if !life::is_end(event) {
        let told = Told {
            event: Arc::new(event.clone()),
            row: None,
            stale: false,
        };
        let tail = Tail::Events(vec![told]);
        folded.tails.push((group.key, Some(tail)));
    }
}
