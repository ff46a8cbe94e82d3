//! A little room that is kept for a start on a full disk: SQLite needs its log's index (32 KiB) and a few
//! pages before it answers anything.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// The file's name.
const FILE: &str = "reserve";
/// Its size in bytes.
const BYTES: usize = 1 << 20;

/// Keeps the room, unless it is kept already. What is missing on a full disk is kept another time.
pub fn keep(folder: &Path) -> Result<()> {
    let path = folder.join(FILE);
    if path.metadata().is_ok_and(|file| file.len() == BYTES as u64) {
        return Ok(());
    }
    fs::write(&path, vec![0; BYTES]).or_else(|error| {
        // A part of it would only be in the way.
        let _ = fs::remove_file(&path);
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Ok(()),
            _ => Err(error).with_context(|| format!("{} can not be written", path.display())),
        }
    })
}

/// Gives the room away. Returns whether there was any.
pub fn give(folder: &Path) -> bool {
    fs::remove_file(folder.join(FILE)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_kept_once_and_given_once() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!give(folder.path()));
        keep(folder.path()).unwrap();
        keep(folder.path()).unwrap();
        let file = folder.path().join(FILE);
        assert_eq!(file.metadata().unwrap().len(), BYTES as u64);
        assert!(give(folder.path()) && !file.exists());
    }
}
