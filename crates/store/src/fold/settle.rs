//! Whose event it is: the environment that an execution's event leaves out, and the execution that a
//! record beside executions names by its `executionId` alone.

use std::collections::BTreeSet;

use weir_model::{Event, ExecutionHash, ProjectKey, Timestamp, time::DAY};

use super::life::{self, Mark, Run};

/// How far an event may lie from an execution's event to be taken for its own, in milliseconds.
pub const WINDOW: i64 = 32 * DAY;

/// What the events of one `executionId` of one workflow come to.
#[derive(Debug)]
pub struct Settled {
    /// The environment of each event: its own, or that of the only execution it can belong to.
    pub environments: Vec<Option<String>>,
    /// The runs of all executions among them; positions are those of the events.
    pub runs: Vec<SettledRun>,
}

/// A run, and whether the execution goes on from it.
#[derive(Debug)]
pub struct SettledRun {
    /// The run.
    pub run: Run,
    /// Whether it is the newest run of its execution.
    pub newest: bool,
}

/// Settles the events of one `executionId` of one workflow, which are in their order.
pub fn settle(events: &[&Event], skew: i64) -> Settled {
    let environments: Vec<Option<String>> = events
        .iter()
        .map(|event| environment_of(event, events))
        .collect();
    let distinct: BTreeSet<&Option<String>> = environments.iter().collect();
    let mut runs = Vec::new();
    for environment in distinct {
        let of: Vec<usize> = (0..events.len())
            .filter(|&at| environments[at] == *environment)
            .collect();
        let marks: Vec<Mark> = of.iter().map(|&at| Mark::of(events[at])).collect();
        let found = life::runs(&marks, skew);
        let last = found.len().saturating_sub(1);
        runs.extend(found.into_iter().enumerate().map(|(number, run)| {
            let run = Run {
                events: run.events.iter().map(|&at| of[at]).collect(),
                counts: of[run.counts],
                duration: run.duration,
            };
            SettledRun {
                run,
                newest: number == last,
            }
        }));
    }
    Settled { environments, runs }
}

/// An event that names no environment is of the only one named by others near it.
fn environment_of(event: &Event, all: &[&Event]) -> Option<String> {
    if event.environment.is_some() {
        return event.environment.clone();
    }
    let mut near = all
        .iter()
        .filter(|other| is_near(other.timestamp, event.timestamp))
        .filter_map(|other| other.environment.as_deref());
    let first = near.next()?;
    near.all(|other| other == first).then(|| first.to_owned())
}

fn is_near(a: Timestamp, b: Timestamp) -> bool {
    a.0.abs_diff(b.0) <= WINDOW as u64
}

/// That an execution was seen at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Its identity in the store.
    pub hash: ExecutionHash,
    /// Its environment.
    pub environment: Option<String>,
    /// Its workflow.
    pub workflow: String,
    /// When one of its events happened.
    pub timestamp: Timestamp,
}

/// Where a record beside executions belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// Its execution; one that names none where that is not known.
    pub hash: ExecutionHash,
    /// Its environment.
    pub environment: Option<String>,
    /// Its workflow.
    pub workflow: Option<String>,
}

impl Belonging {
    /// Of a record whose execution is not known: what it says itself.
    pub fn unknown(project: ProjectKey, record: &Event) -> Self {
        Self {
            hash: ExecutionHash::of_name(project, record.execution_id().unwrap_or_default()),
            environment: record.environment.clone(),
            workflow: record.workflow_id.clone(),
        }
    }
}

/// Finds the execution of a record that names its `executionId`: the only one with that id which was
/// seen near it and is not of another workflow or environment than the record says. With several it is
/// unknown; `None` where none was seen. `sightings` are of that `executionId`.
pub fn belonging(project: ProjectKey, record: &Event, sightings: &[Sighting]) -> Option<Belonging> {
    let fits = |sighting: &&Sighting| {
        let environments = (&record.environment, &sighting.environment);
        let workflow = record.workflow_id.as_ref();
        is_near(sighting.timestamp, record.timestamp)
            && workflow.is_none_or(|workflow| *workflow == sighting.workflow)
            && !matches!(environments, (Some(a), Some(b)) if a != b)
    };
    let mut fitting = sightings.iter().filter(fits);
    let first = fitting.next()?;
    if fitting.any(|other| other.hash != first.hash) {
        return Some(Belonging::unknown(project, record));
    }
    let environment = record.environment.clone();
    Some(Belonging {
        hash: first.hash,
        environment: environment.or_else(|| first.environment.clone()),
        workflow: Some(first.workflow.clone()),
    })
}
