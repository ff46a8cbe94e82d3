//! The stores in a data directory, opened as configured.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use weir_meta::{KnownStore, LookedAt, MetaError, MetaStore, Sealer, Unopened};
use weir_model::SystemClock;
use weir_store::{EventStore, fold::Rules};
use weir_store_duckdb::{Belongs, CryptoModule, DuckDbStore, Encryption, is_encrypted};

use crate::{
    arguments::{self, Place},
    config::{self, Config},
    master_key::{self, Keys},
    private, reserve,
};

/// The name of control data.
pub const META: &str = "meta.sqlite";
/// The name of the event store, and of its key in control data.
pub const EVENTS: &str = "events.duckdb";
/// The file by which a process claims the data directory.
pub const LOCK: &str = "weir.lock";
/// Control data whose pages are compared before a start, at most, in bytes: about a second and a half of work, and
/// as long again as it takes to read from the disk.
const MOST_CHECKED: u64 = 1 << 30;

/// The configuration that a place leads to.
pub fn configuration(place: &Place) -> Result<Config> {
    let text = match &place.config {
        Some(path) => Some(
            fs::read_to_string(path)
                .with_context(|| format!("the configuration {} cannot be read", path.display()))?,
        ),
        None => None,
    };
    let mut config =
        Config::load(text.as_deref(), variable).context("the configuration is not valid")?;
    if let Some(folder) = &place.data_dir {
        config.data_dir.clone_from(folder);
    }
    Ok(config)
}

/// The value of a variable of the environment, if it has one.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Makes the data directory, readable by its owner only: events may hold what is nobody's business.
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(private::FOLDER);
    builder
        .create(folder)
        .with_context(|| format!("the data directory {} cannot be made", folder.display()))
}

/// Claims the data directory for this process until the file is dropped: for a server, and for what
/// must not happen under one.
pub fn claim(config: &Config) -> Result<File> {
    let path = config.data_dir.join(LOCK);
    if !config.data_dir.is_dir() {
        bail!("there is no data directory {}", config.data_dir.display());
    }
    // What another Weir wrote into it stays until it is known to be gone.
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let file = options
        .open(&path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            private::protect(&config.data_dir);
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => bail!(
            "another Weir works on the data directory {}: a running server has its store to itself; stop it first",
            config.data_dir.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{} cannot be locked", path.display()))
        }
    }
}

/// Writes into the claim where people reach the server, for commands that tell it.
pub fn announce(mut claim: &File, url: &str) -> Result<()> {
    let written = claim
        .set_len(0)
        .and_then(|()| claim.write_all(format!("{url}\n").as_bytes()));
    written.with_context(|| format!("{LOCK} cannot be written"))
}

/// Where people reach the server of the data directory: as configured, or as the last one was started.
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

/// Whether a process works on the data directory.
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

/// Variables of the environment that begin as Weir's do and mean nothing to it, in words.
pub fn strange_variables() -> Vec<String> {
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut others = vec![
        master_key::CURRENT.to_owned(),
        master_key::PREVIOUS.to_owned(),
    ];
    others.extend(arguments::variables());
    let strange = config::unknown_variables(set, &others).into_iter();
    let words = strange.map(|(name, meant)| match meant {
        Some(meant) => format!("{name} means nothing to Weir; is it {meant}?"),
        None => format!("{name} means nothing to Weir; `weir config default` lists the keys"),
    });
    words.collect()
}

/// The master keys of the data directory. Refused if a part of what belongs together is missing: it would
/// be made anew, and what the others hold would be lost behind it.
pub fn master_keys(config: &Config) -> Result<Keys> {
    check_files(config, variable(master_key::CURRENT).is_some())?;
    any_master_keys(config)
}

/// The master keys, made if there are none, whatever else is there.
pub fn any_master_keys(config: &Config) -> Result<Keys> {
    Keys::load(&config.data_dir, variable)
}

