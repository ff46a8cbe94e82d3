//! The step runs of an execution in their order.

use std::collections::{BTreeSet, HashMap};

use weir_analysis::{Span, alone_at};
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
            runs,
            truncated,
        }
    }

    /// The only run at a moment ([`weir_analysis::alone_at`]).
    pub fn alone_at(&self, moment: Timestamp, ending: bool) -> Option<&TimedStep> {
        alone_at(&self.spans, moment.0, ending).map(|place| &self.runs[place])
    }

    /// The ids of the steps.
    pub fn steps(&self) -> Vec<String> {
        let ids: BTreeSet<&String> = self.runs.iter().map(|run| &run.record.step).collect();
        ids.into_iter().cloned().collect()
    }
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
