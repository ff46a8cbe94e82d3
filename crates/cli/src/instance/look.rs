//! Checking a data directory before any part of it is opened or changed.

use std::path::Path;

use anyhow::{Context, Result, bail};
use weir_meta::{LookedAt, MetaError, Sealer, Unopened};

use crate::{
    config::Config,
    environment::variable,
    files::{EVENTS, META, events, meta},
    master_key::{self, Keys},
    reserve,
};

/// The largest control data whose pages are checked before a start, in bytes. It takes about a second and a half,
/// plus the time to read the file from disk.
const MOST_CHECKED: u64 = 1 << 30;

/// The master keys of the data directory, created if there are none. Fails if one of its files is missing while
/// others are there: creating a new one would make the contents of the others inaccessible.
pub fn master_keys(config: &Config) -> Result<Keys> {
    check_files(config, variable(master_key::CURRENT).is_some())?;
    any_master_keys(config)
}

/// The master keys, created if there are none, whichever other files exist. Fails if a key cannot be read or
/// created.
pub fn any_master_keys(config: &Config) -> Result<Keys> {
    Keys::load(&config.data_dir, variable)
}

/// The existing master keys, of which there may be none. Fails if one cannot be read.
pub fn found_master_keys(config: &Config) -> Result<Keys> {
    Keys::find(&config.data_dir, variable)
}

/// Fails unless the files are ones that a first start leaves, even an interrupted one: it creates the master key,
/// then control data, then the event store.
fn check_files(config: &Config, key_is_given: bool) -> Result<()> {
    let folder = config.data_dir.display();
    let exists = |name: &str| config.data_dir.join(name).exists();
    if exists(EVENTS) && !exists(META) {
        bail!(
            "{META} is missing from {folder}, but {EVENTS} is there. Restore it from a backup, with {META}-wal if \
             there is one; nothing was changed. `weir store accept` creates new control data for these events: \
             you then have to create projects, people and keys again"
        );
    }
    if exists(META) && !key_is_given && !exists(master_key::FILE) {
        bail!(
            "{file} is missing from {folder}, but {META} is there, and {variable} is not set. Restore the file, or \
             set the variable to the key that it held; nothing was changed. `weir store accept` creates a new \
             master key, which cannot open second factors, secrets of identity providers or an encrypted event \
             store",
            file = master_key::FILE,
            variable = master_key::CURRENT,
        );
    }
    Ok(())
}

/// A data directory whose parts were checked and match. Nothing in it was changed.
pub struct Checked {
    /// Its master keys.
    pub keys: Keys,
    pub(super) seen: LookedAt,
}

/// Checks the control data of a claimed data directory without changing anything. Fails if a file is missing or
/// damaged, or if the master key is not the one that belongs to the control data.
pub async fn look(config: &Config) -> Result<Checked> {
    let keys = master_keys(config)?;
    let seen = inspect(config, &keys.sealer()?, false).await?;
    if !seen.unopened.is_empty() {
        bail!(foreign_key(config, &keys, &seen.unopened));
    }
    Ok(Checked { keys, seen })
}

/// Like [`look`], and also fails if the event store is missing although it was created before.
pub async fn look_at_both(config: &Config) -> Result<Checked> {
    let checked = look(config).await?;
    let LookedAt {
        begun, event_store, ..
    } = &checked.seen;
    if !events(config).exists() && (event_store.is_some() || *begun) {
        bail!(
            "{EVENTS} is missing from {}, but {META} is there{}. Restore it from a backup, with {EVENTS}.wal if there \
             is one; nothing was changed. `weir store accept` starts over without events",
            config.data_dir.display(),
            event_store
                .as_ref()
                .map_or_else(String::new, |known| format!(
                    " and has recorded {} commits",
                    known.sequence
                )),
        );
    }
    Ok(checked)
}

/// What control data contains, read without opening it for changes; empty if there is none. Checks its pages too,
/// unless there are so many that a start would be delayed. `in_use` says whether a server has it open. Fails if it
/// is damaged or cannot be read.
pub async fn inspect(config: &Config, sealer: &Sealer, in_use: bool) -> Result<LookedAt> {
    let path = meta(config);
    if !path.exists() {
        return Ok(LookedAt::default());
    }
    reserve::settle(&config.data_dir);
    if !is_large(&path) {
        check_pages(config, in_use).await?;
    }
    let looked = weir_meta::look(&path, sealer, EVENTS, in_use).await;
    looked.with_context(|| format!("cannot open {}; nothing was changed", path.display()))
}

/// Whether control data is so large that the running server checks its pages, instead of the start.
pub fn is_large(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.len() > MOST_CHECKED)
}

/// Checks that the pages of control data agree with each other. Fails if they do not.
pub async fn check_pages(config: &Config, in_use: bool) -> Result<()> {
    let path = meta(config);
    let checked = weir_meta::check(&path, in_use).await;
    checked.with_context(|| {
        format!(
            "{} is damaged, or is not a control data file: restore it from a backup, with {META}-wal if there is \
             one; nothing was changed",
            path.display()
        )
    })
}

/// The message that the master key is not the one that belongs to the control data, and what to do.
pub fn foreign_key(config: &Config, keys: &Keys, unopened: &[Unopened]) -> String {
    let place = keys.place(&config.data_dir);
    let path = meta(config);
    let path = path.display();
    let opened = MetaError::Unopened(unopened.to_vec());
    let Some(sealed_with) = unopened.iter().find_map(|secret| secret.key) else {
        return format!(
            "{path}: {opened}. Restore {META} from a backup; nothing was changed. `weir store accept` discards \
             these and keeps everything else"
        );
    };
    let id = keys.sealer().map_or_else(
        |_| String::new(),
        |sealer| format!(" ({})", sealer.current()),
    );
    format!(
        "the master key in {place}{id} is not the one that belongs to {path}, whose secrets are sealed with the key \
         {sealed_with}: {opened}. Restore the right key, as {file} or in {variable}; nothing was changed. \
         `weir store accept` continues with the current key, and discards what that key cannot open",
        file = master_key::FILE,
        variable = master_key::CURRENT,
    )
}
