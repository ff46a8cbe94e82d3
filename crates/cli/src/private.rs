//! File modes: only the owner can access what Weir stores (files 0600, folders 0700).

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rustix::{fs::Mode, process::umask};

use crate::files::is_ours;

/// The mode of a folder.
pub const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// The mode bits of everyone but the owner.
const OTHERS: u32 = 0o077;

/// From here on, only the owner can access what this process creates, whichever library creates it.
pub fn begin() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// The files and folders that others can read, write or enter, with their modes: the data directory itself and what
/// Weir keeps in it. Fails if a mode cannot be read.
pub fn open_to_others(folder: &Path) -> io::Result<Vec<(PathBuf, u32)>> {
    let mut open = Vec::new();
    let mut look = |path: PathBuf| -> io::Result<()> {
        let mode = fs::symlink_metadata(&path)?.permissions().mode();
        if mode & OTHERS != 0 {
            open.push((path, mode & 0o777));
        }
        Ok(())
    };
    look(folder.to_owned())?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_ours(&entry.file_name().to_string_lossy()) && !entry.file_type()?.is_symlink() {
            look(entry.path())?;
        }
    }
    Ok(open)
}

/// Removes the access of others that an earlier version or a manual change left. Files of another owner cannot be
/// changed; the log names them.
pub fn protect(folder: &Path) {
    let open = match open_to_others(folder) {
        Ok(open) => open,
        Err(error) => {
            tracing::warn!(%error, folder = %folder.display(), "cannot read file modes");
            return;
        }
    };
    for (path, mode) in open {
        let wanted = if path.is_dir() { FOLDER } else { FILE };
        let shown = path.display();
        match fs::set_permissions(&path, Permissions::from_mode(wanted)) {
            Ok(()) => tracing::info!("{shown} had mode {mode:o}; now only its owner can access it"),
            Err(error) => tracing::warn!(%error, "{shown} has mode {mode:o}: others can access it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_can_access_weirs_files_and_other_files_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let set =
            |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let names = [
            "events.duckdb",
            "events.duckdb.wal",
            "meta.sqlite-wal",
            "master.key",
            "notes.txt",
        ];
        for name in names {
            let path = folder.path().join(name);
            fs::write(&path, b"x").unwrap();
            set(&path, 0o644);
        }
        let spill = folder.path().join("events.duckdb.tmp");
        fs::create_dir(&spill).unwrap();
        set(&spill, 0o755);
        set(folder.path(), 0o755);
        assert_eq!(open_to_others(folder.path()).unwrap().len(), 6);
        protect(folder.path());
        assert!(open_to_others(folder.path()).unwrap().is_empty());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&spill)), (FOLDER, FOLDER));
        assert_eq!(mode(&folder.path().join("events.duckdb")), FILE);
        assert_eq!(mode(&folder.path().join("notes.txt")), 0o644);
    }
}
