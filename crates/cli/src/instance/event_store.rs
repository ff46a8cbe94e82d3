//! Opening the event store as configured.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use weir_meta::{LookedAt, MetaStore};
use weir_model::SystemClock;
use weir_store::fold::Rules;
use weir_store_duckdb::{Belongs, CryptoModule, DuckDbStore, Encryption, is_encrypted};

use crate::{
    config::Config,
    files::{EVENTS, META, events},
};

/// Creates the event store, encrypted if that is configured. Fails if it cannot be created.
pub async fn make_store(config: &Config, meta: &MetaStore) -> Result<DuckDbStore> {
    let encryption = match config.encrypt_store {
        true => Some(make_encryption(config, meta).await?),
        false => None,
    };
    open_duckdb(config, encryption, Belongs::Nowhere)
}

/// Opens the existing event store with its key from control data. Fails if it is damaged, is not the one that
/// `belongs` names, or is not encrypted although that is configured.
pub fn open_events(config: &Config, seen: &LookedAt, belongs: Belongs) -> Result<DuckDbStore> {
    let path = events(config);
    let encrypted = is_encrypted(&path)
        .with_context(|| format!("cannot open {}; nothing was changed", path.display()))?;
    let encryption = match encrypted {
        Some(false) if config.encrypt_store => bail!(
            "{} is not encrypted, but encrypt_store is set: encrypt it with `weir store encrypt`",
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
        .with_context(|| format!("cannot open {}", path.display()))
}

/// The encryption of the event store with its key from control data. Fails if control data has no key, or if the
/// crypto module is missing.
pub fn encryption(config: &Config, key: Option<&Vec<u8>>) -> Result<Option<Encryption>> {
    let key = key.with_context(|| {
        format!(
            "{} is encrypted, but its key is not in {META}; restore the {META} that belongs to it",
            events(config).display()
        )
    })?;
    Ok(Encryption::new(key, crypto_module(config)?))
}

/// Like [`encryption`], but creates the key if there is none. Fails if it cannot be stored, or if the crypto module
/// is missing.
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
                "encryption needs {}, DuckDB's OpenSSL module, in the folder of the program: see \
                 \"At rest\" in docs/SECURITY.md, also for the alternative crypto_module = \"builtin\"",
                CryptoModule::FILE
            )
        }),
        path => Ok(CryptoModule::OpenSsl(path.into())),
    }
}

/// The configured options of the event store; without `path`, those of a store in memory.
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
