//! The stores in a data directory, opened as configured.

mod event_store;
mod look;

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use weir_meta::{KnownStore, MetaError, MetaStore};
use weir_store::EventStore;
use weir_store_duckdb::{Belongs, DuckDbStore};

use crate::{
    config::Config,
    data_dir,
    files::{events, meta},
    master_key::Keys,
    reserve,
};

pub use event_store::{encryption, make_encryption, make_store, open_events, store_options};
pub use look::{
    Checked, any_master_keys, check_pages, foreign_key, found_master_keys, inspect, is_large, look,
    look_at_both, master_keys,
};

impl Checked {
    /// Opens control data. Fails if it is damaged or newer than this program.
    pub async fn open_meta(&self, config: &Config) -> Result<MetaStore> {
        open_meta_with(config, &self.keys).await
    }

    /// Opens both stores. Creates the event store if there is none, encrypted if that is configured. Fails, before
    /// it opens control data, if the event store is not the one that belongs to it.
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
            pair(&meta, &store).await?;
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

/// Opens the control data of a claimed data directory. Fails as [`look()`] does, or if it cannot be opened.
pub async fn open_meta(config: &Config) -> Result<MetaStore> {
    look(config).await?.open_meta(config).await
}

/// Opens control data, even while a server is running. Fails as [`open_meta`] does.
pub async fn open_meta_beside(config: &Config) -> Result<MetaStore> {
    match data_dir::is_in_use(config)? {
        true => open_meta_with(config, &master_keys(config)?).await,
        false => open_meta(config).await,
    }
}

/// Opens both stores of a claimed data directory. Fails as [`look_at_both`] does, or if one cannot be opened.
pub async fn open_stores(config: &Config) -> Result<(MetaStore, DuckDbStore)> {
    look_at_both(config).await?.open(config).await
}

/// Opens control data with these master keys. Fails if they are not its own.
pub async fn open_meta_with(config: &Config, keys: &Keys) -> Result<MetaStore> {
    let meta = open_any_meta(config, keys).await?;
    match meta.hold_to_master_key().await {
        Ok(()) => Ok(meta),
        Err(MetaError::Unopened(unopened)) => bail!(foreign_key(config, keys, &unopened)),
        Err(error) => Err(error.into()),
    }
}

/// Opens control data, even if these master keys cannot open all of its secrets. Fails if it cannot be opened.
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
        .with_context(|| format!("cannot open {}", path.display()))
}

/// Records in control data that this event store belongs to it. Fails if control data cannot be written.
pub async fn pair(meta: &MetaStore, store: &DuckDbStore) -> Result<()> {
    let identity = store.identity();
    let known = KnownStore {
        id: identity.id.clone(),
        sequence: identity.sequence,
    };
    Ok(meta.know_event_store(&known).await?)
}
