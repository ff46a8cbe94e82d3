//! The runs of an execution: which of its events belong to a run, and which of them counts.

use weir_model::{Event, Status, Timestamp};

/// What an event says about an execution's lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When the event happened.
    pub timestamp: Timestamp,
    /// Its state from then on.
    pub status: Status,
    /// How long it ran, in milliseconds, according to its end.
    pub duration: Option<i64>,
}

/// One run of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Positions of its marks, in their order.
    pub events: Vec<usize>,
    /// The position of the mark that counts it: its last end, or its newest mark while it is
    /// open.
    pub counts: usize,
    /// How long it took, in milliseconds: according to its end, or since its newest start.
    pub duration: Option<i64>,
}

/// The order of an execution's events: by time, then by id; of equal ids, the event that names its
/// environment is the last.
pub fn order(a: &Event, b: &Event) -> std::cmp::Ordering {
    let by_time = a.timestamp.cmp(&b.timestamp);
    by_time
        .then_with(|| a.id.cmp(&b.id))
        .then_with(|| a.environment.cmp(&b.environment))
}

/// Splits the marks of one execution, in the [`order`] of their events, into runs. Depends on nothing
/// else.
///
/// - A start or wait joins a run that has not ended. After an end, it opens the next run, unless it
///   lies within `skew` milliseconds after it and no other end follows: then the clocks differed, and it
///   belongs to the run that ended.
/// - An end ends the open run. After another end, it corrects that end if the run has a start, unless its
///   own duration implies a start after that end. Every other end is a separate run.
pub fn runs(marks: &[Mark], skew: i64) -> Vec<Run> {
    let end_follows = end_follows(marks);
    let mut runs: Vec<Growing> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let joins = runs.last().is_some_and(|run| match mark.is_end() {
            true => run.takes_end(marks, mark, skew),
            false => run.takes_start(marks, mark, skew, end_follows[at]),
        });
        if !joins {
            runs.push(Growing::default());
        }
        if let Some(run) = runs.last_mut() {
            run.add(at, mark);
        }
    }
    runs.into_iter().map(|run| run.finish(marks)).collect()
}

/// For each mark, whether an end follows.
fn end_follows(marks: &[Mark]) -> Vec<bool> {
    let last = marks.iter().rposition(Mark::is_end);
    (0..marks.len())
        .map(|at| last.is_some_and(|last| at < last))
        .collect()
}

#[derive(Default)]
struct Growing {
    events: Vec<usize>,
    has_start: bool,
    end: Option<usize>,
}

impl Growing {
    fn add(&mut self, at: usize, mark: &Mark) {
        self.events.push(at);
        if mark.is_end() {
            self.end = Some(at);
        } else {
            self.has_start = true;
        }
    }

    fn takes_start(&self, marks: &[Mark], mark: &Mark, skew: i64, end_follows: bool) -> bool {
        let Some(end) = self.end else { return true };
        let late = mark.timestamp.0 - marks[end].timestamp.0;
        late <= skew && !end_follows
    }

    fn takes_end(&self, marks: &[Mark], mark: &Mark, skew: i64) -> bool {
        let Some(end) = self.end else { return true };
        let began = mark.duration.map(|duration| mark.timestamp.0 - duration);
        self.has_start && began.is_none_or(|began| began <= marks[end].timestamp.0 + skew)
    }

    fn finish(self, marks: &[Mark]) -> Run {
        let newest = self.events.last().copied().unwrap_or_default();
        let duration = self.end.and_then(|end| {
            let run = self.events.iter().map(|&at| marks[at]);
            marks[end].duration.or_else(|| since_start(run, marks[end]))
        });
        Run {
            counts: self.end.unwrap_or(newest),
            events: self.events,
            duration,
        }
    }
}

/// The time from the newest start that is not after the end.
fn since_start(run: impl Iterator<Item = Mark>, end: Mark) -> Option<i64> {
    run.filter(|mark| mark.status == Status::Started)
        .map(|mark| mark.timestamp)
        .filter(|&start| start <= end.timestamp)
        .max()
        .map(|start| end.timestamp.0 - start.0)
}

impl Mark {
    /// What an execution's event says.
    pub fn of(event: &Event) -> Self {
        let execution = event.execution();
        Self {
            timestamp: event.timestamp,
            status: execution.map_or(Status::Started, |e| e.status),
            duration: execution
                .filter(|e| e.status.is_terminal())
                .and_then(|e| e.duration),
        }
    }

