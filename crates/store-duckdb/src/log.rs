//! The write-ahead log beside the file, and room for folding it into the file. DuckDB gives a database up
//! that it can not fold its log into, so that is only tried where the disk has room for it.

use std::path::{Path, PathBuf};

use weir_store::StoreError;

/// Room that is needed beside what the log holds, in bytes: blocks that are written anew in part, and the
/// file's own tables.
const BESIDE: u64 = 8 << 20;

/// A store's log; one in memory has none.
#[derive(Clone, Debug)]
pub(crate) struct Log(Option<PathBuf>);

impl Log {
    /// The log of the file.
    pub(crate) fn of(file: Option<&Path>) -> Self {
        Self(file.map(|file| {
            let mut log = file.to_owned().into_os_string();
            log.push(".wal");
            log.into()
        }))
    }

    /// Its size, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.as_deref().map_or(0, file_bytes)
    }

    /// Says so if the disk may have too little room to fold it in. Where that can not be found out, it is
    /// tried.
    pub(crate) fn check_room(&self) -> Result<(), StoreError> {
        let folder = self.0.as_ref().and_then(|path| path.parent());
        let Some(Ok(disk)) = folder.map(rustix::fs::statvfs) else {
            return Ok(());
        };
        let (free, log) = (disk.f_bavail.saturating_mul(disk.f_frsize), self.bytes());
        match enough(free, log) {
            true => Ok(()),
            false => Err(StoreError::Full {
                context: "fold the log into the file",
                message: format!("{free} bytes are free, and the log has {log}"),
            }),
        }
    }
}

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
        Log::of(None).check_room().unwrap();
    }
}
