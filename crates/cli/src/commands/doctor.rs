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

use crate::{
    arguments::Place,
    config::Config,
    data_dir, environment, files, instance, master_key,
    output::{described, print},
    private,
};

/// The least free disk space with which Weir can run at all, in bytes.
const LEAST_FREE: u64 = 256 << 20;
/// The free disk space, in bytes, below which there is a warning. For a larger store, it is the store's own
/// size, because rewriting the store takes that much.
const ENOUGH_FREE: u64 = 2 << 30;
/// How far ahead of the clock files may be: network disks have their own clocks.
const AHEAD: Duration = Duration::from_secs(300);
/// 2026-01-01, before the first version of Weir: a clock that shows an earlier time is wrong.
const EARLIEST: Duration = Duration::from_secs(1_767_225_600);

/// The result of one check; an error means that Weir cannot run.
enum Found {
    Good(String),
    /// Weir can run, but something should be improved.
    Warning(String),
}

/// Checks what a server needs and prints one line for each check. The exit code is 1 if a check fails. Fails if
/// standard output cannot be written.
pub async fn run(place: Place) -> Result<ExitCode> {
    let config = match environment::configuration(&place) {
        Ok(config) => config,
        Err(error) => {
            print(&line("configuration", &Err(error)))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let in_use = data_dir::is_in_use(&config).context("cannot open the lock file");
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
        print(&line(name, found))?;
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
        Err(error) => format!("FAIL  {name:<15} {}\n", described(error.chain())),
    }
}

fn variables() -> Found {
    let unknown = environment::unknown_variables();
    match unknown.is_empty() {
        true => Found::Good("Weir knows all variables that begin with WEIR_".to_owned()),
        false => Found::Warning(unknown.join("; ")),
    }
}

fn data_directory(config: &Config) -> Result<Found> {
    let folder = &config.data_dir;
    if !folder.exists() {
        return Ok(Found::Good(format!(
            "the first start will create {}",
            folder.display()
        )));
    }
    let probe = folder.join(".weir-doctor");
    fs::write(&probe, b"probe").with_context(|| format!("cannot write to {}", folder.display()))?;
    fs::remove_file(&probe)?;
    Ok(Found::Good(format!("{} is writable", folder.display())))
}

fn in_use_by(config: &Config, used: bool) -> Found {
    Found::Good(match used {
        true => format!(
            "a Weir process is using it; its URL is {}",
            data_dir::public_url(config)
        ),
        false => "no".to_owned(),
    })
}

fn file_modes(config: &Config) -> Result<Found> {
    if !config.data_dir.exists() {
        return Ok(Found::Good("there are no files yet".to_owned()));
    }
    let open = private::open_to_others(&config.data_dir).context("cannot read them")?;
    let open = open
        .iter()
        .map(|(path, mode)| format!("{} has {mode:o}", path.display()));
    let open: Vec<String> = open.collect();
    Ok(match open.is_empty() {
        true => Found::Good("only the owner has access".to_owned()),
        false => Found::Warning(format!(
            "{}; the next start restricts access to the owner",
            open.join(", ")
        )),
    })
}

fn free_space(config: &Config) -> Result<Found> {
    let folder = config.data_dir.ancestors().find(|folder| folder.exists());
    let folder = folder.unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).with_context(|| {
        format!(
            "cannot read the free space of the disk with {}",
            folder.display()
        )
    })?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let store = fs::metadata(files::events(config)).map_or(0, |file| file.len());
    let text = format!("{} MiB", free >> 20);
    if free < LEAST_FREE {
        bail!("{text} is too little: Weir rejects events when the disk is full");
    }
    Ok(match free < ENOUGH_FREE.max(store) {
        true => Found::Warning(format!(
            "{text} is low for an event store of {} MiB",
            store >> 20
        )),
        false => Found::Good(text),
    })
}

