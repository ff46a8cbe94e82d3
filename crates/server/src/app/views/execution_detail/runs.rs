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
    counts: &'a ExecutionRecord,
    /// The last event of the run before.
    before: Option<Timestamp>,
    /// The first event of the run after.
    after: Option<Timestamp>,
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
        let before = at.checked_sub(1).and_then(|at| self.runs[at].events.last());
        let after = self.runs.get(at + 1).and_then(|run| run.events.first());
        Some(RunOf {
            number,
            events: run.events.iter().map(|&at| event(at)).collect(),
            counts: event(run.counts),
            before: before.map(|&at| event(at).timestamp),
            after: after.map(|&at| event(at).timestamp),
        })
    }
}

impl RunOf<'_> {
    /// The event that counts the run, which tells what all of its events told; of an open run with its
    /// error's columns as they are.
    pub(super) fn whole(&self) -> ExecutionRecord {
        self.counts.clone()
    }

    /// When the run after this one began.
    pub(super) fn next_start(&self) -> Option<Timestamp> {
        self.after
    }

    /// When it was first said to have started.
    pub(super) fn first_start(&self) -> Option<Timestamp> {
        let starts = self.events.iter();
        starts
            .filter(|event| event.status == Status::Started)
            .map(|event| event.timestamp)
            .min()
    }

    /// The time in which the parts of the run lie: open to the future while it is not finished, and
    /// beside it only where there is no other run.
    pub(super) fn around(&self, beside: i64) -> TimeRange {
        let begun = |event: &&ExecutionRecord| event.timestamp.plus(-event.duration.unwrap_or(0));
        let from = self.events.iter().map(begun).min();
        let from = from.unwrap_or(Timestamp(0)).plus(-beside);
        let ends = self.events.iter().filter(|e| e.status.is_terminal());
        let to = ends.map(|event| event.timestamp.plus(beside)).max();
        let to = to.unwrap_or(Timestamp(i64::MAX));
        TimeRange {
            from: self.before.map_or(from, |before| from.max(before.plus(1))),
            to: self.after.map_or(to, |after| to.min(after)),
        }
    }
}