/// The master keys that are there.
pub fn found_master_keys(config: &Config) -> Result<Keys> {
    Keys::find(&config.data_dir, variable)
}

/// Whether the files of the data directory are those that a first start, also an interrupted one, leaves
/// behind: it makes the master key, then control data, then the event store.
fn check_files(config: &Config, key_is_given: bool) -> Result<()> {
    let folder = config.data_dir.display();
    let there = |name: &str| config.data_dir.join(name).exists();
    if there(EVENTS) && !there(META) {
        bail!(
            "{META} is missing from {folder}, where {EVENTS} is. Bring it back from a backup, with {META}-wal if \
             there is one; nothing was changed. `weir store accept` makes new control data beside the events: \
             projects, people and keys have to be made anew"
        );
    }
    if there(META) && !key_is_given && !there(master_key::FILE) {
        bail!(
            "{file} is missing from {folder}, where {META} is, and {variable} is not set. Bring the file back, or \
             set the variable to the key that it held; nothing was changed. `weir store accept` makes a new \
             master key: second factors, secrets of identity providers and an encrypted event store cannot be \
             opened with it",
            file = master_key::FILE,
            variable = master_key::CURRENT,
        );
    }
    Ok(())
}

/// The file of control data.
pub fn meta(config: &Config) -> PathBuf {
    config.data_dir.join(META)
}

/// The file of the event store.
pub fn events(config: &Config) -> PathBuf {
    config.data_dir.join(EVENTS)
}

/// A data directory whose parts were looked at and belong together. Nothing of it was changed.
pub struct Sound {
    /// Its master keys.
    pub keys: Keys,
    seen: LookedAt,
}

/// Looks at control data of a claimed data directory, and changes nothing: what is refused here stays as it is.
pub async fn look(config: &Config) -> Result<Sound> {
    let keys = master_keys(config)?;
    let seen = see(config, &keys.sealer()?, false).await?;
    if !seen.unopened.is_empty() {
        bail!(strange_key(config, &keys, &seen.unopened));
    }
    Ok(Sound { keys, seen })
}

/// The same for both stores.
pub async fn look_at_both(config: &Config) -> Result<Sound> {
    let sound = look(config).await?;
    let LookedAt {
        begun, event_store, ..
    } = &sound.seen;
    if !events(config).exists() && (event_store.is_some() || *begun) {
        bail!(
            "{EVENTS} is missing from {}, where {META} is{}. Bring it back from a backup, with {EVENTS}.wal if there \
             is one; nothing was changed. `weir store accept` begins anew without events",
            config.data_dir.display(),
            event_store
                .as_ref()
                .map_or_else(String::new, |known| format!(
                    ", which knows of {} commits in it",
                    known.sequence
                )),
        );
    }
    Ok(sound)
}

/// What control data says before it is opened; nothing if there is none. Its pages are compared with one
/// another unless there are so many that a start would be late by it.
pub async fn see(config: &Config, sealer: &Sealer, in_use: bool) -> Result<LookedAt> {
    let path = meta(config);
    if !path.exists() {
        return Ok(LookedAt::default());
    }
    reserve::settle(&config.data_dir);
    if !is_large(&path) {
        check_pages(config, in_use).await?;
    }
    let looked = weir_meta::look(&path, sealer, EVENTS, in_use).await;
    looked.with_context(|| format!("{} cannot be opened; nothing was changed", path.display()))
}

/// Whether control data is so large that its pages are compared beside a server and not before it starts.
pub fn is_large(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.len() > MOST_CHECKED)
}

/// Compares the pages of control data with one another.
pub async fn check_pages(config: &Config, in_use: bool) -> Result<()> {
    let path = meta(config);
    let checked = weir_meta::check(&path, in_use).await;
    checked.with_context(|| {
        format!(
            "{} is damaged, or is no control data: bring it back from a backup, with {META}-wal if there is one; \
             nothing was changed",
            path.display()
        )
    })
}

