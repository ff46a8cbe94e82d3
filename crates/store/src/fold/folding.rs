//! One group of execution events: the result of folding a batch into it.

use std::sync::Arc;

use weir_model::{Event, Scope};

use super::group::{Group, hash};
use super::{
    About, Effect, Folded, Own, Placement, RowChange, Rules, Settled, Tail, Told, life, merged,
    order, settle,
};

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
pub(super) struct Folding<'a> {
    group: &'a Group,
    members: Vec<Member<'a>>,
    /// The previous standing of members that were stored before.
    before: Vec<Option<Standing>>,
    after: Vec<Standing>,
    settled: Settled,
}

impl<'a> Folding<'a> {
    /// Folds the events of a group in the batch, given their positions, into the earlier events of
    /// the group.
    pub(super) fn of(
        batch: &'a [(Scope, Event)],
        group: &'a Group,
        told: &'a [Told],
        rules: Rules,
    ) -> Self {
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
    pub(super) fn lacks_rows(&self) -> bool {
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

    /// Writes the effects, the row changes and the tail; an event of the batch whose content changes is
    /// added to `replaced` with its position.
    pub(super) fn write(self, folded: &mut Folded, replaced: &mut Vec<(usize, Event)>) {
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
