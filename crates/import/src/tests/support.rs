//! A stand-in for the server, and files to import.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use clap::Parser;
use serde_json::Value;

use crate::{
    Answer, EventError, IgnoredField, ImportArgs, ImportError, ImportReport, SendError, Sender,
    import,
};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: ImportArgs,
}

/// The arguments of `weir import --retry-for 1 FLAGS FILE`.
pub(crate) fn args(file: &Path, flags: &[&str]) -> ImportArgs {
    let file = file.to_str().unwrap();
    let line = ["import", "--retry-for", "1"]
        .iter()
        .chain(flags)
        .chain([&file]);
    Cli::try_parse_from(line).unwrap().args
}

/// The time of all imports in tests.
pub(crate) fn now() -> jiff::Timestamp {
    "2026-11-26T09:00:00Z".parse().unwrap()
}

/// A file named `name` in a new directory.
pub(crate) fn file(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    (dir, path)
}

/// Reads damaged variants of the files, none of which may make the import panic. Nothing is sent: which events are
/// accepted is up to the server.
pub(crate) fn withstands_files(name: &str, valid: Vec<Vec<u8>>, flags: &[&str]) {
    let (_dir, path) = file(name, b"");
    let args = args(&path, &[flags, &["--dry-run"]].concat());
    weir_hostile::withstands(valid, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        Server::default().import(&args);
    });
}

pub(crate) fn gz(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A server that counts each id once, rejects `poison` ids and fails as configured.
#[derive(Default)]
pub(crate) struct Server {
    pub events: Mutex<Vec<Value>>,
    pub ids: Mutex<HashSet<String>>,
    pub poison: &'static str,
    /// Requests answered so far.
    pub requests: AtomicUsize,
    /// From this request on, nothing is accepted.
    pub down_after: Option<usize>,
    /// The number of first requests that are answered with 503.
    pub busy_first: usize,
    /// The most events in one request.
    pub largest: Option<usize>,
    /// A field to report as ignored if an event has it.
    pub ignored: &'static str,
}

impl Sender for Server {
    fn send(&self, body: &[u8]) -> Result<Answer, SendError> {
        let request = self.requests.fetch_add(1, Ordering::SeqCst);
        if request < self.busy_first {
            return Err(SendError::Busy {
                retry_after: Some(Duration::from_millis(1)),
                detail: "busy".into(),
            });
        }
        if self.down_after.is_some_and(|last| request >= last) {
            return Err(SendError::Unreachable("connection refused".into()));
        }
        let lines: Vec<Value> = serde_json::Deserializer::from_slice(body)
            .into_iter()
            .map(Result::unwrap)
            .collect();
        if self.largest.is_some_and(|largest| lines.len() > largest) {
            return Err(SendError::TooLarge("413".into()));
        }
        let mut answer = Answer::default();
        for (index, event) in lines.into_iter().enumerate() {
            let id = event["id"].as_str().unwrap_or_default().to_owned();
            if event.get(self.ignored).is_some() {
                answer.ignored_fields.push(IgnoredField {
                    field: self.ignored.to_owned(),
                    events: 1,
                });
            }
            if !self.poison.is_empty() && id == self.poison {
                let detail = Some("must not be negative".to_owned());
                let field = Some("duration".to_owned());
                answer.rejected += 1;
                answer.errors.push(EventError {
                    index,
                    id: Some(id),
                    code: "invalid".into(),
                    field,
                    detail,
                });
            } else if self.ids.lock().unwrap().insert(id) {
                answer.accepted += 1;
                self.events.lock().unwrap().push(event);
            } else {
                answer.duplicates += 1;
            }
        }
        Ok(answer)
    }
}

impl Server {
    pub fn import(&self, args: &ImportArgs) -> (ImportReport, Option<ImportError>) {
        import(args, self, now(), &AtomicBool::new(false))
    }

    pub fn of_type(&self, event_type: &str) -> Vec<Value> {
        self.events
            .lock()
            .unwrap()
            .iter()
            .filter(|event| event["type"] == event_type)
            .cloned()
            .collect()
    }
}

/// The arguments of `weir import FLAGS FILE`.
pub(crate) fn args_with(path: &Path, flags: &[&str]) -> ImportArgs {
    let path = path.to_str().unwrap();
    Cli::try_parse_from(["import"].iter().chain(flags).chain([&path]))
        .unwrap()
        .args
}
