//! Import of real logs into a Weir server: XES event logs, CSV tables and NDJSON events.
//!
//! [`run`] is what `weir import` does: it reads every file as a stream, turns its records into events, and posts them to
//! `POST /api/v1/events` in compressed batches, some in flight at a time, again where the server is busy. Every event
//! carries an id that depends on its content only (NDJSON events without one get theirs from the server), so running the
//! same import again, after an interruption or by mistake, counts nothing twice.
//!
//! How a XES log becomes executions, steps and activities is written at the head of the `xes` module, and how CSV columns
//! become fields at that of `csv_file`.
//!
//! Everything here blocks; an asynchronous caller uses a blocking task.

mod args;
mod batch;
mod csv_file;
mod error;
mod input;
mod ndjson;
mod pipeline;
mod progress;
mod record;
mod report;
mod retry;
mod sender;
#[cfg(test)]
mod tests;
mod time;
mod xes;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

pub use args::{CsvArgs, DurationUnit, Format, ImportArgs, XesArgs};
pub use error::ImportError;
pub use report::{FileProgress, ImportReport, Rejection};
pub use sender::{Answer, EventError, HttpSender, SendError, Sender};

use input::Input;
use pipeline::{Collector, Shared, Tally, work};
use progress::Progress;
use record::Sink;

/// Imports the files of `args` and writes the summary to `out`, even when the import ends early.
///
/// # Errors
/// Why it ended early: flags, a file, the server. What came before is kept. Refused records are no error; see
/// [`ImportReport::exit_code`].
pub fn run(args: ImportArgs, out: &mut dyn Write) -> Result<ImportReport, ImportError> {
    run_until(args, out, &AtomicBool::new(false))
}

/// [`run`] that ends soon after `stop` becomes true, as on Ctrl-C.
///
/// # Errors
/// As [`run`]; [`ImportError::Interrupted`] after a stop.
pub fn run_until(
    args: ImportArgs,
    out: &mut dyn Write,
    stop: &AtomicBool,
) -> Result<ImportReport, ImportError> {
    let size = progress::size(&args.files);
    let mut sender = HttpSender::new(&args.server, args.api_key.as_deref())?.of_size(size);
    // Batches run over the borders of files, so the events of several have one source.
    if let [file] = args.files.as_slice() {
        sender = sender.of_file(file);
    }
    let (report, failure) = import(&args, &sender, stop);
    write!(out, "{report}")?;
    match failure {
        Some(failure) => Err(failure),
        None => Ok(report),
    }
}

/// Imports the files of `args` through `sender`: what was done, and why it ended early, if it did.
pub fn import(
    args: &ImportArgs,
    sender: &dyn Sender,
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
        let (read_files, failure) = read_all(args, &zone, &bytes, &mut collector);
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

/// What can be told to be wrong before anything is read.
fn check(args: &ImportArgs) -> Result<TimeZone, ImportError> {
    for path in &args.files {
        Input::open(path, args.format, Arc::default())?;
    }
    time::zone(&args.timezone)
}

/// Reads file after file up to the first that fails; says how many were read to their end.
fn read_all(
    args: &ImportArgs,
    zone: &TimeZone,
    bytes: &Arc<AtomicU64>,
    collector: &mut Collector<'_>,
) -> (usize, Option<ImportError>) {
    for (index, path) in args.files.iter().enumerate() {
        collector.file(index);
        if let Err(error) = read_file(args, path, zone, bytes, collector) {
            return (index, Some(error));
        }
    }
    (args.files.len(), None)
}

fn read_file(
    args: &ImportArgs,
    path: &Path,
    zone: &TimeZone,
    bytes: &Arc<AtomicU64>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let environment = args.environment.as_deref();
    let mut input = Input::open(path, args.format, bytes.clone())?;
    match input.format {
        Format::Xes => xes::read(&mut input, &args.xes, environment, zone, sink),
        Format::Csv => csv_file::read(&mut input, &args.csv, environment, zone, sink),
        Format::Ndjson => ndjson::read(&mut input, sink),
    }
}

/// Tells for each file how far the server has it.
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
