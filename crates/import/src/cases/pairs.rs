//! Steps from lifecycle transitions.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::time::millis_between;

use super::trace::LogEvent;

/// The transitions of the standard model (IEEE 1849, lifecycle extension).
pub(crate) const TRANSITIONS: [&str; 13] = [
    "schedule",
    "assign",
    "reassign",
    "start",
    "suspend",
    "resume",
    "complete",
    "ate_abort",
    "pi_abort",
    "autoskip",
    "manualskip",
    "withdraw",
    "unknown",
];

/// The way in which a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepEnd {
    Completed,
    Skipped,
    Aborted,
}

/// One step: the event that ended it, and the one that began it, if there is one.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub end: &'a LogEvent,
    pub start: Option<&'a LogEvent>,
    pub how: StepEnd,
    /// Milliseconds from SCHEDULE to START.
    pub wait_ms: Option<i64>,
    pub suspended_ms: i64,
}

impl Step<'_> {
    /// When it began: the start that its end gives, else the time of the event that began it; none for an instant.
    pub fn began(&self) -> Option<Timestamp> {
        self.end.began.or(self.start.map(|start| start.at))
    }

    /// Milliseconds from start to end without suspensions; none for an instant.
    pub fn duration(&self) -> Option<i64> {
        self.began()
            .map(|began| (millis_between(began, self.end.at) - self.suspended_ms).max(0))
    }
}

/// The steps of a trace, and the activities that began or were scheduled but did not end.
pub(crate) struct Paired<'a> {
    pub steps: Vec<Step<'a>>,
    pub unfinished: Vec<&'a str>,
}

struct Open<'a> {
    start: &'a LogEvent,
    wait_ms: Option<i64>,
    suspended_since: Option<Timestamp>,
    suspended_ms: i64,
}

/// The open steps of one activity (and instance).
#[derive(Default)]
struct Activity<'a> {
    open: Vec<Open<'a>>,
    scheduled: Vec<Timestamp>,
}

/// Pairs the events of a trace, which must be in order of time: an end closes the latest open start.
pub(crate) fn pair<'a>(events: &[&'a LogEvent]) -> Paired<'a> {
    let mut activities: HashMap<(&str, Option<&str>), Activity<'a>> = HashMap::new();
    let mut steps = Vec::new();
    for &event in events {
        let activity = activities
            .entry((&event.activity, event.instance.as_deref()))
            .or_default();
        if let Some(step) = activity.take(event) {
            steps.push(step);
        }
    }
    let mut unfinished: Vec<&str> = activities
        .iter()
        .filter(|(_, activity)| !activity.open.is_empty() || !activity.scheduled.is_empty())
        .map(|((name, _), _)| *name)
        .collect();
    unfinished.sort_unstable();
    unfinished.dedup();
    Paired { steps, unfinished }
}

impl<'a> Activity<'a> {
    fn take(&mut self, event: &'a LogEvent) -> Option<Step<'a>> {
        match event.transition.as_str() {
            "schedule" => self.scheduled.push(event.at),
            "start" => self.start(event),
            "suspend" => self.suspend(event.at),
            "resume" => self.resume(event.at),
            "complete" => return Some(self.end(event, StepEnd::Completed)),
            "ate_abort" | "pi_abort" => return Some(self.end(event, StepEnd::Aborted)),
            "autoskip" | "manualskip" | "withdraw" => {
                self.scheduled.pop();
                return Some(self.end(event, StepEnd::Skipped));
            }
            _ => {}
        }
        None
    }

    fn start(&mut self, event: &'a LogEvent) {
        let wait_ms = self
            .scheduled
            .pop()
            .map(|since| millis_between(since, event.at));
        self.open.push(Open {
            start: event,
            wait_ms,
            suspended_since: None,
            suspended_ms: 0,
        });
    }

    fn suspend(&mut self, at: Timestamp) {
        if let Some(open) = self
            .open
            .iter_mut()
            .rev()
            .find(|open| open.suspended_since.is_none())
        {
            open.suspended_since = Some(at);
        }
    }

    fn resume(&mut self, at: Timestamp) {
        if let Some(open) = self
            .open
            .iter_mut()
            .rev()
            .find(|open| open.suspended_since.is_some())
        {
            open.suspended_ms += open
                .suspended_since
                .take()
                .map_or(0, |since| millis_between(since, at));
        }
    }

    fn end(&mut self, event: &'a LogEvent, how: StepEnd) -> Step<'a> {
        let Some(open) = self.open.pop() else {
            return Step {
                end: event,
                start: None,
                how,
                wait_ms: None,
                suspended_ms: 0,
            };
        };
        let last = open
            .suspended_since
            .map_or(0, |since| millis_between(since, event.at));
        Step {
            end: event,
            start: Some(open.start),
            how,
            wait_ms: open.wait_ms,
            suspended_ms: open.suspended_ms + last,
        }
    }
}
