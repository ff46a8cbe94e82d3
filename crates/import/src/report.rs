//! The result of an import.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::time::Duration;

/// The most rejected records that are printed.
pub(crate) const SHOWN: usize = 20;

/// The outcome of an import; its `Display` is the summary that `weir import` prints.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// The files, and how far each was imported.
    pub files: Vec<FileProgress>,
    /// Numbers of records read, by kind: `traces`, `log events`, `rows`.
    pub records: BTreeMap<&'static str, u64>,
    /// Events read, by type.
    pub events: BTreeMap<String, u64>,
    /// Events that the server accepted.
    pub accepted: u64,
    /// Events that the server had stored before.
    pub duplicates: u64,
    /// Records that could not be read as events, and events that the server rejected.
    pub rejected: u64,
    /// The first of them.
    pub rejections: Vec<Rejection>,
    /// Local times that exist twice or not at all because of a clock change. The first of the two is used, or the time
    /// that is later by the length of the gap.
    pub guessed: u64,
    /// Fields that the server ignored although they look like money or tokens, with the number of events that have each.
    pub ignored_fields: BTreeMap<String, u64>,
    /// Other notes for the user.
    pub notes: Vec<String>,
    /// Whether nothing was sent.
    pub dry_run: bool,
    /// How long it took.
    pub elapsed: Duration,
    pub(crate) allow_rejected: bool,
}

/// How far a file was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileProgress {
    /// The file.
    pub path: PathBuf,
    /// Whether it was imported completely.
    pub finished: bool,
    /// The server has answered all events up to this line.
    pub acknowledged_to_line: u64,
}

/// A record that did not become an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file.
    pub path: PathBuf,
    /// Line of the decompressed text, from 1.
    pub line: u64,
    /// Why.
    pub detail: String,
}

impl ImportReport {
    /// Events read.
    pub fn total(&self) -> u64 {
        self.events.values().sum()
    }

    /// 1 if records were rejected and `--allow-rejected` was not given, else 0.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.rejected > 0 && !self.allow_rejected)
    }

    /// Adds a field that the server ignored, up to a limit of names.
    pub(crate) fn ignore(&mut self, field: String, events: u64) {
        if self.ignored_fields.len() < SHOWN || self.ignored_fields.contains_key(&field) {
            *self.ignored_fields.entry(field).or_default() += events;
        }
    }

    pub(crate) fn reject(&mut self, rejection: Rejection) {
        self.rejected += 1;
        if self.rejections.len() < SHOWN {
            self.rejections.push(rejection);
        }
    }
}

impl Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.detail)
    }
}

impl Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rejection in &self.rejections {
            writeln!(f, "{rejection}")?;
        }
        let unshown = self.rejected.saturating_sub(self.rejections.len() as u64);
        if unshown > 0 {
            writeln!(f, "... and {unshown} more rejected")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        if !self.ignored_fields.is_empty() {
            let fields = self.ignored_fields.iter();
            let fields = list(fields.map(|(field, events)| (field.as_str(), *events)));
            writeln!(
                f,
                "ignored   fields that look like money or tokens but do not belong to the event's type, with the number of events: {fields}"
            )?;
        }
        let records = list(self.records.iter().map(|(what, n)| (*what, *n)));
        let events = list(self.events.iter().map(|(kind, n)| (kind.as_str(), *n)));
        if !records.is_empty() {
            writeln!(f, "read      {records}")?;
        }
        writeln!(f, "events    {} ({events})", grouped(self.total()))?;
        if self.dry_run {
            writeln!(
                f,
                "sent      nothing (dry run); rejected {}",
                grouped(self.rejected)
            )?;
        } else {
            let (taken, known) = (grouped(self.accepted), grouped(self.duplicates));
            writeln!(
                f,
                "accepted  {taken}, already stored {known}, rejected {}",
                grouped(self.rejected)
            )?;
        }
        if self.guessed > 0 {
            writeln!(
                f,
                "guessed   {} local times at clock changes: of a time that exists twice the first is used, and a time that \
                 does not exist is moved later by the gap; times with an offset avoid this",
                grouped(self.guessed)
            )?;
        }
        let seconds = self.elapsed.as_secs_f64().max(0.001);
        writeln!(
            f,
            "took      {seconds:.1} s, {} events/s",
            grouped((self.total() as f64 / seconds) as u64)
        )?;
        for file in self
            .files
            .iter()
            .filter(|file| !file.finished && !self.dry_run)
        {
            let line = file.acknowledged_to_line;
            writeln!(
                f,
                "stopped   {} was imported up to line {}",
                file.path.display(),
                grouped(line)
            )?;
        }
        Ok(())
    }
}

fn list<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    counts
        .map(|(what, n)| format!("{} {what}", grouped(n)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A number with thousands separators: `262,200`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
