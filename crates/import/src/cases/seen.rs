//! Notes about a log as a whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::Sink;

use super::pairs::TRANSITIONS;
use super::trace::LogEvent;

/// The most distinct words that a note lists.
const WORDS: usize = 12;

/// The format of a log, which decides how notes name its parts and flags.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// Attributes of XES.
    Xes,
    /// Columns of a table.
    Table,
}

/// How often something occurred, and the line where it first did.
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

/// Why a trace does not become an execution.
pub(super) enum Nothing {
    /// It has no events.
    Empty,
    /// None of its events has a readable time.
    Timeless,
    /// All its events were rejected.
    Refused,
}

pub(super) struct Seen {
    ask: Ask,
    users: u64,
    /// Attributes with text values: one of them may name the user.
    texts: BTreeSet<String>,
    /// Transitions outside the standard model, with their number.
    unknown: BTreeMap<String, u64>,
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
            unknown: BTreeMap::new(),
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
        if let Some(n) = self.unknown.get_mut(transition) {
            *n += 1;
        } else if self.unknown.len() < WORDS {
            self.unknown.insert(transition.to_owned(), 1);
        }
    }

    pub fn nothing(&mut self, line: u64, why: &Nothing) {
        match why {
            Nothing::Empty => self.empty.add(line),
            Nothing::Timeless => self.timeless.add(line),
            Nothing::Refused => self.refused.add(line),
        }
    }

    pub fn note_all(&self, sink: &mut dyn Sink) {
        let counts = [
            (&self.empty, "traces skipped because they have no events"),
            (
                &self.timeless,
                "traces skipped because no event has a readable time",
            ),
            (
                &self.refused,
                "traces skipped because all their events were rejected",
            ),
            (
                &self.odd_starts,
                "events whose start is ignored because it is unreadable or after their end",
            ),
        ];
        for (Count { n, first }, what) in counts.iter().filter(|(count, _)| count.n > 0) {
            sink.note(format!("{what}: {n} (first in line {first})"));
        }
        self.note_transitions(sink);
        self.note_users(sink);
    }

    fn note_transitions(&self, sink: &mut dyn Sink) {
        let Some(first) = self.unknown.keys().next() else {
            return;
        };
        let words: Vec<String> = self
            .unknown
            .iter()
            .map(|(word, n)| format!("{word:?} ({n})"))
            .collect();
        sink.note(format!(
            "transitions that create no step: {}; say what they mean, for example --lifecycle \"{first}=complete\"",
            words.join(", ")
        ));
    }

    fn note_users(&self, sink: &mut dyn Sink) {
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
            "{none}, so no event has a user; if one of these names the user, import with {flag} \
             into another project or --workflow: {}",
            names.join(", ")
        ));
    }
}
