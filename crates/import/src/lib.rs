//! Import of real logs into a Weir server: XES event logs, CSV and Parquet tables, NDJSON events.
//!
//! [`run`] is what `weir import` does: it reads every file as a stream, turns its records into events, and sends them to
//! `POST /api/v1/events` in compressed batches, several at a time, with retries while the server is busy. Every event has
//! an id that depends only on its content (NDJSON events without one get theirs from the server), so repeating an import,
//! after an interruption or by mistake, counts nothing twice.
//!
//! The `cases` module describes how a log becomes executions, steps and activities, and `table` how columns become fields.
//!
//! Everything here blocks; asynchronous callers need a blocking task.

mod args;
mod batch;
mod cases;
mod error;
mod input;
mod ndjson;
mod pipeline;
mod progress;
mod record;
mod report;
mod retry;
mod sender;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod xes;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;

pub use args::{DurationUnit, Format, ImportArgs, LogArgs, TableArgs};
pub use error::ImportError;
pub use report::{FileProgress, ImportReport, Rejection};
pub use sender::{Answer, EventError, HttpSender, IgnoredField, SendError, Sender};

use input::Input;
use pipeline::{Collector, Shared, Tally, work};
use progress::Progress;
use record::{Setting, Sink};
use time::Zone;

/// Imports the files of `args` and writes the summary to `out`, even when the import ends early.
///
/// # Errors
/// If a flag, a file or the server ended it early. What was sent before that is kept. Rejected records are not an error;
/// see [`ImportReport::exit_code`].
pub fn run(args: ImportArgs, out: &mut dyn Write) -> Result<ImportReport, ImportError> {
    run_until(args, out, &AtomicBool::new(false))
}

/// Like [`run`], but ends soon after `stop` becomes true, for example on Ctrl-C.
///
/// # Errors
/// As for [`run`], and [`ImportError::Interrupted`] after a stop.
pub fn run_until(
    args: ImportArgs,
    out: &mut dyn Write,
    stop: &AtomicBool,
) -> Result<ImportReport, ImportError> {
    let size = progress::size(&args.files);
    let mut sender = HttpSender::new(&args.server, args.api_key.as_deref())?.of_size(size);
    // A batch can contain events of several files, so only a single file can name the source.
    if let [file] = args.files.as_slice() {
        sender = sender.of_file(file);
    }
    let (report, failure) = import(&args, &sender, Timestamp::now(), stop);
    write!(out, "{report}")?;
    match failure {
        Some(failure) => Err(failure),
        None => Ok(report),
    }
}

/// Imports the files of `args` through `sender`, with `now` as the current time. Returns what was done, and why it ended
/// early, if it did.
pub fn import(
    args: &ImportArgs,
    sender: &dyn Sender,
    now: Timestamp,
    stop: &AtomicBool,
) -> (ImportReport, Option<ImportError>) {
    let began = Instant::now();
    let mut report = ImportReport {
        dry_run: args.dry_run,
        allow_rejected: args.allow_rejected,
        ..ImportReport::default()
    };
    let zone = match check(args) {
        Ok(zone) => zone,
        Err(error) => return (report, Some(error)),
    };
    report.files = args
        .files
        .iter()
        .map(|path| FileProgress {
            path: path.clone(),
            ..FileProgress::default()
        })
        .collect();
    let bytes = Arc::new(AtomicU64::new(0));
    let progress = Progress::new(&args.files, bytes.clone(), args.quiet);
    let shared = Shared::new(&args.files, stop, report);
    let (sent, batches) = sync_channel(args.in_flight as usize);
    let batches = Mutex::new(batches);
    let retry_for = Duration::from_secs(args.retry_for);
    let (read_files, mut failure) = std::thread::scope(|threads| {
        for _ in 0..args.in_flight {
            threads.spawn(|| work(&shared, &batches, sender, retry_for));
        }
        let sent = (!args.dry_run).then_some(sent);
        let mut collector = Collector::new(&shared, sent, &progress, args.batch_size as usize);
        let setting = Setting {
            args,
            zone: &zone,
            now,
        };
        let (read_files, failure) = read_all(&setting, &bytes, &mut collector);
        let send_rest = !matches!(
            failure,
            Some(ImportError::Send(_) | ImportError::Interrupted)
        );
        collector.finish(send_rest);
        (read_files, failure)
    });
    progress.done();
    let mut tally = shared.into_tally();
    if let (None, Some(detail)) = (&failure, tally.failure.take()) {
        failure = Some(ImportError::Send(detail));
    }
    let all_sent = !matches!(
        failure,
        Some(ImportError::Send(_) | ImportError::Interrupted)
    );
    mark_progress(&mut tally, read_files, all_sent);
    tally.report.elapsed = began.elapsed();
    (tally.report, failure)
}

/// Finds errors in the arguments before anything is read.
fn check(args: &ImportArgs) -> Result<Zone, ImportError> {
    for path in &args.files {
        Input::open(path, args, Arc::default())?;
    }
    Zone::named(&args.timezone)
}

/// Reads the files in order until one fails; returns how many were read completely, and the failure.
fn read_all(
    setting: &Setting<'_>,
    bytes: &Arc<AtomicU64>,
    collector: &mut Collector<'_>,
) -> (usize, Option<ImportError>) {
    let files = &setting.args.files;
    for (index, path) in files.iter().enumerate() {
        collector.file(index);
        let read = read_file(setting, path, bytes, collector);
        collector.guessed(setting.zone.take_guessed());
        if let Err(error) = read {
            return (index, Some(error));
        }
    }
    (files.len(), None)
}

fn read_file(
    setting: &Setting<'_>,
    path: &Path,
    bytes: &Arc<AtomicU64>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let mut input = Input::open(path, setting.args, bytes.clone())?;
    match input.format {
        Format::Xes => xes::read(&mut input, setting, sink),
        Format::Csv => table::read_csv(&mut input, setting, sink),
        Format::Parquet => table::read_parquet(&input, setting, sink),
        Format::Ndjson => ndjson::read(&mut input, sink),
    }
}

/// Sets for each file how far the server has stored it.
fn mark_progress(tally: &mut Tally, read_files: usize, all_sent: bool) {
    let reached = tally.checkpoint;
    for (index, file) in tally.report.files.iter_mut().enumerate() {
        let beyond = reached.is_some_and(|origin| origin.file > index);
        file.finished = index < read_files && (all_sent || beyond);
        if let Some(origin) = reached.filter(|origin| origin.file == index) {
            file.acknowledged_to_line = origin.line;
        }
    }
}
