//! What an import did.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::time::Duration;

/// Refused records that are printed in full.
pub(crate) const SHOWN: usize = 20;

/// The outcome of an import; its `Display` is the summary that `weir import` prints.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Files read, with how far: the last line whose events are all acknowledged.
    pub files: Vec<FileProgress>,
    /// Records of the sources by what they are: `traces`, `log events`, `rows`.
    pub records: BTreeMap<&'static str, u64>,
    /// Events read, by type.
    pub events: BTreeMap<String, u64>,
    /// Events the server took.
    pub accepted: u64,
    /// Events the server had already.
    pub duplicates: u64,
    /// Records that could not be read as events, and events that the server refused.
    pub rejected: u64,
    /// The first of them.
    pub rejections: Vec<Rejection>,
    /// Local times that exist twice or not at all, because the clocks were changed: taken as the first of the two, or
    /// as so much later.
    pub guessed: u64,
    /// How many events have a field that the server ignored although it looks like money or tokens, by its name.
    pub ignored_fields: BTreeMap<String, u64>,
    /// What else the person should know.
    pub notes: Vec<String>,
    /// Nothing was sent.
    pub dry_run: bool,
    /// Time taken.
    pub elapsed: Duration,
    pub(crate) allow_rejected: bool,
}

/// How far a file was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileProgress {
    /// The file.
    pub path: PathBuf,
    /// It was read to its end.
    pub finished: bool,
    /// Every event read up to this line has been answered by the server.
    pub acknowledged_to_line: u64,
}

/// A record that did not become an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file.
    pub path: PathBuf,
    /// Line (1-based) of the decompressed text.
    pub line: u64,
    /// Why.
    pub detail: String,
}

impl ImportReport {
    /// Events read.
    pub fn total(&self) -> u64 {
        self.events.values().sum()
    }

    /// 0, or 1 when records were refused and `--allow-rejected` was not given.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.rejected > 0 && !self.allow_rejected)
    }

    /// Takes in a field that the server ignored. So many names are told as a batch's answer tells.
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
            writeln!(f, "... and {unshown} more refused")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        if !self.ignored_fields.is_empty() {
            let fields = self.ignored_fields.iter();
            let fields = list(fields.map(|(field, events)| (field.as_str(), *events)));
            writeln!(
                f,
                "ignored   fields that look like money or tokens and are none of their events' type, with the number of events: {fields}"
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
                "sent      nothing (dry run); refused {}",
                grouped(self.rejected)
            )?;
        } else {
            let (taken, known) = (grouped(self.accepted), grouped(self.duplicates));
            writeln!(
                f,
                "accepted  {taken}, already there {known}, refused {}",
                grouped(self.rejected)
            )?;
        }
        if self.guessed > 0 {
            writeln!(
                f,
                "guessed   {} of the local times, at changes of the clocks: one that exists twice is taken as the first, \
                 one that does not exist as so much later; only an offset makes them certain",
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
                "stopped   {} is imported up to line {}",
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

/// A number with its thousands apart: `262,200`.
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
