//! The data directory: creating it, and claiming it for one process at a time.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use anyhow::{Context, Result, bail};

use crate::{config::Config, files::LOCK, private};

/// Creates the data directory unless it exists, accessible only to its owner: events may be confidential. Fails if it
/// cannot be created.
pub fn create(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(private::FOLDER);
    builder
        .create(folder)
        .with_context(|| format!("cannot create the data directory {}", folder.display()))
}

/// Fails if the data directory does not exist.
pub fn require(config: &Config) -> Result<()> {
    match config.data_dir.is_dir() {
        true => Ok(()),
        false => bail!("there is no data directory {}", config.data_dir.display()),
    }
}

/// Claims the data directory for this process until the returned file is dropped. Servers need a claim, and so do
/// commands that must not run while a server does. Fails if the directory does not exist or another process has
/// claimed it.
pub fn claim(config: &Config) -> Result<File> {
    let path = config.data_dir.join(LOCK);
    require(config)?;
    // Another process may still hold the claim, so its text must stay for now.
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let file = options
        .open(&path)
        .with_context(|| format!("cannot create {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            private::protect(&config.data_dir);
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => bail!(
            "the data directory {} is in use by another Weir process; if it is a server, stop it first",
            config.data_dir.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Writes the server's public URL into the claim, for commands that print it. Fails if the file cannot be written.
pub fn announce(mut claim: &File, url: &str) -> Result<()> {
    let written = claim
        .set_len(0)
        .and_then(|()| claim.write_all(format!("{url}\n").as_bytes()));
    written.with_context(|| format!("cannot write {LOCK}"))
}

/// The public URL of the data directory's server: the configured one, else that of the last start.
pub fn public_url(config: &Config) -> String {
    if !config.public_url.is_empty() {
        return config.public_url.trim_end_matches('/').to_owned();
    }
    let announced = fs::read_to_string(config.data_dir.join(LOCK)).unwrap_or_default();
    match announced.trim() {
        "" if config.tls_cert.is_empty() => format!("http://{}", config.listen),
        "" => format!("https://{}", config.listen),
        url => url.to_owned(),
    }
}

/// Whether a process has claimed the data directory. Fails if the lock file cannot be opened or tried.
pub fn is_in_use(config: &Config) -> io::Result<bool> {
    match File::open(config.data_dir.join(LOCK)) {
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
