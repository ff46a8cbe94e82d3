//! The runs of one execution.

use weir_model::{Status, TimeRange, Timestamp};
use weir_query::records::executions::ExecutionRecord;
use weir_store::fold::{self, Mark, Rules};

/// The events of an execution by run.
pub(super) struct Runs<'a> {
    events: &'a [ExecutionRecord],
    runs: Vec<fold::Run>,
}

/// One run of an execution.
pub(super) struct RunOf<'a> {
    /// From 1 on.
    pub number: u32,
    /// Its events, oldest first.
    pub events: Vec<&'a ExecutionRecord>,
    /// The time in which its parts lie. Of all that belongs to an execution, each run has what happened from its
    /// beginning to the next one's, and the first what happened before, too.
    pub parts: TimeRange,
    counts: &'a ExecutionRecord,
}

impl<'a> Runs<'a> {
    /// Cuts an execution's events, oldest first, into its runs.
    pub(super) fn of(events: &'a [ExecutionRecord], rules: Rules) -> Self {
        let mark = |event: &ExecutionRecord| Mark {
            timestamp: event.timestamp,
            status: event.status,
            duration: event.duration.filter(|_| event.status.is_terminal()),
        };
        let marks: Vec<Mark> = events.iter().map(mark).collect();
        Self {
            events,
            runs: fold::runs(&marks, rules.skew),
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.runs.len()).unwrap_or(u32::MAX)
    }

    /// A run by its number, or the newest.
    pub(super) fn run(&self, number: Option<u32>) -> Option<RunOf<'a>> {
        let number = number.unwrap_or(self.count());
        let at = (number as usize).checked_sub(1)?;
        let run = self.runs.get(at)?;
        let event = |at: usize| &self.events[at];
        let from = at.checked_sub(1).and_then(|_| self.beginning(at));
        let to = self.beginning(at + 1);
        Some(RunOf {
            number,
            events: run.events.iter().map(|&at| event(at)).collect(),
            parts: TimeRange {
                from: from.unwrap_or(Timestamp(i64::MIN)),
                to: to.unwrap_or(Timestamp(i64::MAX)),
            },
            counts: event(run.counts),
        })
    }

    /// When a run began: at its first event, or the duration before it, but after the run before.
    fn beginning(&self, at: usize) -> Option<Timestamp> {
        let events = |at: usize| self.runs.get(at).map(|run| run.events.as_slice());
        let begun = |&at: &usize| {
            let event: &ExecutionRecord = &self.events[at];
            event.timestamp.plus(-event.duration.unwrap_or(0))
        };
        let begun = events(at)?.iter().map(begun).min()?;
        let before = at.checked_sub(1).and_then(events).unwrap_or_default();
        let before = before.iter().map(|&at| self.events[at].timestamp).max();
        Some(before.map_or(begun, |before| begun.max(before.plus(1))))
    }
}

impl RunOf<'_> {
    /// The event that counts the run, which tells what all of its events told; of an open run with its
    /// error's columns as they are.
    pub(super) fn whole(&self) -> ExecutionRecord {
        self.counts.clone()
    }

    /// When it was first said to have started.
    pub(super) fn first_start(&self) -> Option<Timestamp> {
        let starts = self.events.iter();
        starts
            .filter(|event| event.status == Status::Started)
            .map(|event| event.timestamp)
            .min()
    }
}