/// Fails if the clock is obviously wrong: events would then get wrong times.
fn clock(config: &Config, now: SystemTime) -> Result<Found> {
    if now < UNIX_EPOCH + EARLIEST {
        bail!("it shows a time before the first version of Weir: set the clock");
    }
    for file in [files::EVENTS, files::META] {
        let path = config.data_dir.join(file);
        let Ok(written) = fs::metadata(&path).and_then(|file| file.modified()) else {
            continue;
        };
        if let Ok(ahead) = written.duration_since(now)
            && ahead > AHEAD
        {
            bail!(
                "{} was last written {} s after the current time: the clock was set back, or was ahead before",
                path.display(),
                ahead.as_secs()
            );
        }
    }
    Ok(Found::Good("later than the last write".to_owned()))
}

/// Checks the key only if there is one: the check must not create it.
async fn master_key(config: &Config, used: bool) -> Result<Found> {
    let file = config.data_dir.join(master_key::FILE);
    let given = std::env::var_os(master_key::CURRENT).is_some_and(|value| !value.is_empty());
    let has_data = config.data_dir.join(files::META).exists();
    match (given, file.exists()) {
        (false, false) if has_data => bail!(
            "{} is missing, and {} is not set: without the key, sealed secrets cannot be opened",
            file.display(),
            master_key::CURRENT
        ),
        (false, false) => Ok(Found::Good("the first start will create it".to_owned())),
        _ => {
            let keys = instance::found_master_keys(config)?;
            if !has_data {
                return Ok(Found::Good("it can be read".to_owned()));
            }
            let path = files::meta(config);
            let seen = weir_meta::look(&path, &keys.sealer()?, files::EVENTS, used)
                .await
                .with_context(|| {
                    let meta = config.data_dir.join(files::META);
                    format!("cannot read the sealed secrets in {}", meta.display())
                })?;
            match seen.unopened.as_slice() {
                [] => Ok(Found::Good(
                    "it opens the secrets in control data".to_owned(),
                )),
                lost => bail!(instance::foreign_key(config, &keys, lost)),
            }
        }
    }
}

async fn control_data(config: &Config, used: bool) -> Result<Found> {
    let path = config.data_dir.join(files::META);
    if !path.exists() {
        let lost = files::events(config).exists();
        return match lost {
            true => bail!(
                "{} is missing, but the event store is there",
                path.display()
            ),
            false => Ok(Found::Good("the first start will create it".to_owned())),
        };
    }
    instance::check_pages(config, used).await?;
    Ok(Found::Good("its pages are consistent".to_owned()))
}

/// Reads the whole store unless it is in use or encrypted, which can take a while.
fn event_store(config: &Config, used: bool) -> Result<Found> {
    let path = files::events(config);
    let damaged = || format!("{} is damaged, or is not an event store", path.display());
    match is_encrypted(&path).with_context(damaged)? {
        None if config.data_dir.join(files::META).exists() => {
            bail!("{} is missing, but control data is there", path.display())
        }
        None => Ok(Found::Good("the first start will create it".to_owned())),
        Some(_) if used => Ok(Found::Good(
            "not checked: it is in use; stop the server to check it".to_owned(),
        )),
        Some(true) => Ok(Found::Good(
            "not checked: it is encrypted; `weir rollup verify` reads all of it".to_owned(),
        )),
        Some(false) => {
            let rows = weir_store_duckdb::check(&path).with_context(damaged)?;
            Ok(Found::Good(format!("all {rows} rows can be read")))
        }
    }
}

async fn port(config: &Config, used: bool) -> Result<Found> {
    match TcpListener::bind(&config.listen).await {
        Ok(_) => Ok(Found::Good(format!("{} is free", config.listen))),
        Err(error) if used => Ok(Found::Warning(format!(
            "cannot listen on {}, probably because Weir is running: {error}",
            config.listen
        ))),
        Err(error) => Err(error).with_context(|| format!("cannot listen on {}", config.listen)),
    }
}

fn certificate(config: &Config) -> Result<Found> {
    let Some(files) = config.tls() else {
        return Ok(Found::Good(
            "none: connections are not encrypted".to_owned(),
        ));
    };
    let shown = files.certificate.display().to_string();
    Tls::load(files)?;
    Ok(Found::Good(format!("{shown} is valid")))
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
    let version = column
        .context("DuckDB does not report its version")?
        .value(0);
    Ok(Found::Good(format!("version {version}")))
}

fn processors() -> Result<Found> {
    let count = std::thread::available_parallelism().context("cannot count them")?;
    Ok(Found::Good(count.to_string()))
}
