//! The definitions of `weir_query::records::process`, implemented as plainly as possible.

use std::collections::{BTreeMap, BTreeSet};

use weir_model::{Event, EventKind, Status, event::StepStatus};
use weir_query::records::process::map::{Edge, Node, Rework, Times};

use crate::fold::{Mark, Rules, Run, order, runs};

/// A run of an execution with the visits of its steps in order.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    pub name: String,
    /// 0: completed, 1: failed or crashed, 2: canceled, 3: open.
    pub outcome: usize,
    pub began: Option<i64>,
    pub ended: i64,
    pub visits: Vec<Visit>,
    /// The runs of all steps, also of those that contain others.
    pub ran: Vec<Visit>,
}

/// A visit of a step.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub step: String,
    pub began: i64,
    pub ended: i64,
    pub duration: Option<i64>,
    pub waited: i64,
    pub attempts: u64,
    pub failed: bool,
    attempt: i64,
}

impl Sequence {
    pub fn has_ended(&self) -> bool {
        self.outcome != 3
    }

    pub fn path(&self) -> Vec<String> {
        let steps = self.visits.iter().map(|visit| visit.step.clone());
        steps.collect()
    }

    pub fn places(&self, step: &str) -> Vec<usize> {
        let visits = self.visits.iter().enumerate();
        visits
            .filter(|(_, visit)| visit.step == step)
            .map(|(place, _)| place)
            .collect()
    }
}

/// The sequences of the runs of executions.
pub(super) fn sequences(history: &[Event]) -> Vec<Sequence> {
    let names: BTreeSet<&str> = history.iter().filter_map(Event::execution_id).collect();
    names
        .into_iter()
        .flat_map(|name| {
            let events = history.iter();
            let own: Vec<&Event> = events
                .filter(|event| event.execution_id() == Some(name))
                .collect();
            of_each_run(name, &own)
        })
        .collect()
}

/// The sequences of an execution's runs. Each has what happened from its start to the start of the next run; the
/// first also has what happened earlier.
fn of_each_run(name: &str, events: &[&Event]) -> Vec<Sequence> {
    let states = events.iter().filter(|event| event.execution().is_some());
    let mut states: Vec<&Event> = states.copied().collect();
    states.sort_by(|a, b| order(a, b));
    let marks: Vec<Mark> = states.iter().map(|event| Mark::of(event)).collect();
    let runs = runs(&marks, Rules::default().skew);
    let mut borders = vec![i64::MIN];
    for two in runs.windows(2) {
        let before = two[0].events.iter().map(|&at| marks[at].timestamp.0);
        let begun = two[1].events.iter().map(|&at| began(&marks[at]));
        let begun = begun.min().max(before.max().map(|last| last + 1));
        borders.push(begun.expect("a run has events"));
    }
    borders.push(i64::MAX);
    let times = borders.windows(2).map(|two| two[0]..two[1]);
    runs.iter()
        .zip(times)
        .map(|(run, time)| {
            let all = events.iter().copied();
            let own: Vec<&Event> = all
                .filter(|event| time.contains(&event.timestamp.0))
                .collect();
            sequence(name, run, &marks[run.counts], &own)
        })
        .collect()
}

/// When a run began, as far as one of its events says.
fn began(mark: &Mark) -> i64 {
    mark.timestamp.0 - mark.duration.unwrap_or(0)
}

fn sequence(name: &str, run: &Run, counted: &Mark, events: &[&Event]) -> Sequence {
    let ended = counted.timestamp.0;
    Sequence {
        name: name.to_owned(),
        outcome: match counted.status {
            Status::Completed => 0,
            Status::Failed | Status::Crashed => 1,
            Status::Canceled => 2,
            _ => 3,
        },
        began: run.duration.map(|duration| ended - duration),
        ended,
        visits: visits(events),
        ran: events.iter().filter_map(|event| visit(event)).collect(),
    }
}

fn visits(events: &[&Event]) -> Vec<Visit> {
    let containers: BTreeSet<&str> = events.iter().filter_map(|event| parent(event)).collect();
    let runs = events.iter().filter_map(|event| visit(event));
    let leaves = runs.filter(|run| !containers.contains(run.step.as_str()));
    let mut runs: Vec<(usize, Visit)> = leaves.enumerate().collect();
    runs.sort_by_key(|(sent, run)| (run.began, run.ended, *sent));
    let mut visits: Vec<(Visit, usize)> = Vec::new();
    for (sent, run) in runs {
        let earlier = visits.iter_mut();
        let last = earlier.filter(|(visit, _)| visit.step == run.step).last();
        match last.filter(|(visit, _)| run.attempt > visit.attempt) {
            Some((visit, first)) => {
                *first = sent.min(*first);
                visit.ended = visit.ended.max(run.ended);
                visit.failed = run.failed;
                visit.attempt = run.attempt;
                visit.attempts += 1;
                visit.waited += run.waited;
                let both = visit.duration.into_iter().chain(run.duration);
                visit.duration = both.reduce(|a, b| a + b);
            }
            None => visits.push((run, sent)),
        }
    }
    visits.sort_by_key(|(visit, sent)| (visit.began, visit.ended, *sent));
    visits.into_iter().map(|(visit, _)| visit).collect()
}

/// The type that [`super::histories`] gives a step.
pub(super) fn type_of(step: &str) -> &'static str {
    if ["a", "b"].contains(&step) {
        "kind"
    } else {
        "other"
    }
}

