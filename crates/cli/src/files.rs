//! The files of a data directory.

use std::path::PathBuf;

use crate::{config::Config, master_key};

/// The file of control data.
pub const META: &str = "meta.sqlite";
/// The file of the event store; also the name of its key in control data.
pub const EVENTS: &str = "events.duckdb";
/// The lock file: a process that holds its lock has claimed the data directory.
pub const LOCK: &str = "weir.lock";

/// The path of control data.
pub fn meta(config: &Config) -> PathBuf {
    config.data_dir.join(META)
}

/// The path of the event store.
pub fn events(config: &Config) -> PathBuf {
    config.data_dir.join(EVENTS)
}

/// Whether a file of the data directory is Weir's: the directory may contain others.
pub fn is_ours(name: &str) -> bool {
    let stores = [EVENTS, META];
    let single = [master_key::FILE, LOCK];
    stores.iter().any(|store| name.starts_with(store)) || single.contains(&name)
}
