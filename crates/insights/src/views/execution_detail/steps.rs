//! The step runs of an execution in their order.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Nested, Span, alone_at, containers, effort};
use weir_model::{Timestamp, event::StepStatus};
use weir_query::records::parts::StepRecord;

/// A step run with its time.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::views) struct TimedStep {
    /// When it ran.
    pub span: Span,
    /// The number of the run among those of its step, starting at 1.
    pub occurrence: usize,
    /// What is stored of it.
    pub record: StepRecord,
}

impl TimedStep {
    /// Whether it ran: a step that was skipped did not.
    fn ran(&self) -> bool {
        self.record.status != StepStatus::Skipped
    }

    /// Whether it completed without a single item.
    pub fn put_out_nothing(&self) -> bool {
        self.record.status == StepStatus::Completed && self.record.items_out == Some(0)
    }
}

/// The step runs of an execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::views) struct StepRuns {
    /// The runs, ordered by start, then end, then step.
    pub runs: Vec<TimedStep>,
    /// Whether there are more.
    pub truncated: bool,
    /// When they ran, in the same order.
    pub spans: Vec<Span>,
    /// The place of the run that contains each of them ([`weir_analysis::containers`]).
    pub containers: Vec<Option<usize>>,
    ran: Ran,
}

/// Those of the runs that were not skipped: only these can spend or call.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ran {
    /// Their places among all runs, in order.
    places: Vec<usize>,
    /// When each of them ran.
    spans: Vec<Span>,
    /// Which of them contains each, by its position here.
    containers: Vec<Option<usize>>,
}

impl Ran {
    fn of(runs: &[TimedStep]) -> Self {
        let places: Vec<usize> = (0..runs.len()).filter(|&place| runs[place].ran()).collect();
        let ran = || places.iter().map(|&place| &runs[place]);
        Self {
            spans: ran().map(|run| run.span).collect(),
            containers: contained(ran()),
            places,
        }
    }
}

/// How long the steps of an execution worked and waited. Together that is the time during which any of them ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepsTime {
    /// How long at least one step worked, in milliseconds.
    pub working: i64,
    /// How long steps ran and all of them waited for a person or for a time, in milliseconds.
    pub waiting: i64,
}

impl StepRuns {
    /// Puts step runs into order, at most this many of them.
    pub fn of(mut records: Vec<StepRecord>, most: usize) -> Self {
        let truncated = records.len() > most;
        records.truncate(most);
        let mut timed: Vec<(Span, StepRecord)> =
            records.into_iter().map(|one| (span(&one), one)).collect();
        timed.sort_by(|a, b| (a.0.start, a.0.end, &a.1.step).cmp(&(b.0.start, b.0.end, &b.1.step)));
        let mut seen: HashMap<String, usize> = HashMap::new();
        let number = |(span, record): (Span, StepRecord)| {
            let seen = seen.entry(record.step.clone()).or_default();
            *seen += 1;
            TimedStep {
                span,
                occurrence: *seen,
                record,
            }
        };
        let runs: Vec<TimedStep> = timed.into_iter().map(number).collect();
        Self {
            spans: runs.iter().map(|run| run.span).collect(),
            containers: contained(runs.iter()),
            ran: Ran::of(&runs),
            runs,
            truncated,
        }
    }

    /// How long they worked and waited ([`weir_analysis::effort`]).
    pub fn time(&self) -> StepsTime {
        let waits = self.runs.iter().map(|run| run.record.wait.unwrap_or(0));
        let found = effort(&self.spans, &self.containers, &waits.collect::<Vec<_>>());
        StepsTime {
            working: found.working,
            waiting: found.waiting,
        }
    }

    /// The run that contains the one at a place.
    pub fn container(&self, place: usize) -> Option<&TimedStep> {
        self.containers[place].map(|container| &self.runs[container])
    }

    /// The only run at a moment, besides those that contain it ([`weir_analysis::alone_at`]). Skipped ones did not
    /// run.
    pub fn alone_at(&self, moment: Timestamp, ending: bool) -> Option<&TimedStep> {
        let ran = &self.ran;
        let position = alone_at(&ran.spans, &ran.containers, moment.0, ending)?;
        self.runs.get(*ran.places.get(position)?)
    }

    /// The run of a step that was the last to begin before a moment, or its first run; a run of no length that is at
    /// the moment counts as begun. Skipped ones did not run.
    pub fn run_of(&self, step: &str, moment: Timestamp) -> Option<&TimedStep> {
        let all = || self.runs.iter().filter(|run| run.ran());
        let own = || all().filter(|run| run.record.step == step);
        let begun = |run: &&TimedStep| {
            let Span { start, end } = run.span;
            start < moment.0 || (start == moment.0 && start == end)
        };
        own().rfind(begun).or_else(|| own().next())
    }

    /// The ids of the steps.
    pub fn steps(&self) -> Vec<String> {
        let ids: BTreeSet<&String> = self.runs.iter().map(|run| &run.record.step).collect();
        ids.into_iter().cloned().collect()
    }
}

/// The place of the run that contains each of these ([`weir_analysis::containers`]).
fn contained<'a>(runs: impl Iterator<Item = &'a TimedStep>) -> Vec<Option<usize>> {
    let nested = runs.map(|run| Nested {
        span: run.span,
        step: &run.record.step,
        parent: run.record.parent.as_deref(),
    });
    containers(&nested.collect::<Vec<_>>())
}

/// When a step ran: as reported; otherwise it ended at its event and started its duration earlier.
fn span(record: &StepRecord) -> Span {
    let duration = record.duration.unwrap_or(0);
    let start = record.start_time.map(|start| start.0);
    let given = record.end_time.map(|end| end.0);
    let end = given
        .or_else(|| Some(start? + record.duration?))
        .unwrap_or(record.timestamp.0);
    let start = start.unwrap_or(end - duration);
    Span {
        start,
        end: end.max(start),
    }
}