/// That the master key is not the one of the control data, and what to do.
pub fn strange_key(config: &Config, keys: &Keys, unopened: &[Unopened]) -> String {
    let place = keys.place(&config.data_dir);
    let path = meta(config);
    let path = path.display();
    let opened = MetaError::Unopened(unopened.to_vec());
    let Some(sealed_with) = unopened.iter().find_map(|secret| secret.key) else {
        return format!(
            "{path}: {opened}. Bring {META} back from a backup; nothing was changed. `weir store accept` lets go of \
             these and keeps everything else"
        );
    };
    let id = keys.sealer().map_or_else(
        |_| String::new(),
        |sealer| format!(" ({})", sealer.current()),
    );
    format!(
        "the master key in {place}{id} is not the one that belongs to {path}, which was sealed with the key \
         {sealed_with}: {opened}. Bring the right key back, as {file} or in {variable}; nothing was changed. \
         `weir store accept` goes on with the key that is there, and lets go of what it does not open",
        file = master_key::FILE,
        variable = master_key::CURRENT,
    )
}

impl Sound {
    /// Opens control data.
    pub async fn open_meta(&self, config: &Config) -> Result<MetaStore> {
        open_meta_with(config, &self.keys).await
    }

    /// Opens both stores: the events as they are, or, if there are none yet, encrypted if that is configured.
    /// An event store that is not the one of the control data is refused before that is opened.
    pub async fn open(&self, config: &Config) -> Result<(MetaStore, DuckDbStore)> {
        let known = &self.seen.event_store;
        let belongs = match known {
            None => Belongs::Nowhere,
            Some(known) => Belongs::To {
                id: known.id.clone(),
                sequence: known.sequence,
            },
        };
        let (meta, store) = self.open_as(config, belongs).await?;
        if known.is_none() {
            know(&meta, &store).await?;
        }
        if !store.identity().paired {
            store.set_paired().await?;
        }
        Ok((meta, store))
    }

    async fn open_as(&self, config: &Config, belongs: Belongs) -> Result<(MetaStore, DuckDbStore)> {
        if !events(config).exists() {
            let meta = self.open_meta(config).await?;
            let store = make_store(config, &meta).await?;
            return Ok((meta, store));
        }
        let store = open_events(config, &self.seen, belongs)?;
        match self.open_meta(config).await {
            Ok(meta) => Ok((meta, store)),
            Err(error) => {
                store.close().await?;
                Err(error)
            }
        }
    }
}

/// Opens control data of a claimed data directory.
pub async fn open_meta(config: &Config) -> Result<MetaStore> {
    look(config).await?.open_meta(config).await
}

/// Opens control data, also under a running server.
pub async fn open_meta_beside(config: &Config) -> Result<MetaStore> {
    match is_in_use(config)? {
        true => open_meta_with(config, &master_keys(config)?).await,
        false => open_meta(config).await,
    }
}

/// Opens both stores of a claimed data directory.
pub async fn open_stores(config: &Config) -> Result<(MetaStore, DuckDbStore)> {
    look_at_both(config).await?.open(config).await
}

/// Opens control data with these master keys, which must be its own.
pub async fn open_meta_with(config: &Config, keys: &Keys) -> Result<MetaStore> {
    let meta = open_any_meta(config, keys).await?;
    match meta.hold_to_master_key().await {
        Ok(()) => Ok(meta),
        Err(MetaError::Unopened(unopened)) => bail!(strange_key(config, keys, &unopened)),
        Err(error) => Err(error.into()),
    }
}

/// Opens control data, whatever these master keys open of it.
pub async fn open_any_meta(config: &Config, keys: &Keys) -> Result<MetaStore> {
    let path = meta(config);
    let options = weir_meta::Options {
        path: Some(path.clone()),
        sealer: Arc::new(keys.sealer()?),
        ..weir_meta::Options::default()
    };
    reserve::settle(&config.data_dir);
    MetaStore::open(options)
        .await
        .with_context(|| format!("{} cannot be opened", path.display()))
}

