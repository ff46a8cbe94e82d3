//! The folder of a server under test, with its data and its log.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    Ended,
    program::{run, weir},
};

/// A temporary folder with a data directory in it; deleted when dropped.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl Place {
    /// Creates one; the data directory does not exist yet.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("weir-e2e-").tempdir();
        Self {
            folder: folder.expect("a temporary folder can be created"),
        }
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The data directory as an argument.
    pub fn data_text(&self) -> String {
        self.data().to_string_lossy().into_owned()
    }

    /// Runs a command of `weir` on the data directory.
    pub fn weir(&self, arguments: &[&str]) -> Ended {
        run(weir(arguments).arg("--data-dir").arg(self.data()))
    }

    /// Like [`Self::weir`], configured with variables.
    pub fn weir_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
        let mut command = weir(arguments);
        command.envs(environment.iter().copied());
        run(command.arg("--data-dir").arg(self.data()))
    }

    /// What the latest start has written to standard output so far.
    pub fn printed(&self) -> String {
        std::fs::read_to_string(self.out()).unwrap_or_default()
    }

    /// The file with the standard output of the latest start.
    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("server.out")
    }

    /// A new file for a start's standard output, and the log of all starts.
    pub(crate) fn files(&self) -> (File, File) {
        let out = File::create(self.out()).expect("a file can be made");
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log());
        (out, log.expect("a file can be created"))
    }

    /// The log of all starts.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// Every file in the data directory with its bytes.
    pub fn files_of_data(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.data(), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let bytes = std::fs::read(&path).expect("the file can be read");
            found.push((path, bytes));
        }
    }
}
