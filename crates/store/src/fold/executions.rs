//! The executions of a batch: which execution each event belongs to, and which events count.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use weir_model::{Event, ExecutionHash, Identity, Scope, Timestamp};

use super::{
    About, Effect, Environments, Folded, History, OpenExecutions, Own, Placement, RowChange, Rules,
    Settled, Tail, Told, WINDOW, Wanted, key, life, merged, order, settle,
};

/// The events of the batch with one key.
struct Group {
    scope: Scope,
    key: u64,
    positions: Vec<usize>,
}

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

/// The workflow of an execution's event; the decoder rejects events without one.
fn workflow(event: &Event) -> &str {
    event.workflow_id.as_deref().unwrap_or_default()
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

/// An event of a group: an earlier one, or one of the batch.
#[derive(Clone, Copy)]
enum Member<'a> {
    Before(&'a Told),
    Batch(usize, &'a Event),
}

impl<'a> Member<'a> {
    fn event(self) -> &'a Event {
        match self {
            Member::Before(told) => &told.event,
            Member::Batch(_, event) => event,
        }
    }
}

/// The state of an event within its group.
#[derive(Clone, PartialEq)]
struct Standing {
    event: Event,
    placement: Placement,
    counts: bool,
    duration: Option<i64>,
}

/// A group with the result of folding the batch into it.
struct Folding<'a> {
    group: &'a Group,
    members: Vec<Member<'a>>,
    /// The previous standing of members that were stored before.
    before: Vec<Option<Standing>>,
    after: Vec<Standing>,
    settled: Settled,
}

impl<'a> Folding<'a> {
    fn of(batch: &'a [(Scope, Event)], group: &'a Group, told: &'a [Told], rules: Rules) -> Self {
        let fresh = group.positions.iter();
        let mut members: Vec<Member> = told.iter().map(Member::Before).collect();
        members.extend(fresh.map(|&at| Member::Batch(at, &batch[at].1)));
        members.sort_by(|a, b| order(a.event(), b.event()));
        let mut before: Vec<Option<Standing>> = vec![None; members.len()];
        if !told.is_empty() {
            let earlier: Vec<usize> = (0..members.len())
                .filter(|&at| matches!(members[at], Member::Before(_)))
                .collect();
            let events: Vec<&Event> = earlier.iter().map(|&at| members[at].event()).collect();
            let settled = settle(&events, rules.skew);
            for (at, standing) in earlier
                .iter()
                .zip(standings(group.scope, &events, &settled))
            {
                before[*at] = Some(standing);
            }
        }
        let events: Vec<&Event> = members.iter().map(|member| member.event()).collect();
        let settled = settle(&events, rules.skew);
        let after = standings(group.scope, &events, &settled);
        Self {
            group,
            members,
            before,
            after,
            settled,
        }
    }

    /// Whether stored rows change whose row numbers are unknown.
    fn lacks_rows(&self) -> bool {
        (0..self.members.len()).any(|at| match self.members[at] {
            Member::Before(told) => told.row.is_none() && self.row_changes(at),
            Member::Batch(..) => false,
        })
    }

    /// Whether the row of an earlier member has to change. The content of an open event that no
    /// longer counts does not matter.
    fn row_changes(&self, at: usize) -> bool {
        let (Some(before), after) = (&self.before[at], &self.after[at]) else {
            return false;
        };
        let moved = before.placement.execution != after.placement.execution;
        let matters = after.counts || life::is_end(&after.event);
        moved || matters && (before.event != after.event || before.placement != after.placement)
    }

    fn write(self, folded: &mut Folded, replaced: &mut Vec<(usize, Event)>) {
        for at in 0..self.members.len() {
            self.count(at, folded);
            match self.members[at] {
                Member::Batch(position, _) => {
                    folded.placements[position] = self.after[at].placement.clone();
                }
                Member::Before(told) => self.change(at, told, folded),
            }
        }
        folded.tails.push((self.group.key, self.tail()));
        for (member, standing) in self.members.into_iter().zip(self.after) {
            if let (Member::Batch(position, _), Some(_)) = (member, &standing.placement.own) {
                replaced.push((position, standing.event));
            }
        }
    }

    /// Counts a run at the member, or takes back what was counted.
    fn count(&self, at: usize, folded: &mut Folded) {
        let scope = self.group.scope;
        let stale = matches!(self.members[at], Member::Before(told) if told.stale);
        let counted = |standing: &Standing| standing.counts;
        let before = self.before[at]
            .as_ref()
            .filter(|standing| counted(standing));
        let after = Some(&self.after[at]).filter(|standing| counted(standing));
        let same = match (before, after) {
            (Some(a), Some(b)) => a.event == b.event && a.duration == b.duration,
            (a, b) => a.is_none() && b.is_none(),
        };
        if same {
            return;
        }
        let mut effect = |standing: &Standing, about, weight| {
            let effect = Effect::Run {
                duration: standing.duration,
                stale,
                weight,
            };
            folded.effects.push((scope, about, effect));
        };
        if let Some(before) = before {
            effect(before, About::Other(Arc::new(before.event.clone())), -1);
        }
        if let Some(after) = after {
            let about = match self.members[at] {
                Member::Batch(position, _) => About::Batch(position),
                Member::Before(_) => About::Other(Arc::new(after.event.clone())),
            };
            effect(after, about, 1);
        }
    }

