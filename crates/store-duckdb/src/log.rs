//! The write-ahead log next to the file, and the disk space to checkpoint it. DuckDB invalidates a database
//! if a checkpoint fails, so the store only tries if the disk has room. A start checkpoints nothing
//! before the server answers.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use duckdb::Connection;
use parking_lot::Mutex;
use weir_store::StoreError;

use crate::error::Context;

/// The disk space needed in addition to the size of the log, in bytes: for partly rewritten blocks and the
/// file's own tables.
const BESIDE: u64 = 8 << 20;

/// The size in bytes from which the log is checkpointed while it hardly grows: by less than this many bytes
/// over this time.
const CALM_LOG: u64 = 8 << 20;
const CALM_GROWTH: f64 = 100_000.0;
const CALM_TIME: Duration = Duration::from_secs(10);

/// The size in bytes from which the log is checkpointed if commits are small: a long log delays commits, and
/// only producers of large commits wait for them anyway.
const SHORT_LOG: u64 = 12 << 20;
const LARGE_COMMIT: u64 = 1 << 20;

/// How often in a row the log is checkpointed alongside commits before the space of deleted rows is
/// reclaimed.
const MOST_BESIDE: u32 = 256;

/// How the log is checkpointed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Commits continue, except to the table being written; the space of deleted rows is kept.
    Beside,
    /// Commits wait until it is done; the space of deleted rows is reclaimed.
    Alone,
}

/// The log of a store; an in-memory store has none.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    path: Option<PathBuf>,
    bounds: Bounds,
    state: Arc<Mutex<State>>,
}

/// The limits of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of the disk that events leave free.
    pub reserved: u64,
    /// The size in bytes from which it is always checkpointed.
    pub bytes: u64,
    /// The number of commits in it from which it is checkpointed.
    pub commits: u64,
}

/// When the log was last checkpointed and inspected.
#[derive(Debug)]
struct State {
    /// The last commit in the file.
    folded: u64,
    /// Whether an earlier process left much in it, which the next crash would replay again.
    is_old: bool,
    seen_bytes: u64,
    seen_at: Instant,
    /// How often it was checkpointed alongside commits since the last exclusive checkpoint.
    beside: u32,
}

impl State {
    /// Whether little arrived recently.
    fn is_calm(&mut self, bytes: u64, now: Instant) -> bool {
        let time = now.saturating_duration_since(self.seen_at);
        if time < CALM_TIME {
            return false;
        }
        let growth = bytes.saturating_sub(self.seen_bytes) as f64;
        (self.seen_bytes, self.seen_at) = (bytes, now);
        growth < time.as_secs_f64() * CALM_GROWTH
    }
}

