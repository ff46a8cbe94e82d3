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
pub(in crate::views) struct RunOf {
    /// Its number, starting at 1.
    pub number: u32,
    /// The number of runs.
    pub of: u32,
    /// Its events, oldest first.
    pub events: Vec<ExecutionRecord>,
    /// The time of its parts, such as steps and costs. Each run has what happened from its start to the start
    /// of the next run; the first also has what happened earlier.
    pub parts: TimeRange,
    /// The event that counts the run, which has the values of all its events. For an open run, the error
    /// columns are those of the event itself.
    pub whole: ExecutionRecord,
}

impl<'a> Runs<'a> {
    /// Splits an execution's events, oldest first, into its runs.
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

    /// Number of runs.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.runs.len()).unwrap_or(u32::MAX)
    }

    /// A run by its number, or the newest; `None` if there is no such run.
    pub(super) fn run(&self, number: Option<u32>) -> Option<RunOf> {
        let number = number.unwrap_or(self.count());
        let at = (number as usize).checked_sub(1)?;
        let run = self.runs.get(at)?;
        let event = |at: usize| self.events[at].clone();
        let from = at.checked_sub(1).and_then(|_| self.beginning(at));
        let to = self.beginning(at + 1);
        Some(RunOf {
            number,
            of: self.count(),
            events: run.events.iter().map(|&at| event(at)).collect(),
            parts: TimeRange {
                from: from.unwrap_or(Timestamp(i64::MIN)),
                to: to.unwrap_or(Timestamp(i64::MAX)),
            },
            whole: event(run.counts),
        })
    }

    /// When a run started: its first event minus the event's duration, but after the previous run.
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

/// The newest run of each execution by the event that counts it, oldest first. The events are those of one
/// execution after the other, each oldest first.
pub(super) fn newest_of_each(events: &[ExecutionRecord], rules: Rules) -> Vec<ExecutionRecord> {
    let each = events.chunk_by(|one, next| one.execution == next.execution);
    let newest = each.filter_map(|events| Runs::of(events, rules).run(None));
    let mut newest: Vec<ExecutionRecord> = newest.map(|run| run.whole).collect();
    newest.sort_by(|one, other| {
        let by = |of: &ExecutionRecord| (of.timestamp, of.id.clone(), of.execution);
        by(one).cmp(&by(other))
    });
    newest
}

impl RunOf {
    /// The time of the first `started` event.
    pub(in crate::views) fn first_start(&self) -> Option<Timestamp> {
        let starts = self.events.iter();
        starts
            .filter(|event| event.status == Status::Started)
            .map(|event| event.timestamp)
            .min()
    }
}
