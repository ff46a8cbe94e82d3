//! From readers to the server: batches, workers, and the tally of responses.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::batch::{Batch, Origin};
use crate::error::ImportError;
use crate::progress::Progress;
use crate::record::Sink;
use crate::report::{ImportReport, Rejection};
use crate::retry::{Patience, deliver};
use crate::sender::{Answer, Sender};

/// The size of a request, in bytes before compression, from which it is sent.
const FULL_BODY: usize = 4 * 1024 * 1024;
/// A record (a case of a log) that continues is cut only at this multiple of a full request.
const STRETCH: usize = 4;

/// What the workers and the collector share.
pub(crate) struct Shared<'a> {
    pub stop: &'a AtomicBool,
    pub files: &'a [PathBuf],
    pub reached: AtomicBool,
    failed: AtomicBool,
    tally: Mutex<Tally>,
}

/// The server's responses so far.
pub(crate) struct Tally {
    pub report: ImportReport,
    /// Why sending ended.
    pub failure: Option<String>,
    /// All batches before this number have been answered.
    next: u64,
    answered: BTreeMap<u64, Option<Origin>>,
    /// The last record that is stored together with everything before it.
    pub checkpoint: Option<Origin>,
}

impl<'a> Shared<'a> {
    pub fn new(files: &'a [PathBuf], stop: &'a AtomicBool, report: ImportReport) -> Self {
        let tally = Tally {
            report,
            failure: None,
            next: 0,
            answered: BTreeMap::new(),
            checkpoint: None,
        };
        Self {
            stop,
            files,
            reached: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            tally: Mutex::new(tally),
        }
    }

    pub fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn into_tally(self) -> Tally {
        self.tally
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn halted(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed)
    }

    /// Waits in short naps, to notice a stop soon. Returns false if sending must stop.
    fn pause(&self, wait: Duration) -> bool {
        let nap = Duration::from_millis(50);
        let mut left = wait;
        while !left.is_zero() && !self.halted() {
            std::thread::sleep(left.min(nap));
            left = left.saturating_sub(nap);
        }
        !self.halted()
    }

    fn answered(&self, batch: &Batch, answer: Answer) {
        let tally = &mut *self.tally();
        tally.report.accepted += answer.accepted;
        tally.report.duplicates += answer.duplicates;
        for ignored in answer.ignored_fields {
            tally.report.ignore(ignored.field, ignored.events);
        }
        let named = answer.errors.len() as u64;
        for error in answer.errors {
            let Some(origin) = batch.origins.get(error.index) else {
                continue;
            };
            let field = error
                .field
                .map(|field| format!(" ({field})"))
                .unwrap_or_default();
            let detail = format!(
                "{}{field}: {}",
                error.code,
                error.detail.unwrap_or_default()
            );
            tally.report.reject(Rejection {
                path: self.files[origin.file].clone(),
                line: origin.line,
                detail,
            });
        }
        tally.report.rejected += answer.rejected.saturating_sub(named);
        tally.answered.insert(batch.number, batch.checkpoint);
        while let Some(checkpoint) = tally.answered.remove(&tally.next) {
            tally.next += 1;
            tally.checkpoint = checkpoint.or(tally.checkpoint);
        }
    }

    fn failed(&self, detail: String) {
        self.failed.store(true, Ordering::Relaxed);
        self.tally().failure.get_or_insert(detail);
    }
}

/// Sends batches until there are no more; after a failure, drops the rest.
pub(crate) fn work(
    shared: &Shared<'_>,
    batches: &Mutex<Receiver<Batch>>,
    sender: &dyn Sender,
    retry_for: Duration,
) {
    let pause = |wait| shared.pause(wait);
    let patience = Patience {
        retry_for,
        reached: &shared.reached,
        pause: &pause,
    };
    loop {
        let next = batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(batch) = next else { return };
        if shared.halted() {
            continue;
        }
        match deliver(sender, &batch, &patience) {
            Ok(answer) => shared.answered(&batch, answer),
            Err(detail) => shared.failed(detail),
        }
    }
}

