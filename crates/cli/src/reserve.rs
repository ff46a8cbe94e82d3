//! A small reserve of disk space for a start on a full disk: before SQLite can answer anything, it needs room for
//! the index of its log (32 KiB) and a few pages.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// The file's name.
const FILE: &str = "reserve";
/// Its size in bytes. It is deleted when less than this is free.
const BYTES: u64 = 1 << 20;
/// The free space, in bytes, from which it is created.
const PLENTY: u64 = 8 * BYTES;

/// Creates the reserve if there is plenty of space, and deletes it if there is almost none. Errors go to the log: a
/// start that has space does not need the reserve.
pub fn settle(folder: &Path) {
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        return;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if let Err(error) = settle_with(folder, free) {
        tracing::warn!(%error, "cannot reserve disk space for a start on a full disk");
    }
}

fn settle_with(folder: &Path, free: u64) -> io::Result<()> {
    let path = folder.join(FILE);
    let kept = path.metadata().is_ok_and(|file| file.len() == BYTES);
    if kept && free < BYTES {
        tracing::error!("the disk is full: this start uses the space that was reserved for it");
        fs::remove_file(&path)?;
    }
    if !kept && free >= PLENTY {
        // Written, not only resized: otherwise the system would not allocate any space.
        let mut file = File::create(&path)?;
        io::copy(&mut io::Read::take(io::repeat(0), BYTES), &mut file)?;
        file.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_created_when_space_is_plentiful_and_deleted_when_it_runs_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        let after = |free: u64| {
            settle_with(folder.path(), free).unwrap();
            file.metadata().map_or(0, |file| file.len())
        };
        assert_eq!(after(PLENTY - 1), 0);
        assert_eq!(after(PLENTY), BYTES);
        assert_eq!(after(2 * BYTES), BYTES);
        assert_eq!(after(BYTES - 1), 0);
        assert_eq!(after(0), 0);
    }
}
