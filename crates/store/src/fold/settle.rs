//! Determines what an event belongs to: the environment that an execution event omits, and the execution
//! that a record names only by its `executionId`.

use std::collections::{BTreeMap, hash_map::Entry};

use rustc_hash::FxHashMap;
use weir_model::{Event, ExecutionHash, Identity, ProjectKey, Timestamp, time::DAY};

use super::life::{self, Mark, Run};

/// The maximum distance between an event and an execution's event to be attributed to it, in milliseconds.
pub const WINDOW: i64 = 32 * DAY;

/// The settled events of one `executionId` of one workflow.
#[derive(Debug)]
pub struct Settled {
    /// The environment of each event: its own, or that of the only execution that it can belong to.
    pub environments: Vec<Option<String>>,
    /// The runs of all their executions; positions refer to the events.
    pub runs: Vec<SettledRun>,
}

/// A run, and whether it is the latest of its execution.
#[derive(Debug)]
pub struct SettledRun {
    /// The run.
    pub run: Run,
    /// Whether it is the newest run of its execution.
    pub newest: bool,
}

/// Settles the events of one `executionId` of one workflow, given in their order.
pub fn settle(events: &[&Event], skew: i64) -> Settled {
    let environments = environments_of(events);
    let mut each: BTreeMap<&Option<String>, Vec<usize>> = BTreeMap::new();
    for (at, environment) in environments.iter().enumerate() {
        each.entry(environment).or_default().push(at);
    }
    let mut runs = Vec::new();
    for of in each.values() {
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

/// The environment of each event, in order of time: an event that names none gets the only
/// one that nearby events name. Takes linear time, however many events lie near each other.
fn environments_of(events: &[&Event]) -> Vec<Option<String>> {
    let told = events.iter().filter_map(|event| {
        let environment = event.environment.as_deref()?;
        Some((event.timestamp, environment))
    });
    let told: Vec<(Timestamp, &str)> = told.collect();
    let (mut entering, mut leaving) = (told.iter().peekable(), told.iter().peekable());
    let mut near: FxHashMap<&str, usize> = FxHashMap::default();
    let mut only = |at: Timestamp| {
        while let Some((_, environment)) = entering.next_if(|(told, _)| told.0 <= at.0 + WINDOW) {
            *near.entry(environment).or_default() += 1;
        }
        while let Some((_, environment)) = leaving.next_if(|(told, _)| told.0 < at.0 - WINDOW) {
            if let Entry::Occupied(mut count) = near.entry(environment) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
        let mut found = near.keys();
        match (found.next(), found.next()) {
            (Some(&one), None) => Some(one.to_owned()),
            _ => None,
        }
    };
    events
        .iter()
        .map(|event| match &event.environment {
            Some(environment) => Some(environment.clone()),
            None => only(event.timestamp),
        })
        .collect()
}

/// An event of an execution at a moment.
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

/// The executions with one `executionId`, and when each of them was seen.
#[derive(Clone, Debug, Default)]
pub struct Sightings(BTreeMap<ExecutionHash, Seen>);

#[derive(Clone, Debug)]
struct Seen {
    environment: Option<String>,
    workflow: String,
    /// Sorted.
    times: Vec<Timestamp>,
}

impl FromIterator<Sighting> for Sightings {
    fn from_iter<I: IntoIterator<Item = Sighting>>(all: I) -> Self {
        let mut sightings = Self::default();
        for sighting in all {
            let seen = sightings.0.entry(sighting.hash).or_insert_with(|| Seen {
                environment: sighting.environment,
                workflow: sighting.workflow,
                times: Vec::new(),
            });
            seen.times.push(sighting.timestamp);
        }
        for seen in sightings.0.values_mut() {
            seen.times.sort_unstable();
        }
        sightings
    }
}

impl Seen {
    /// Whether it can be the execution that the record names.
    fn fits(&self, record: &Event) -> bool {
        let environments = (&record.environment, &self.environment);
        let workflow = record.workflow_id.as_ref();
        workflow.is_none_or(|workflow| *workflow == self.workflow)
            && !matches!(environments, (Some(a), Some(b)) if a != b)
            && self.is_near(record.timestamp)
    }

    fn is_near(&self, moment: Timestamp) -> bool {
        let first = self
            .times
            .partition_point(|time| time.0 < moment.0 - WINDOW);
        let first = self.times.get(first);
        first.is_some_and(|time| time.0 <= moment.0 + WINDOW)
    }
}

/// What a record belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// Its execution; a hash that matches none if the record could belong to several.
    pub hash: ExecutionHash,
    /// Its environment.
    pub environment: Option<String>,
    /// Its workflow.
    pub workflow: Option<String>,
}

impl Belonging {
    /// For a record without a nearby sighting: the execution that the record itself names.
    fn as_told(project: ProjectKey, record: &Event) -> Self {
        Self {
            hash: named_by(project, record),
            ..Self::undecided(project, record)
        }
    }

    /// For a record that could belong to several executions: none of them.
    fn undecided(project: ProjectKey, record: &Event) -> Self {
        Self {
            hash: ExecutionHash::of_name(project, record.execution_id().unwrap_or_default()),
            environment: record.environment.clone(),
            workflow: record.workflow_id.clone(),
        }
    }
}

/// The execution that a record itself names. Without a workflow, the hash matches none.
pub(super) fn named_by(project: ProjectKey, record: &Event) -> ExecutionHash {
    let execution_id = record.execution_id().unwrap_or_default();
    match record.workflow_id.as_deref() {
        None => ExecutionHash::of_name(project, execution_id),
        Some(workflow) => Identity {
            project,
            environment: record.environment.as_deref(),
            workflow,
            execution_id,
        }
        .hash(),
    }
}

/// Finds the execution of a record by its `executionId`: the only one with that id that was seen near it
/// and has no other workflow or environment than the record. If there are several, it is unknown; if
/// none was seen, it is the one that the record names. `sightings` are those of the `executionId`.
///
/// The result depends only on the events, not on the order in which they arrive.
pub fn belonging(project: ProjectKey, record: &Event, sightings: &Sightings) -> Belonging {
    let mut fitting = sightings.0.iter().filter(|(_, seen)| seen.fits(record));
    let Some((&hash, seen)) = fitting.next() else {
        return Belonging::as_told(project, record);
    };
    if fitting.next().is_some() {
        return Belonging::undecided(project, record);
    }
    let environment = record.environment.clone();
    Belonging {
        hash,
        environment: environment.or_else(|| seen.environment.clone()),
        workflow: Some(seen.workflow.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        time::{Duration, Instant},
    };

    use serde_json::json;
    use weir_model::{
        event::{Decoder, Limits},
        redact::Redactor,
    };

    use super::*;

    const NOW: Timestamp = Timestamp(20_000 * DAY);

    fn told(all: &[(i64, Option<&str>)]) -> Vec<Event> {
        let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        let source: Arc<str> = Arc::from("http");
        let decode = |(number, (day, environment)): (usize, &(i64, Option<&str>))| {
            let sent = json!({"type": "execution", "workflowId": "w", "executionId": "e", "id": number.to_string(),
                "status": "started", "timestamp": NOW.0 - 1_000 * DAY + day * DAY, "environment": environment});
            decoder
                .decode(&sent.to_string().into_bytes(), &source, NOW)
                .unwrap()
        };
        all.iter().enumerate().map(decode).collect()
    }

    fn settled(events: &[Event]) -> Vec<Option<String>> {
        environments_of(&events.iter().collect::<Vec<_>>())
    }

    #[test]
    fn an_event_gets_the_only_environment_named_near_it() {
        let events = told(&[
            (0, None),
            (32, Some("a")),
            (33, None),
            (64, None),
            (65, None),
            (200, Some("a")),
            (201, None),
            (202, Some("b")),
            (233, None),
            (235, None),
        ]);
        let found = settled(&events);
        let found: Vec<_> = found.iter().map(Option::as_deref).collect();
        let (a, b) = (Some("a"), Some("b"));
        assert_eq!(found, [a, a, a, a, None, a, None, b, b, None]);
    }

    #[test]
    fn an_execution_with_very_many_events_is_settled_in_linear_time() {
        let many: Vec<_> = (0..100_000)
            .map(|n| (n / 10_000, (n % 3 == 0).then_some("a")))
            .collect();
        let events = told(&many);
        let begin = Instant::now();
        let found = settled(&events);
        assert!(begin.elapsed() < Duration::from_secs(5));
        assert!(
            found
                .iter()
                .all(|environment| environment.as_deref() == Some("a"))
        );
    }

    #[test]
    fn very_many_records_find_their_execution_among_very_many_events_in_linear_time() {
        let moments: Vec<_> = (0..100_000).map(|n| (n / 1_000, None)).collect();
        let events = told(&moments);
        let project = ProjectKey(1);
        let sighting = |hash: u64, event: &Event| Sighting {
            hash: ExecutionHash(hash),
            environment: None,
            workflow: "w".to_owned(),
            timestamp: event.timestamp,
        };
        let one: Sightings = events.iter().map(|event| sighting(7, event)).collect();
        let begin = Instant::now();
        for event in &events {
            assert_eq!(belonging(project, event, &one).hash, ExecutionHash(7));
        }
        assert!(begin.elapsed() < Duration::from_secs(5));
        // Another of that name that was seen in the first days alone makes it unknown until 32 days later.
        let other = events.iter().take(1_000).map(|event| sighting(8, event));
        let both = events.iter().map(|event| sighting(7, event)).chain(other);
        let both: Sightings = both.collect();
        let found = |at: usize| belonging(project, &events[at], &both).hash;
        assert_ne!(found(32_999), ExecutionHash(7));
        assert_eq!(found(33_000), ExecutionHash(7));
    }
}