/// The step that contains this one, if this one ran.
fn parent(event: &Event) -> Option<&str> {
    let EventKind::Step(step) = &event.kind else {
        return None;
    };
    let parent = step.parent_step_id.as_deref();
    parent.filter(|_| step.status != StepStatus::Skipped)
}

fn visit(event: &Event) -> Option<Visit> {
    let EventKind::Step(step) = &event.kind else {
        return None;
    };
    let end = step.end_time.unwrap_or(event.timestamp).0;
    let began = match step.start_time {
        Some(start) => start.0,
        None => end - step.duration.unwrap_or(0),
    };
    let ended = match (step.end_time, step.start_time, step.duration) {
        (Some(end), _, _) => end.0,
        (None, Some(start), Some(duration)) => start.0 + duration,
        _ => event.timestamp.0,
    };
    (step.status != StepStatus::Skipped).then(|| Visit {
        step: step.step_id.clone(),
        began,
        ended: ended.max(began),
        duration: step.duration,
        waited: step.wait_duration.unwrap_or(0),
        attempts: 1,
        failed: step.status == StepStatus::Failed,
        attempt: step.attempt.unwrap_or(1),
    })
}

type Nodes = BTreeMap<String, Node>;
type Edges = BTreeMap<(Option<String>, Option<String>), Edge>;

/// The nodes by step and the edges by their two steps.
pub(super) fn graph(sequences: &[Sequence]) -> (Nodes, Edges) {
    let steps: BTreeSet<String> = sequences.iter().flat_map(Sequence::path).collect();
    let nodes = steps
        .iter()
        .map(|step| (step.clone(), node(step, sequences)));
    (nodes.collect(), edges(sequences))
}

fn node(step: &str, sequences: &[Sequence]) -> Node {
    let mut node = Node {
        step: step.to_owned(),
        step_type: Some(type_of(step).to_owned()),
        ..Node::default()
    };
    let mut durations = Vec::new();
    for sequence in sequences {
        let visits: Vec<&Visit> = sequence
            .visits
            .iter()
            .filter(|visit| visit.step == step)
            .collect();
        node.executions += u64::from(!visits.is_empty());
        node.runs += visits.len() as u64;
        node.attempts += visits.iter().map(|visit| visit.attempts).sum::<u64>();
        node.failed += visits.iter().filter(|visit| visit.failed).count() as u64;
        node.waited += visits.iter().map(|visit| visit.waited).sum::<i64>() as f64;
        durations.extend(visits.iter().filter_map(|visit| visit.duration));
        if let [_, repeated @ ..] = visits.as_slice()
            && !repeated.is_empty()
        {
            let time: i64 = repeated.iter().filter_map(|visit| visit.duration).sum();
            node.rework = Rework {
                executions: node.rework.executions + 1,
                runs: node.rework.runs + repeated.len() as u64,
                duration: node.rework.duration + time as f64,
                ..node.rework
            };
        }
        let last = sequence.visits.last();
        node.ends[sequence.outcome] += u64::from(last.is_some_and(|last| last.step == step));
    }
    node.durations = times(durations);
    node
}

fn edges(sequences: &[Sequence]) -> Edges {
    let mut edges = Edges::new();
    let mut waits: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for sequence in sequences {
        let mut passed = BTreeSet::new();
        for (from, to, wait, overlaps) in pairs(sequence) {
            let key = (from.clone(), to.clone());
            let edge = edges.entry(key.clone()).or_insert_with(|| Edge {
                from,
                to,
                ..Edge::default()
            });
            edge.runs += 1;
            edge.overlaps += u64::from(overlaps);
            edge.executions += u64::from(passed.insert(key.clone()));
            waits.entry(key).or_default().extend(wait);
        }
    }
    for (key, edge) in &mut edges {
        edge.waits = times(waits.remove(key).unwrap_or_default());
    }
    edges
}

/// An arrow of one execution: from, to, the wait in milliseconds, and a flag as `pairs` tells.
type Arrow = (Option<String>, Option<String>, Option<i64>, bool);

/// What directly follows what, with the time between and whether they overlap.
fn pairs(sequence: &Sequence) -> Vec<Arrow> {
    let visits = &sequence.visits;
    let name = |visit: &Visit| Some(visit.step.clone());
    let mut pairs: Vec<_> = visits
        .windows(2)
        .map(|two| {
            let time = two[1].began - two[0].ended;
            (name(&two[0]), name(&two[1]), Some(time.max(0)), time < 0)
        })
        .collect();
    if let (Some(first), Some(last)) = (visits.first(), visits.last()) {
        let wait = sequence.began.map(|began| (first.began - began).max(0));
        pairs.push((None, name(first), wait, false));
        if sequence.outcome == 0 {
            let wait = (sequence.ended - last.ended).max(0);
            pairs.push((name(last), None, Some(wait), false));
        }
    }
    pairs
}

fn times(mut values: Vec<i64>) -> Times {
    values.sort_unstable();
    let rank = |q: f64| {
        let place = (q * values.len() as f64).ceil() as usize;
        values.get(place.max(1) - 1).copied()
    };
    Times {
        p50: rank(0.5),
        p95: rank(0.95),
        sum: (!values.is_empty()).then(|| values.iter().sum::<i64>() as f64),
    }
}