impl Log {
    /// The log of a file that was just opened, whose last commit is `sequence`.
    pub(crate) fn of(file: Option<&Path>, bounds: Bounds, sequence: u64, now: Instant) -> Self {
        let path = file.map(|file| {
            let mut log = file.to_owned().into_os_string();
            log.push(".wal");
            PathBuf::from(log)
        });
        let bytes = path.as_deref().map_or(0, file_bytes);
        let state = State {
            folded: sequence,
            is_old: bytes >= CALM_LOG,
            seen_bytes: bytes,
            seen_at: now,
            beside: 0,
        };
        Self {
            path,
            bounds,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Whether and how to checkpoint the log after a commit. A start after a crash replays what is still
    /// in the log; a checkpoint makes commits wait. So it runs exclusively while little arrives,
    /// otherwise alongside commits when the log is long.
    pub(crate) fn is_to_fold(&self, sequence: u64, now: Instant) -> Option<Fold> {
        let bytes = self.bytes();
        let mut state = self.state.lock();
        let is_calm = state.is_calm(bytes, now);
        let commits = sequence.saturating_sub(state.folded);
        let most = match bytes >= commits.saturating_mul(LARGE_COMMIT) {
            true => self.bounds.bytes,
            false => SHORT_LOG.min(self.bounds.bytes),
        };
        let is_long = bytes >= most || commits >= self.bounds.commits || state.is_old;
        match is_long || is_calm && bytes >= CALM_LOG {
            false => None,
            true if is_calm || state.beside >= MOST_BESIDE => Some(Fold::Alone),
            true => Some(Fold::Beside),
        }
    }

    /// Its size, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.path.as_deref().map_or(0, file_bytes)
    }

    /// The free bytes on the disk, if they can be determined.
    pub(crate) fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.path.as_ref()?.parent()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Fails if events may take no more disk space, because the rest is reserved for processing stored ones.
    pub(crate) fn check_reserve(&self) -> Result<(), StoreError> {
        match self.free() {
            Some(free) if free < self.bounds.reserved => Err(StoreError::Full {
                context: "take events",
                message: format!(
                    "{free} bytes are free, and {} are kept free (store.reserved_bytes)",
                    self.bounds.reserved
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Checkpoints the log, with commits up to at least `sequence`, into the database file, while commits
    /// wait. If a transaction changes rows at every attempt, it is left for the next time. Fails if the disk
    /// has no room for it.
    pub(crate) fn fold(&self, connection: &Connection, sequence: u64) -> Result<(), StoreError> {
        if self.checkpoint(connection, sequence)? {
            self.state.lock().beside = 0;
        }
        Ok(())
    }

    /// The same while commits continue. DuckDB blocks every insert while it reclaims the space of
    /// deleted rows, unless a transaction is inserting when it starts, as one on `other` is.
    pub(crate) fn fold_beside(
        &self,
        connection: &Connection,
        other: &Connection,
        sequence: u64,
    ) -> Result<(), StoreError> {
        other
            .execute_batch("BEGIN; INSERT INTO changes VALUES (0, 0, 0);")
            .context("begin to checkpoint the log")?;
        let folded = self.checkpoint(connection, sequence);
        other
            .execute_batch("ROLLBACK")
            .context("finish checkpointing the log")?;
        if folded? {
            self.state.lock().beside += 1;
        }
        Ok(())
    }

    fn checkpoint(&self, connection: &Connection, sequence: u64) -> Result<bool, StoreError> {
        self.check_room()?;
        let (begin, bytes) = (Instant::now(), self.bytes());
        for _ in 0..TRIES {
            match connection.execute_batch("CHECKPOINT") {
                Err(error) if error.to_string().contains("transactions active") => {
                    std::thread::sleep(PAUSE);
                }
                other => {
                    other.context("checkpoint the log")?;
                    let took = begin.elapsed();
                    tracing::debug!(bytes, ?took, "the log was checkpointed");
                    let mut state = self.state.lock();
                    (state.folded, state.is_old) = (sequence, false);
                    state.seen_bytes = self.bytes();
                    return Ok(true);
                }
            }
        }
        tracing::debug!("the log will be checkpointed later");
        Ok(false)
    }

    /// Fails if the disk may have too little room for a checkpoint. If that cannot be determined, the
    /// checkpoint is tried.
    pub(crate) fn check_room(&self) -> Result<(), StoreError> {
        let Some(free) = self.free() else {
            return Ok(());
        };
        let log = self.bytes();
        match enough(free, log) {
            true => Ok(()),
            false => Err(StoreError::Full {
                context: "checkpoint the log",
                message: format!("{free} bytes are free, and the log has {log}"),
            }),
        }
    }
}

/// How often the store tries to start a checkpoint between two commits, and the time between attempts.
const TRIES: u32 = 1_000;
const PAUSE: Duration = Duration::from_millis(1);

/// The size of a file in bytes; 0 if it does not exist.
pub(crate) fn file_bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The contents of the log are compressed in the file, but not always by much.
fn enough(free: u64, log: u64) -> bool {
    log == 0 || free >= log.saturating_add(BESIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEGABYTE: u64 = 1 << 20;

    fn bounds(reserved: u64) -> Bounds {
        Bounds {
            reserved,
            bytes: 100 * MEGABYTE,
            commits: 1_000,
        }
    }

    #[test]
    fn a_log_is_folded_where_its_bytes_have_room() {
        assert!(enough(100 * MEGABYTE, 50 * MEGABYTE));
        assert!(!enough(50 * MEGABYTE, 50 * MEGABYTE));
        assert!(enough(0, 0));
        let in_memory = Log::of(None, bounds(u64::MAX), 0, Instant::now());
        in_memory.check_room().unwrap();
        in_memory.check_reserve().unwrap();
    }

    #[test]
    fn events_leave_what_is_reserved_of_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.duckdb");
        let log = |reserved| Log::of(Some(&file), bounds(reserved), 0, Instant::now());
        log(0).check_reserve().unwrap();
        let refused = log(u64::MAX).check_reserve();
        assert!(matches!(refused, Err(StoreError::Full { .. })));
    }

    #[test]
    fn a_log_is_folded_when_it_is_long_and_earlier_while_little_comes() {
        let folder = tempfile::tempdir().unwrap();
        let beside = folder.path().join("events.duckdb.wal");
        let begin = Instant::now();
        let log = |sequence| {
            let file = folder.path().join("events.duckdb");
            Log::of(Some(&file), bounds(0), sequence, begin)
        };
        let is = |megabytes: u64| {
            let file = std::fs::File::create(&beside).unwrap();
            file.set_len(megabytes * MEGABYTE).unwrap();
        };
        let after = |seconds| begin + Duration::from_secs(seconds);
        is(1);
        let busy = log(10);
        is(50);
        let large = busy.is_to_fold(20, after(10));
        assert_eq!(large, None, "ten large commits");
        let small = busy.is_to_fold(70, after(11));
        assert_eq!(small, Some(Fold::Beside), "sixty small ones");
        is(51);
        let calm = busy.is_to_fold(21, after(30));
        assert_eq!(calm, Some(Fold::Alone), "a megabyte in twenty seconds");
        is(100);
        let long = busy.is_to_fold(22, after(31));
        assert_eq!(long, Some(Fold::Beside), "long");
        is(4);
        busy.fold(&Connection::open_in_memory().unwrap(), 22)
            .unwrap();
        is(60);
        let grown = busy.is_to_fold(30, after(50));
        assert_eq!(grown, None, "much has arrived since the last checkpoint");
        is(4);
        let short = busy.is_to_fold(500, after(100));
        assert_eq!(short, None, "not worth it");
        let many = busy.is_to_fold(1_022, after(101));
        assert_eq!(many, Some(Fold::Beside), "a thousand commits");
        is(20);
        let left = log(600).is_to_fold(600, after(1));
        assert_eq!(left, Some(Fold::Beside), "left by an earlier process");
    }

    #[test]
    fn room_of_deleted_rows_is_given_back_now_and_then_under_load_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.duckdb");
        let connection = Connection::open_in_memory().unwrap();
        let declaration = "CREATE TABLE changes (tenant INTEGER, project INTEGER, sequence BIGINT)";
        connection.execute_batch(declaration).unwrap();
        let other = connection.try_clone().unwrap();
        let begin = Instant::now();
        let log = Log::of(Some(&file), bounds(0), 0, begin);
        let mut how = Vec::new();
        for number in 1..=u64::from(MOST_BESIDE) + 2 {
            std::fs::File::create(folder.path().join("events.duckdb.wal"))
                .and_then(|file| file.set_len((100 + number) * MEGABYTE))
                .unwrap();
            let fold = log.is_to_fold(number, begin + Duration::from_secs(number));
            match fold {
                Some(Fold::Alone) => log.fold(&connection, number).unwrap(),
                Some(Fold::Beside) => log.fold_beside(&connection, &other, number).unwrap(),
                None => panic!("it is long"),
            }
            how.extend(fold);
        }
        let alone = how.iter().filter(|&&fold| fold == Fold::Alone).count();
        assert_eq!(alone, 1);
        assert_eq!(how[MOST_BESIDE as usize], Fold::Alone);
    }
}
