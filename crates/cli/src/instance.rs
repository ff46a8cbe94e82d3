//! The stores in a data directory, opened as configured.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use weir_meta::{KnownStore, MetaStore};
use weir_model::SystemClock;
use weir_store::fold::Rules;
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

/// The configuration that a place leads to.
pub fn configuration(place: &Place) -> Result<Config> {
    let text = match &place.config {
        Some(path) => Some(
            fs::read_to_string(path)
                .with_context(|| format!("the configuration {} can not be read", path.display()))?,
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
        .with_context(|| format!("the data directory {} can not be made", folder.display()))
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
        .with_context(|| format!("{} can not be made", path.display()))?;
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
            Err(error).with_context(|| format!("{} can not be locked", path.display()))
        }
    }
}

/// Writes into the claim where people reach the server, for commands that tell it.
pub fn announce(mut claim: &File, url: &str) -> Result<()> {
    let written = claim
        .set_len(0)
        .and_then(|()| claim.write_all(format!("{url}\n").as_bytes()));
    written.with_context(|| format!("{LOCK} can not be written"))
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
             master key: second factors, secrets of identity providers and an encrypted event store can not be \
             opened with it",
            file = master_key::FILE,
            variable = master_key::CURRENT,
        );
    }
    Ok(())
}

/// Opens control data.
pub async fn open_meta(config: &Config) -> Result<MetaStore> {
    open_meta_with(config, &master_keys(config)?).await
}

/// Opens control data with these master keys.
pub async fn open_meta_with(config: &Config, keys: &Keys) -> Result<MetaStore> {
    let path = config.data_dir.join(META);
    let options = weir_meta::Options {
        path: Some(path.clone()),
        sealer: Arc::new(keys.sealer()?),
        ..weir_meta::Options::default()
    };
    reserve::settle(&config.data_dir);
    MetaStore::open(options)
        .await
        .with_context(|| format!("{} can not be opened", path.display()))
}

/// The file of the event store.
pub fn events(config: &Config) -> PathBuf {
    config.data_dir.join(EVENTS)
}

/// Opens the event store: as it is, or, if there is none yet, encrypted if that is configured. One that is
/// missing, or is not the one that belongs to the control data, is refused.
pub async fn open_store(config: &Config, meta: &MetaStore) -> Result<DuckDbStore> {
    let known = meta.event_store().await?;
    if !events(config).exists() && (known.is_some() || meta.operator().await?.is_some()) {
        bail!(
            "{EVENTS} is missing from {}, where {META} is{}. Bring it back from a backup, with {EVENTS}.wal if there \
             is one; nothing was changed. `weir store accept` begins anew without events",
            config.data_dir.display(),
            known.map_or_else(String::new, |known| format!(
                ", which knows of {} commits in it",
                known.sequence
            )),
        );
    }
    let belongs = match &known {
        None => Belongs::Nowhere,
        Some(known) => Belongs::To {
            id: known.id.clone(),
            sequence: known.sequence,
        },
    };
    let store = open_any_store(config, meta, belongs).await?;
    if known.is_none() {
        know(meta, &store).await?;
    }
    if !store.identity().paired {
        store.set_paired().await?;
    }
    Ok(store)
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

/// Opens the event store, or makes one.
pub async fn open_any_store(
    config: &Config,
    meta: &MetaStore,
    belongs: Belongs,
) -> Result<DuckDbStore> {
    let path = events(config);
    let shown = || format!("{} can not be opened", path.display());
    let mut options = store_options(config, Some(&path));
    options.belongs = belongs;
    options.encryption = match is_encrypted(&path).with_context(shown)? {
        Some(false) if config.encrypt_store => bail!(
            "{} is plain and encrypt_store is set: `weir store encrypt` encrypts it",
            path.display()
        ),
        Some(false) => None,
        Some(true) => encryption(config, meta).await?,
        None if config.encrypt_store => Some(make_encryption(config, meta).await?),
        None => None,
    };
    tokio::task::block_in_place(|| DuckDbStore::open(options)).with_context(shown)
}

/// How the event store is encrypted, by its key in control data.
pub async fn encryption(config: &Config, meta: &MetaStore) -> Result<Option<Encryption>> {
    let key = meta.store_key(EVENTS).await?.with_context(|| {
        format!(
            "{} is encrypted and its key is not in {META}; bring back the {META} that belongs to it",
            events(config).display()
        )
    })?;
    Ok(Encryption::new(&key, crypto_module(config)?))
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
