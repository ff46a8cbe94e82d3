//! A little room that is kept for a start on a full disk: SQLite needs its log's index (32 KiB) and a few
//! pages before it answers anything.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

/// The file's name.
const FILE: &str = "reserve";
/// Its size in bytes, and the room below which it is given up.
const BYTES: u64 = 1 << 20;
/// Room above which it is kept.
const PLENTY: u64 = 8 * BYTES;

/// Keeps the room where there is plenty, and gives it up where there is next to none. What is wrong with it
/// is said in the log: a start that has room goes on without.
pub fn settle(folder: &Path) {
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        return;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if let Err(error) = settle_with(folder, free) {
        tracing::warn!(%error, "no room is kept for a start on a full disk");
    }
}

fn settle_with(folder: &Path, free: u64) -> io::Result<()> {
    let path = folder.join(FILE);
    let kept = path.metadata().is_ok_and(|file| file.len() == BYTES);
    if kept && free < BYTES {
        tracing::error!("the disk is full: the room that was kept for this start is given up");
        fs::remove_file(&path)?;
    }
    if !kept && free >= PLENTY {
        // Written and not only sized, or the system would not set anything aside.
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
    fn room_is_kept_where_there_is_plenty_and_given_up_where_there_is_none() {
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
