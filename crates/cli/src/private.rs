//! What Weir keeps is its owner's alone: files 0600, folders 0700.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rustix::{fs::Mode, process::umask};

use crate::{instance, master_key};

/// The mode of a folder.
pub const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// What others than the owner may do.
const OTHERS: u32 = 0o077;

/// From here on, whatever this process makes is its owner's alone, whichever library makes it.
pub fn begin() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// What others may read, write or enter of the data directory, itself among them; with its mode.
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

/// Whether a file of the data directory is Weir's: somebody may keep others there.
fn is_ours(name: &str) -> bool {
    let stores = [instance::EVENTS, instance::META];
    let single = [master_key::FILE, instance::LOCK];
    stores.iter().any(|store| name.starts_with(store)) || single.contains(&name)
}

/// Takes from others what a data directory of an earlier version, or one made by hand, lets them do. What
/// belongs to somebody else cannot be changed, and is named in the log.
pub fn protect(folder: &Path) {
    let open = match open_to_others(folder) {
        Ok(open) => open,
        Err(error) => {
            tracing::warn!(%error, folder = %folder.display(), "file modes cannot be read");
            return;
        }
    };
    for (path, mode) in open {
        let wanted = if path.is_dir() { FOLDER } else { FILE };
        let shown = path.display();
        match fs::set_permissions(&path, Permissions::from_mode(wanted)) {
            Ok(()) => tracing::info!("{shown} had mode {mode:o}; it is its owner's alone now"),
            Err(error) => tracing::warn!(%error, "{shown} has mode {mode:o}: others can open it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_weirs_becomes_its_owners_alone_and_nothing_else_changes() {
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
