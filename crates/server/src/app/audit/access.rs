//! Reads on their way to the audit log, which are written in batches so that requests do not wait for it.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use weir_meta::HeldRecord;

use crate::app::{
    App, AppError,
    telemetry::{Amount, Figure, Source},
};

/// Records that wait to be written, up to a maximum. Records beyond it are dropped, counted and logged.
pub(crate) struct AccessTrail {
    waiting: Mutex<Vec<HeldRecord>>,
    most: usize,
    counts: Arc<Counts>,
    /// Dropped records that have been logged.
    logged: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Counts {
    written: AtomicU64,
    dropped: AtomicU64,
}

impl AccessTrail {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            most,
            counts: Arc::default(),
            logged: AtomicU64::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Queues a record; drops it if the queue is full.
    pub(crate) fn push(&self, record: HeldRecord) {
        let mut waiting = self.waiting();
        match waiting.len() < self.most {
            true => waiting.push(record),
            false => {
                self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Written and dropped records, for `/metrics`.
    pub(crate) fn figures(&self) -> Source {
        let counts = Arc::clone(&self.counts);
        Box::new(move || {
            let count = |counter: &AtomicU64| Amount::Counted(counter.load(Ordering::Relaxed));
            [
                (
                    "audit_reads_written",
                    "Reads written to the audit log",
                    count(&counts.written),
                ),
                (
                    "audit_reads_dropped",
                    "Reads missing from the audit log, because too many arrived at once",
                    count(&counts.dropped),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }

    /// Returns records that could not be written to the queue, before those queued in the meantime.
    fn put_back(&self, mut records: Vec<HeldRecord>) {
        let mut waiting = self.waiting();
        records.append(&mut waiting);
        let beyond = records.len().saturating_sub(self.most);
        records.truncate(self.most);
        self.counts
            .dropped
            .fetch_add(beyond as u64, Ordering::Relaxed);
        *waiting = records;
    }

    /// Logs how many records were dropped since the last call.
    fn log_dropped(&self) {
        let dropped = self.counts.dropped.load(Ordering::Relaxed);
        let logged = self.logged.swap(dropped, Ordering::Relaxed);
        if dropped > logged {
            let reads = dropped - logged;
            tracing::error!(
                reads,
                "reads are missing from the audit log: too many arrived at once"
            );
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<HeldRecord>> {
        // Nothing panics while the lock is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Writes the waiting reads to the audit log and returns how many there were. If that fails, they are
    /// kept for the next attempt.
    pub async fn write_access(&self) -> Result<usize, AppError> {
        let _turn = self.access.turn.lock().await;
        self.access.log_dropped();
        let records = mem::take(&mut *self.access.waiting());
        if records.is_empty() {
            return Ok(0);
        }
        match self.meta.record_all(&records).await {
            Ok(()) => {
                let written = &self.access.counts.written;
                written.fetch_add(records.len() as u64, Ordering::Relaxed);
                Ok(records.len())
            }
            Err(error) => {
                self.access.put_back(records);
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_meta::{Actor, AuditKind};
    use weir_model::{TenantKey, Timestamp};

    use super::*;

    fn record(subject: &str) -> HeldRecord {
        HeldRecord {
            tenant: TenantKey(1),
            project: None,
            kind: AuditKind::Access,
            actor: Actor::system(),
            action: "analytics.read".to_owned(),
            subject: subject.to_owned(),
            detail: "{}".to_owned(),
            at: Timestamp(0),
        }
    }

    fn counted(trail: &AccessTrail) -> u64 {
        trail.counts.dropped.load(Ordering::Relaxed)
    }

    #[test]
    fn records_beyond_the_maximum_are_counted_and_dropped() {
        let trail = AccessTrail::new(2);
        for subject in ["a", "b", "c"] {
            trail.push(record(subject));
        }
        assert_eq!((trail.waiting().len(), counted(&trail)), (2, 1));
    }

    #[test]
    fn unwritten_records_come_before_newer_ones() {
        let trail = AccessTrail::new(2);
        trail.push(record("new"));
        trail.put_back(vec![record("old"), record("older")]);
        let kept: Vec<_> = trail.waiting().iter().map(|r| r.subject.clone()).collect();
        assert_eq!(
            (kept, counted(&trail)),
            (vec!["old".into(), "older".into()], 1)
        );
    }
}
