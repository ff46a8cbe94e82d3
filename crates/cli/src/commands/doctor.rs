//! `weir doctor`.

use std::{
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use arrow::array::AsArray;
use tokio::net::TcpListener;
use weir_query::Statement;
use weir_server::Tls;
use weir_store::EventStore;
use weir_store_duckdb::{DuckDbStore, is_encrypted};

use super::serve::say;
use crate::{arguments::Place, config::Config, instance, master_key, private};

/// What must be free on the disk for Weir to run at all, in bytes.
const LEAST_FREE: u64 = 256 << 20;
/// What should be free, if the store does not need more: rewriting it takes its size once more.
const ENOUGH_FREE: u64 = 2 << 30;
/// How far files may lie in the future of the clock: disks of other machines have clocks of their own.
const AHEAD: Duration = Duration::from_secs(300);
/// Before the first version of Weir no clock is right.
const EARLIEST: Duration = Duration::from_secs(1_767_225_600);

/// What was found of one thing.
enum Found {
    Good(String),
    /// Weir runs with it, though not as well as it could.
    Warning(String),
}

/// Checks what a server needs, one line each; fails if anything is missing or damaged.
pub async fn run(place: Place) -> Result<ExitCode> {
    let config = match instance::configuration(&place) {
        Ok(config) => config,
        Err(error) => {
            say(&line("configuration", &Err(error)))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let in_use = instance::is_in_use(&config).context("the claim cannot be looked at");
    let used = *in_use.as_ref().unwrap_or(&false);
    let checks = [
        ("configuration", Ok(Found::Good("valid".to_owned()))),
        ("variables", Ok(variables())),
        ("data directory", data_directory(&config)),
        ("in use", in_use.map(|used| in_use_by(&config, used))),
        ("file modes", file_modes(&config)),
        ("free space", free_space(&config)),
        ("clock", clock(&config, SystemTime::now())),
        ("control data", control_data(&config, used).await),
        ("master key", master_key(&config, used).await),
        ("event store", event_store(&config, used)),
        ("port", port(&config, used).await),
        ("certificate", certificate(&config)),
        ("DuckDB", duckdb(&config).await),
        ("processors", processors()),
    ];
    for (name, found) in &checks {
        say(&line(name, found))?;
    }
    Ok(match checks.iter().all(|(_, found)| found.is_ok()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn line(name: &str, found: &Result<Found>) -> String {
    match found {
        Ok(Found::Good(text)) => format!("ok    {name:<15} {text}\n"),
        Ok(Found::Warning(text)) => format!("warn  {name:<15} {text}\n"),
        Err(error) => format!("FAIL  {name:<15} {}\n", crate::told(error.chain())),
    }
}

fn variables() -> Found {
    let strange = instance::strange_variables();
    match strange.is_empty() {
        true => Found::Good("all that begin with WEIR_ are known".to_owned()),
        false => Found::Warning(strange.join("; ")),
    }
}

fn data_directory(config: &Config) -> Result<Found> {
    let folder = &config.data_dir;
    if !folder.exists() {
        return Ok(Found::Good(format!(
            "{} is made by the first start",
            folder.display()
        )));
    }
    let probe = folder.join(".weir-doctor");
    fs::write(&probe, b"probe")
        .with_context(|| format!("{} cannot be written", folder.display()))?;
    fs::remove_file(&probe)?;
    Ok(Found::Good(format!("{} can be written", folder.display())))
}

fn in_use_by(config: &Config, used: bool) -> Found {
    Found::Good(match used {
        true => format!(
            "a Weir works on it; people reach it at {}",
            instance::public_url(config)
        ),
        false => "by nobody".to_owned(),
    })
}

fn file_modes(config: &Config) -> Result<Found> {
    if !config.data_dir.exists() {
        return Ok(Found::Good("nothing is there yet".to_owned()));
    }
    let open = private::open_to_others(&config.data_dir).context("they cannot be read")?;
    let open = open
        .iter()
        .map(|(path, mode)| format!("{} has {mode:o}", path.display()));
    let open: Vec<String> = open.collect();
    Ok(match open.is_empty() {
        true => Found::Good("nobody but the owner can open anything".to_owned()),
        false => Found::Warning(format!(
            "{}; the next start takes that from others",
            open.join(", ")
        )),
    })
}

fn free_space(config: &Config) -> Result<Found> {
    let folder = config.data_dir.ancestors().find(|folder| folder.exists());
    let folder = folder.unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder)
        .with_context(|| format!("the disk of {} cannot be asked", folder.display()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let store = fs::metadata(instance::events(config)).map_or(0, |file| file.len());
    let text = format!("{} MiB", free >> 20);
    if free < LEAST_FREE {
        bail!("{text} are too little: Weir refuses events when the disk is full");
    }
    Ok(match free < ENOUGH_FREE.max(store) {
        true => Found::Warning(format!(
            "{text} are little beside an event store of {} MiB",
            store >> 20
        )),
        false => Found::Good(text),
    })
}

/// A clock that is wrong puts events where they do not belong.
fn clock(config: &Config, now: SystemTime) -> Result<Found> {
    if now < UNIX_EPOCH + EARLIEST {
        bail!("it is before the first version of Weir: set it");
    }
    for file in [instance::EVENTS, instance::META] {
        let path = config.data_dir.join(file);
        let Ok(written) = fs::metadata(&path).and_then(|file| file.modified()) else {
            continue;
        };
        if let Ok(ahead) = written.duration_since(now)
            && ahead > AHEAD
        {
            bail!(
                "{} was written {} s in its future: the clock went back, or was ahead",
                path.display(),
                ahead.as_secs()
            );
        }
    }
    Ok(Found::Good("after everything that was written".to_owned()))
}

/// The key is looked at only where there is one: a look must not make it.
async fn master_key(config: &Config, used: bool) -> Result<Found> {
    let file = config.data_dir.join(master_key::FILE);
    let given = std::env::var_os(master_key::CURRENT).is_some_and(|value| !value.is_empty());
    let has_data = config.data_dir.join(instance::META).exists();
    match (given, file.exists()) {
        (false, false) if has_data => bail!(
            "{} is missing, and {} is not set: what it sealed cannot be opened without it",
            file.display(),
            master_key::CURRENT
        ),
        (false, false) => Ok(Found::Good("is made by the first start".to_owned())),
        _ => {
            let keys = instance::found_master_keys(config)?;
            if !has_data {
                return Ok(Found::Good("can be read".to_owned()));
            }
            let path = instance::meta(config);
            let seen = weir_meta::look(&path, &keys.sealer()?, instance::EVENTS, used)
                .await
                .with_context(|| {
                    let meta = config.data_dir.join(instance::META);
                    format!("what it sealed in {} cannot be read", meta.display())
                })?;
            match seen.unopened.as_slice() {
                [] => Ok(Found::Good(
                    "opens what is sealed in control data".to_owned(),
                )),
                lost => bail!(instance::strange_key(config, &keys, lost)),
            }
        }
    }
}

async fn control_data(config: &Config, used: bool) -> Result<Found> {
    let path = config.data_dir.join(instance::META);
    if !path.exists() {
        let lost = instance::events(config).exists();
        return match lost {
            true => bail!("{} is missing beside the events", path.display()),
            false => Ok(Found::Good("is made by the first start".to_owned())),
        };
    }
    instance::check_pages(config, used).await?;
    Ok(Found::Good("its pages agree with one another".to_owned()))
}

/// Reads all of a store that is not in use, which can take a while.
fn event_store(config: &Config, used: bool) -> Result<Found> {
    let path = instance::events(config);
    let damaged = || format!("{} is damaged, or is no event store", path.display());
    match is_encrypted(&path).with_context(damaged)? {
        None if config.data_dir.join(instance::META).exists() => {
            bail!("{} is missing beside the control data", path.display())
        }
        None => Ok(Found::Good("is made by the first start".to_owned())),
        Some(_) if used => Ok(Found::Good(
            "is in use; stop the server to have all of it read".to_owned(),
        )),
        Some(true) => Ok(Found::Good(
            "is encrypted; `weir rollup verify` reads all of it".to_owned(),
        )),
        Some(false) => {
            let rows = weir_store_duckdb::check(&path).with_context(damaged)?;
            Ok(Found::Good(format!("all of its {rows} rows can be read")))
        }
    }
}

async fn port(config: &Config, used: bool) -> Result<Found> {
    match TcpListener::bind(&config.listen).await {
        Ok(_) => Ok(Found::Good(format!("{} is free", config.listen))),
        Err(error) if used => Ok(Found::Warning(format!(
            "{} cannot be listened on, perhaps because of the Weir that runs: {error}",
            config.listen
        ))),
        Err(error) => {
            Err(error).with_context(|| format!("{} cannot be listened on", config.listen))
        }
    }
}

fn certificate(config: &Config) -> Result<Found> {
    let Some(files) = config.tls() else {
        return Ok(Found::Good("none: connections are plain".to_owned()));
    };
    let shown = files.certificate.display().to_string();
    Tls::load(files)?;
    Ok(Found::Good(format!("{shown} can be used")))
}

async fn duckdb(config: &Config) -> Result<Found> {
    let store = DuckDbStore::open(instance::store_options(config, None))?;
    store.health().await?;
    let statement = Statement {
        sql: "SELECT version()".to_owned(),
        parameters: Vec::new(),
    };
    let batches = store.read(statement).await?;
    store.close().await?;
    let column = batches
        .first()
        .and_then(|batch| batch.column(0).as_string_opt::<i32>());
    let version = column.context("DuckDB does not say its version")?.value(0);
    Ok(Found::Good(format!("version {version}")))
}

fn processors() -> Result<Found> {
    let count = std::thread::available_parallelism().context("cannot be counted")?;
    Ok(Found::Good(count.to_string()))
}