    /// Changes the row of an earlier member.
    fn change(&self, at: usize, told: &Told, folded: &mut Folded) {
        let (Some(before), Some(row)) = (&self.before[at], told.row) else {
            return;
        };
        if !self.row_changes(at) {
            return;
        }
        let after = &self.after[at];
        if before.placement.execution != after.placement.execution {
            let both = [before.placement.execution, after.placement.execution];
            let both = both.into_iter().flatten();
            folded
                .moved
                .extend(both.map(|hash| (self.group.scope, hash)));
        }
        if before.event.environment != after.event.environment {
            for (environment, weight) in [(&before.event, -1), (&after.event, 1)]
                .map(|(event, weight)| (event.environment.clone(), weight))
            {
                let event = Event {
                    environment,
                    ..(*told.event).clone()
                };
                let about = About::Other(Arc::new(event));
                folded.effects.push((
                    self.group.scope,
                    about,
                    Effect::Event {
                        weight,
                        covered: None,
                        copied: false,
                    },
                ));
            }
        }
        folded.changes.push(RowChange {
            row,
            scope: self.group.scope,
            event: after.event.clone(),
            placement: after.placement.clone(),
        });
    }

    /// What matters to subsequent events.
    fn tail(&self) -> Option<Tail> {
        let ended = |at: usize| life::is_end(self.members[at].event());
        let mut open = self
            .settled
            .runs
            .iter()
            .filter(|run| run.newest && !ended(run.run.counts));
        let first = open.next();
        // A start after an end, within the clock skew, opens a run if another end follows.
        let unsure = self.settled.runs.iter().any(|run| {
            let events = &run.run.events;
            ended(run.run.counts) && events.last().is_some_and(|&last| !ended(last))
        });
        match first {
            None if !unsure => None,
            Some(run) if !unsure && open.next().is_none() => {
                Some(Tail::Events(self.told(&run.run.events)))
            }
            first => Some(Tail::Stored {
                open: first.is_some(),
            }),
        }
    }

    fn told(&self, members: &[usize]) -> Vec<Told> {
        let told = |&at: &usize| match self.members[at] {
            // Rows may be renumbered while an execution is open.
            Member::Before(told) => Told {
                row: None,
                ..told.clone()
            },
            Member::Batch(_, event) => Told {
                event: Arc::new(event.clone()),
                row: None,
                stale: false,
            },
        };
        members.iter().map(told).collect()
    }
}

/// The standing of each event among settled events.
fn standings(scope: Scope, events: &[&Event], settled: &Settled) -> Vec<Standing> {
    let mut standings: Vec<Standing> = events
        .iter()
        .zip(&settled.environments)
        .map(|(event, environment)| Standing {
            event: Event {
                environment: environment.clone(),
                ..(*event).clone()
            },
            placement: Placement {
                execution: Some(hash(scope, event, environment.as_deref())),
                ..Placement::default()
            },
            counts: false,
            duration: None,
        })
        .collect();
    for run in &settled.runs {
        let of: Vec<&Event> = run.run.events.iter().map(|&at| events[at]).collect();
        for &at in run.run.events.iter().filter(|&&at| at != run.run.counts) {
            standings[at].placement.superseded = life::is_end(events[at]);
        }
        let at = run.run.counts;
        let environment = settled.environments[at].as_deref();
        let standing = &mut standings[at];
        standing.counts = true;
        standing.duration = run.run.duration;
        let given = events[at].execution().and_then(|e| e.duration);
        standing.placement.derived = run.run.duration.filter(|_| given.is_none());
        standing.event = merged(events[at], &of, environment);
    }
    for (standing, event) in standings.iter_mut().zip(events) {
        standing.placement.own = Own::between(event, &standing.event).map(Box::new);
    }
    standings
}

fn hash(scope: Scope, event: &Event, environment: Option<&str>) -> ExecutionHash {
    Identity {
        project: scope.project,
        environment,
        workflow: workflow(event),
        execution_id: event.execution_id().unwrap_or_default(),
    }
    .hash()
}

/// The target rows of all events of one `executionId` of one workflow: the result of folding them in any
/// order. Events without a row are omitted.
pub fn place(scope: Scope, told: &[Told], rules: Rules) -> Vec<RowChange> {
    let mut told: Vec<&Told> = told.iter().collect();
    told.sort_by(|a, b| order(&a.event, &b.event));
    let events: Vec<&Event> = told.iter().map(|told| &*told.event).collect();
    let settled = settle(&events, rules.skew);
    let standings = standings(scope, &events, &settled);
    let change = |(told, standing): (&&Told, Standing)| {
        Some(RowChange {
            row: told.row?,
            scope,
            event: standing.event,
            placement: standing.placement,
        })
    };
    told.iter().zip(standings).filter_map(change).collect()
}