    /// Whether it ends the execution.
    pub fn is_end(&self) -> bool {
        self.status.is_terminal()
    }
}

/// The moment from which stored events can matter to a new one: earlier events of its execution
/// do not, unless their run is still open. `None` if all of the past can matter.
pub fn reach(event: &Event, skew: i64) -> Option<Timestamp> {
    let mark = Mark::of(event);
    match (mark.is_end(), mark.duration) {
        (true, Some(duration)) => Some(event.timestamp.plus(-duration - skew)),
        (true, None) => None,
        (false, _) => Some(event.timestamp.plus(-skew)),
    }
}

/// Whether the event ends its execution.
pub fn is_end(event: &Event) -> bool {
    Mark::of(event).is_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// `s` starts, `w` waits, `e` ends, at minutes; `e10-3` ends at 10 after 3 minutes.
    fn cut(text: &str) -> Vec<(Vec<usize>, usize, Option<i64>)> {
        let mark = |word: &str| {
            let (minutes, duration) = word[1..].split_once('-').unwrap_or((&word[1..], ""));
            let minutes: f64 = minutes.parse().expect("a number");
            let duration: Option<i64> = duration.parse().ok();
            Mark {
                timestamp: Timestamp((minutes * 60_000.0) as i64),
                status: match &word[..1] {
                    "s" => Status::Started,
                    "w" => Status::Waiting,
                    _ => Status::Completed,
                },
                duration: duration.map(|duration| duration * MINUTE),
            }
        };
        let marks: Vec<Mark> = text.split(' ').map(mark).collect();
        let runs = runs(&marks, 5_000).into_iter();
        runs.map(|run| (run.events, run.counts, run.duration.map(|d| d / MINUTE)))
            .collect()
    }

    #[test]
    fn a_run_is_counted_by_its_last_end_or_by_its_newest_event() {
        assert_eq!(cut("s0 w1 e5"), [(vec![0, 1, 2], 2, Some(5))]);
        assert_eq!(cut("s0 s2 e5"), [(vec![0, 1, 2], 2, Some(3))]);
        assert_eq!(cut("s0 w1"), [(vec![0, 1], 1, None)]);
        assert_eq!(cut("e5"), [(vec![0], 0, None)]);
        assert_eq!(cut("e5-2"), [(vec![0], 0, Some(2))]);
    }

    #[test]
    fn ends_without_a_start_are_separate_runs() {
        assert_eq!(
            cut("e1-1 e5-1"),
            [(vec![0], 0, Some(1)), (vec![1], 1, Some(1))]
        );
        assert_eq!(cut("e1 e5"), [(vec![0], 0, None), (vec![1], 1, None)]);
    }

    #[test]
    fn a_later_end_corrects_an_earlier_one_if_the_run_has_a_start() {
        assert_eq!(cut("s0 e1 e1500"), [(vec![0, 1, 2], 2, Some(1_500))]);
        assert_eq!(cut("s0 e1 e1500-1500"), [(vec![0, 1, 2], 2, Some(1_500))]);
        // An end whose start lies after the earlier end is another run.
        assert_eq!(
            cut("s0 e1 e10-3"),
            [(vec![0, 1], 1, Some(1)), (vec![2], 2, Some(3))]
        );
    }

    #[test]
    fn a_start_shortly_after_an_end_belongs_to_the_run_that_ended() {
        assert_eq!(cut("e1 s1.05"), [(vec![0, 1], 0, None)]);
        assert_eq!(cut("s0 e1 w1.05"), [(vec![0, 1, 2], 1, Some(1))]);
        // If another end follows, it began the next run.
        assert_eq!(
            cut("e1 s1.05 e3"),
            [(vec![0], 0, None), (vec![1, 2], 2, Some(1))]
        );
    }

    #[test]
    fn a_start_long_after_an_end_opens_the_next_run() {
        assert_eq!(
            cut("s0 e1 s2"),
            [(vec![0, 1], 1, Some(1)), (vec![2], 2, None)]
        );
        assert_eq!(
            cut("s0 e1 s2 e4"),
            [(vec![0, 1], 1, Some(1)), (vec![2, 3], 3, Some(2))]
        );
    }
}
