//! The write-ahead log beside the file, and room for folding it into the file. DuckDB gives a database up
//! that it can not fold its log into, so that is only tried where the disk has room for it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use duckdb::Connection;
use weir_store::StoreError;

use crate::error::Context;

/// Room that is needed beside what the log holds, in bytes: blocks that are written anew in part, and the
/// file's own tables.
const BESIDE: u64 = 8 << 20;

/// A store's log; one in memory has none.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    path: Option<PathBuf>,
    /// Room of the disk that events may not take.
    reserved: u64,
}

impl Log {
    /// The log of the file. Events leave so many bytes of its disk free.
    pub(crate) fn of(file: Option<&Path>, reserved: u64) -> Self {
        let path = file.map(|file| {
            let mut log = file.to_owned().into_os_string();
            log.push(".wal");
            log.into()
        });
        Self { path, reserved }
    }

    /// Its size, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.path.as_deref().map_or(0, file_bytes)
    }

    /// Bytes that are free on the disk, if that can be found out.
    fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.path.as_ref()?.parent()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Says so if events may take no more room: what is made of those that are there needs the rest.
    pub(crate) fn check_reserve(&self) -> Result<(), StoreError> {
        match self.free() {
            Some(free) if free < self.reserved => Err(StoreError::Full {
                context: "take events",
                message: format!(
                    "{free} bytes are free, and {} are kept free (store.reserved_bytes)",
                    self.reserved
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Folds the log into the database file. Commits on other connections go on meanwhile; it only begins
    /// while none of them is under way. Where none of the tries hits such a moment, it is folded next time.
    /// Returns whether it was folded; an error without room for it.
    pub(crate) fn fold(&self, connection: &Connection) -> Result<bool, StoreError> {
        self.check_room()?;
        for _ in 0..TRIES {
            match connection.execute_batch("CHECKPOINT") {
                Err(error) if error.to_string().contains("transactions active") => {
                    std::thread::sleep(PAUSE);
                }
                other => return other.context("fold the log into the file").map(|()| true),
            }
        }
        tracing::debug!("the log is folded later");
        Ok(false)
    }

    /// Says so if the disk may have too little room to fold it in. Where that can not be found out, it is
    /// tried.
    pub(crate) fn check_room(&self) -> Result<(), StoreError> {
        let Some(free) = self.free() else {
            return Ok(());
        };
        let log = self.bytes();
        match enough(free, log) {
            true => Ok(()),
            false => Err(StoreError::Full {
                context: "fold the log into the file",
                message: format!("{free} bytes are free, and the log has {log}"),
            }),
        }
    }
}

/// How often it is tried to begin folding the log between two commits, and how long one try is after the
/// other.
const TRIES: u32 = 1_000;
const PAUSE: Duration = Duration::from_millis(1);

/// The size of a file, 0 if it is not there.
pub(crate) fn file_bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// What is in the log is compressed on its way into the file, but not always by much.
fn enough(free: u64, log: u64) -> bool {
    log == 0 || free >= log.saturating_add(BESIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_folded_where_its_bytes_have_room() {
        let megabyte = 1 << 20;
        assert!(enough(100 * megabyte, 50 * megabyte));
        assert!(!enough(50 * megabyte, 50 * megabyte));
        assert!(enough(0, 0));
        let in_memory = Log::of(None, u64::MAX);
        in_memory.check_room().unwrap();
        in_memory.check_reserve().unwrap();
    }

    #[test]
    fn events_leave_what_is_reserved_of_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.duckdb");
        Log::of(Some(&file), 0).check_reserve().unwrap();
        let refused = Log::of(Some(&file), u64::MAX).check_reserve();
        assert!(matches!(refused, Err(StoreError::Full { .. })));
    }
}
