//! The progress bar.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const TEMPLATE: &str = "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}";

/// Shows on standard error how much of the files has been read; hidden if that is not a terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    total: u64,
    read: Arc<AtomicU64>,
}

/// The total size of all files, in bytes.
pub(crate) fn size(files: &[impl AsRef<Path>]) -> u64 {
    let known = files
        .iter()
        .filter_map(|file| file.as_ref().metadata().ok());
    known.map(|file| file.len()).sum()
}

impl Progress {
    /// A bar over all `files`; `read` counts their bytes.
    pub fn new(files: &[impl AsRef<Path>], read: Arc<AtomicU64>, quiet: bool) -> Self {
        let total = size(files);
        let hidden = quiet || !std::io::stderr().is_terminal();
        let target = if hidden {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self { bar, total, read }
    }

    /// Bytes read so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed).min(self.total)
    }

    /// Bytes of all files.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Updates the bar; `events` is the number of events read so far.
    pub fn tick(&self, events: u64) {
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        let rate = events as f64 / self.bar.elapsed().as_secs_f64().max(0.001);
        self.bar
            .set_message(format!("{events} events, {rate:.0}/s"));
    }

    /// Removes the bar.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