/// Collects the events of a reader into batches.
pub(crate) struct Collector<'a> {
    shared: &'a Shared<'a>,
    /// `None` in a dry run.
    batches: Option<SyncSender<Batch>>,
    progress: &'a Progress,
    batch: Batch,
    batch_size: usize,
    /// The batch contains events of the current record, and more may follow.
    within_record: bool,
    file: usize,
    read: u64,
    events: BTreeMap<String, u64>,
}

impl<'a> Collector<'a> {
    pub fn new(
        shared: &'a Shared<'a>,
        batches: Option<SyncSender<Batch>>,
        progress: &'a Progress,
        batch_size: usize,
    ) -> Self {
        let batch = Batch::default();
        Self {
            shared,
            batches,
            progress,
            batch,
            batch_size,
            within_record: false,
            file: 0,
            read: 0,
            events: BTreeMap::new(),
        }
    }

    /// Events from here on come from the file with this index.
    pub fn file(&mut self, file: usize) {
        self.file = file;
    }

    /// Hands over the rest, if it is to be sent, and reports what was read.
    pub fn finish(mut self, send_rest: bool) {
        if send_rest {
            self.flush(self.progress.total());
        }
        self.shared.tally().report.events = self.events;
    }

    /// Whether to send the batch before the next event is added. It is cut between records, so that a record's checkpoint
    /// is in the batch of its last event, and a case stays in one body: bodies are sent concurrently, and events with the
    /// same time keep their order only within a body.
    fn is_full(&self) -> bool {
        let most = if self.within_record { STRETCH } else { 1 };
        self.batch.origins.len() >= self.batch_size * most
            || self.batch.body.len() >= FULL_BODY * most
    }

    /// Hands the batch over; `read` is the number of bytes read so far.
    fn flush(&mut self, read: u64) {
        self.progress.tick(self.read);
        self.batch.read = read;
        let number = self.batch.number + 1;
        let batch = std::mem::replace(
            &mut self.batch,
            Batch {
                number,
                ..Batch::default()
            },
        );
        if let Some(batches) = &self.batches {
            // The receivers outlive this sender: they end when it is dropped.
            let _ = batches.send(batch);
        }
    }
}

impl Sink for Collector<'_> {
    fn event(&mut self, kind: &str, json: &[u8], line: u64) -> Result<(), ImportError> {
        if self.shared.stop.load(Ordering::Relaxed) {
            return Err(ImportError::Interrupted);
        }
        if self.shared.failed.load(Ordering::Relaxed) {
            let failure = self.shared.tally().failure.clone();
            return Err(ImportError::Send(failure.unwrap_or_default()));
        }
        if self.is_full() {
            self.flush(self.progress.read());
        }
        self.within_record = true;
        self.read += 1;
        match self.events.get_mut(kind) {
            Some(n) => *n += 1,
            None => {
                self.events.insert(kind.to_owned(), 1);
            }
        }
        if self.batches.is_some() {
            self.batch.push(
                json,
                Origin {
                    file: self.file,
                    line,
                },
            );
        } else if self.read.is_multiple_of(1_000) {
            self.progress.tick(self.read);
        }
        Ok(())
    }

    fn checkpoint(&mut self, line: u64) {
        self.within_record = false;
        self.batch.checkpoint = Some(Origin {
            file: self.file,
            line,
        });
    }

    fn refuse(&mut self, line: u64, detail: String) {
        let path = self.shared.files[self.file].clone();
        self.shared
            .tally()
            .report
            .reject(Rejection { path, line, detail });
    }

    fn note(&mut self, text: String) {
        let notes = &mut self.shared.tally().report.notes;
        if notes.len() < 20 {
            notes.push(text);
        }
    }

    fn guessed(&mut self, n: u64) {
        self.shared.tally().report.guessed += n;
    }

    fn count(&mut self, what: &'static str, n: u64) {
        *self.shared.tally().report.records.entry(what).or_insert(0) += n;
    }
}