/// Takes the event store as the one that belongs to the control data.
pub async fn know(meta: &MetaStore, store: &DuckDbStore) -> Result<()> {
    let identity = store.identity();
    let known = KnownStore {
        id: identity.id.clone(),
        sequence: identity.sequence,
    };
    Ok(meta.know_event_store(&known).await?)
}

/// Makes an event store where there is none.
pub async fn make_store(config: &Config, meta: &MetaStore) -> Result<DuckDbStore> {
    let encryption = match config.encrypt_store {
        true => Some(make_encryption(config, meta).await?),
        false => None,
    };
    open_duckdb(config, encryption, Belongs::Nowhere)
}

/// Opens the event store that is there, with its key as control data has it.
pub fn open_events(config: &Config, seen: &LookedAt, belongs: Belongs) -> Result<DuckDbStore> {
    let path = events(config);
    let encrypted = is_encrypted(&path)
        .with_context(|| format!("{} cannot be opened; nothing was changed", path.display()))?;
    let encryption = match encrypted {
        Some(false) if config.encrypt_store => bail!(
            "{} is plain and encrypt_store is set: `weir store encrypt` encrypts it",
            path.display()
        ),
        Some(true) => encryption(config, seen.store_key.as_deref())?,
        _ => None,
    };
    open_duckdb(config, encryption, belongs)
}

fn open_duckdb(
    config: &Config,
    encryption: Option<Encryption>,
    belongs: Belongs,
) -> Result<DuckDbStore> {
    let path = events(config);
    let mut options = store_options(config, Some(&path));
    options.belongs = belongs;
    options.encryption = encryption;
    tokio::task::block_in_place(|| DuckDbStore::open(options))
        .with_context(|| format!("{} cannot be opened", path.display()))
}

/// How the event store is encrypted, by its key in control data.
pub fn encryption(config: &Config, key: Option<&Vec<u8>>) -> Result<Option<Encryption>> {
    let key = key.with_context(|| {
        format!(
            "{} is encrypted and its key is not in {META}; bring back the {META} that belongs to it",
            events(config).display()
        )
    })?;
    Ok(Encryption::new(key, crypto_module(config)?))
}

/// The same; makes the key if there is none.
pub async fn make_encryption(config: &Config, meta: &MetaStore) -> Result<Encryption> {
    let module = crypto_module(config)?;
    let key = meta.make_store_key(EVENTS).await?;
    Encryption::new(&key, module).context("the key of the event store has a wrong length")
}

fn crypto_module(config: &Config) -> Result<CryptoModule> {
    match config.crypto_module.as_str() {
        "builtin" => Ok(CryptoModule::BuiltIn),
        "" => CryptoModule::beside().with_context(|| {
            format!(
                "encryption needs {}, DuckDB's OpenSSL module, beside the program: see \
                 \"At rest\" in docs/SECURITY.md, also for crypto_module = \"builtin\"",
                CryptoModule::FILE
            )
        }),
        path => Ok(CryptoModule::OpenSsl(path.into())),
    }
}

/// How the configuration wants the event store.
pub fn store_options(config: &Config, path: Option<&Path>) -> weir_store_duckdb::Options {
    let defaults = weir_store_duckdb::Options::default();
    weir_store_duckdb::Options {
        path: path.map(Path::to_owned),
        rules: Rules {
            skew: i64::from(config.executions.clock_skew_ms),
        },
        open_execution_bytes: config.executions.open_bytes,
        retention: config.retention(),
        memory_limit: config.store.memory_limit.clone(),
        threads: match config.store.threads {
            0 => defaults.threads,
            threads => threads,
        },
        readers: config.store.readers,
        most_answer_bytes: config.store.answer_bytes,
        most_queued_events: config.store.queued_events,
        reserved_bytes: config.store.reserved_bytes,
        query_deadline: config.query_deadline(),
        clock_jump: config.clock_jump(),
        clock: Arc::new(SystemClock),
        ..defaults
    }
}
