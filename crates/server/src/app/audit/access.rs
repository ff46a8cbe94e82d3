//! What was read, on its way into the audit log: it is written in batches, off the way of requests.

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

/// Records that wait to be written: as many as the settings allow. What comes beyond that is not
/// written, but counted and said in the log.
pub(crate) struct AccessTrail {
    waiting: Mutex<Vec<HeldRecord>>,
    most: usize,
    counts: Arc<Counts>,
    /// Dropped records that the log knows of.
    told: AtomicU64,
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
            told: AtomicU64::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Takes a record to be written soon.
    pub(crate) fn push(&self, record: HeldRecord) {
        let mut waiting = self.waiting();
        match waiting.len() < self.most {
            true => waiting.push(record),
            false => {
                self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How many were written and dropped, for `/metrics`.
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
                    "Reads that the audit log lacks, because too many came at once",
                    count(&counts.dropped),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }

    /// Puts records back that could not be written, before those that came meanwhile.
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

    /// Says in the log how many were dropped since the last time.
    fn tell_dropped(&self) {
        let dropped = self.counts.dropped.load(Ordering::Relaxed);
        let told = self.told.swap(dropped, Ordering::Relaxed);
        if dropped > told {
            let reads = dropped - told;
            tracing::error!(reads, "the audit log lacks reads: too many came at once");
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<HeldRecord>> {
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Writes the reads that wait into the audit log. Returns how many there were.
    pub async fn write_access(&self) -> Result<usize, AppError> {
        let _turn = self.access.turn.lock().await;
        self.access.tell_dropped();
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
    fn what_comes_beyond_the_bound_is_counted_and_not_kept() {
        let trail = AccessTrail::new(2);
        for subject in ["a", "b", "c"] {
            trail.push(record(subject));
        }
        assert_eq!((trail.waiting().len(), counted(&trail)), (2, 1));
    }

    #[test]
    fn what_could_not_be_written_comes_before_what_came_meanwhile() {
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
