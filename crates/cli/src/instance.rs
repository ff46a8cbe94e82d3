//! The stores in a data directory, opened as configured.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context, Result};
use weir_meta::MetaStore;
use weir_model::SystemClock;
use weir_store_duckdb::DuckDbStore;

use crate::{arguments::Place, config::Config};

const META: &str = "meta.sqlite";
const EVENTS: &str = "events.duckdb";

/// The configuration that a place leads to.
pub fn configuration(place: &Place) -> Result<Config> {
    let text = match &place.config {
        Some(path) => Some(
            fs::read_to_string(path)
                .with_context(|| format!("the configuration {} can not be read", path.display()))?,
        ),
        None => None,
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut config =
        Config::load(text.as_deref(), variable).context("the configuration is not valid")?;
    if let Some(folder) = &place.data_dir {
        config.data_dir.clone_from(folder);
    }
    Ok(config)
}

/// Makes the data directory, readable by its owner only: events may hold what is nobody's business.
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("the data directory {} can not be made", folder.display()))
}

/// Opens control data.
pub async fn open_meta(config: &Config) -> Result<MetaStore> {
    let path = config.data_dir.join(META);
    let options = weir_meta::Options {
        path: Some(path.clone()),
        ..weir_meta::Options::default()
    };
    MetaStore::open(options)
        .await
        .with_context(|| format!("{} can not be opened", path.display()))
}

/// Opens the event store.
pub fn open_store(config: &Config) -> Result<DuckDbStore> {
    let path = config.data_dir.join(EVENTS);
    DuckDbStore::open(store_options(config, Some(&path)))
        .with_context(|| format!("{} can not be opened", path.display()))
}

/// How the configuration wants the event store.
pub fn store_options(config: &Config, path: Option<&Path>) -> weir_store_duckdb::Options {
    let defaults = weir_store_duckdb::Options::default();
    weir_store_duckdb::Options {
        path: path.map(Path::to_owned),
        retention: config.retention(),
        memory_limit: config.store.memory_limit.clone(),
        threads: match config.store.threads {
            0 => defaults.threads,
            threads => threads,
        },
        readers: config.store.readers,
        most_queued_events: config.store.queued_events,
        query_deadline: config.query_deadline(),
        clock: Arc::new(SystemClock),
        ..defaults
    }
}
