//! What a log as a whole gives reason to say.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::Sink;

use super::pairs::TRANSITIONS;
use super::trace::LogEvent;

/// The most different words kept to be named.
const WORDS: usize = 12;

/// How the parts of a log are named when something is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// Attributes of XES.
    Xes,
    /// Columns of a table.
    Table,
}

/// How many there were, and the line of the first.
#[derive(Default)]
struct Count {
    n: u64,
    first: u64,
}

impl Count {
    fn add(&mut self, line: u64) {
        if self.n == 0 {
            self.first = line;
        }
        self.n += 1;
    }
}

/// Why a trace is no execution.
pub(super) enum Nothing {
    /// It has no events.
    Empty,
    /// No event of it has a readable time.
    Timeless,
    /// All its events were refused.
    Refused,
}

pub(super) struct Seen {
    ask: Ask,
    users: u64,
    /// Attributes that are texts: one of them may say who did it.
    texts: BTreeSet<String>,
    /// Transitions that are not of the standard model.
    strange: BTreeMap<String, u64>,
    odd_starts: Count,
    empty: Count,
    timeless: Count,
    refused: Count,
}

impl Seen {
    pub fn new(ask: Ask) -> Self {
        Self {
            ask,
            users: 0,
            texts: BTreeSet::new(),
            strange: BTreeMap::new(),
            odd_starts: Count::default(),
            empty: Count::default(),
            timeless: Count::default(),
            refused: Count::default(),
        }
    }

    pub fn event(&mut self, event: &LogEvent) {
        self.users += u64::from(event.user.is_some());
        if self.users == 0 && self.texts.len() < WORDS {
            self.texts
                .extend(event.attributes.text_keys().map(str::to_owned));
        }
        if event.odd_start {
            self.odd_starts.add(event.line);
        }
        let transition = event.transition.as_str();
        if TRANSITIONS.contains(&transition) {
            return;
        }
        if let Some(n) = self.strange.get_mut(transition) {
            *n += 1;
        } else if self.strange.len() < WORDS {
            self.strange.insert(transition.to_owned(), 1);
        }
    }

    pub fn nothing(&mut self, line: u64, why: &Nothing) {
        match why {
            Nothing::Empty => self.empty.add(line),
            Nothing::Timeless => self.timeless.add(line),
            Nothing::Refused => self.refused.add(line),
        }
    }

    pub fn tell(&self, sink: &mut dyn Sink) {
        let told = [
            (
                &self.empty,
                "traces without events, which are no executions",
            ),
            (
                &self.timeless,
                "traces none of whose events had a readable time, which are no executions",
            ),
            (
                &self.refused,
                "traces all of whose events were refused, which are no executions",
            ),
            (
                &self.odd_starts,
                "events with a start that cannot be (unreadable, or after their end), which count as instants",
            ),
        ];
        for (Count { n, first }, what) in told.iter().filter(|(count, _)| count.n > 0) {
            sink.note(format!("{what}: {n} (the first: line {first})"));
        }
        self.tell_transitions(sink);
        self.tell_users(sink);
    }

    fn tell_transitions(&self, sink: &mut dyn Sink) {
        let Some(first) = self.strange.keys().next() else {
            return;
        };
        let words: Vec<String> = self
            .strange
            .iter()
            .map(|(word, n)| format!("{word:?} ({n})"))
            .collect();
        sink.note(format!(
            "transitions that make no step: {}; say what they mean, as --lifecycle \"{first}=complete\"",
            words.join(", ")
        ));
    }

    fn tell_users(&self, sink: &mut dyn Sink) {
        if self.users > 0 || self.texts.is_empty() {
            return;
        }
        let names: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        let (none, flag) = match self.ask {
            Ask::Xes => (
                "no event has org:resource or resource",
                "--resource ATTRIBUTE",
            ),
            Ask::Table => ("no row has a resource", "--map resource=COLUMN"),
        };
        sink.note(format!(
            "{none}, so nobody is known to have done anything; if one of these says who, import with {flag} \
             into another project or --workflow: {}",
            names.join(", ")
        ));
    }
}
