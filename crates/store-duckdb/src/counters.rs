//! What the writer counts while the store is open.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::watch;

/// After this long without a commit, none is expected soon.
const CALM: Duration = Duration::from_millis(200);

/// Counters that grow while the store is open.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub commits: AtomicU64,
    pub events: AtomicU64,
    pub duplicates: AtomicU64,
    pub queued: AtomicU64,
    pub open_executions: AtomicU64,
    /// The last commit, for subscribers that wait for the next.
    pub committed: watch::Sender<u64>,
    /// When the last commit was done.
    pub committed_at: Mutex<Option<Instant>>,
}

impl Counters {
    /// Whether no events are queued and none was committed recently.
    pub(crate) fn is_calm(&self) -> bool {
        let before = *self.committed_at.lock();
        self.queued.load(Ordering::Acquire) == 0 && before.is_none_or(|at| at.elapsed() >= CALM)
    }
}
