//! `weir doctor`.

use std::{fs, process::ExitCode};

use anyhow::{Context, Result};
use arrow::array::AsArray;
use tokio::net::TcpListener;
use weir_query::Statement;
use weir_server::Tls;
use weir_store::EventStore;
use weir_store_duckdb::DuckDbStore;

use super::serve::say;
use crate::{arguments::Place, config::Config, instance};

/// Checks what a server needs, one line each; fails if anything is missing.
pub async fn run(place: Place) -> Result<ExitCode> {
    let config = match instance::configuration(&place) {
        Ok(config) => config,
        Err(error) => {
            say(&line("configuration", &Err(error)))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let checks = [
        ("configuration", Ok("valid".to_owned())),
        ("data directory", data_directory(&config)),
        ("port", port(&config).await),
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

fn line(name: &str, found: &Result<String>) -> String {
    match found {
        Ok(text) => format!("ok    {name:<15} {text}\n"),
        Err(error) => format!("FAIL  {name:<15} {error:#}\n"),
    }
}

fn data_directory(config: &Config) -> Result<String> {
    let folder = &config.data_dir;
    if !folder.exists() {
        return Ok(format!("{} is made by the first start", folder.display()));
    }
    let probe = folder.join(".weir-doctor");
    fs::write(&probe, b"probe")
        .with_context(|| format!("{} can not be written", folder.display()))?;
    fs::remove_file(&probe)?;
    Ok(format!("{} can be written", folder.display()))
}

async fn port(config: &Config) -> Result<String> {
    TcpListener::bind(&config.listen).await.with_context(|| {
        format!(
            "{} can not be listened on (a running Weir has it?)",
            config.listen
        )
    })?;
    Ok(format!("{} is free", config.listen))
}

fn certificate(config: &Config) -> Result<String> {
    let Some(files) = config.tls() else {
        return Ok("none: connections are plain".to_owned());
    };
    let shown = files.certificate.display().to_string();
    Tls::load(files)?;
    Ok(format!("{shown} can be used"))
}

async fn duckdb(config: &Config) -> Result<String> {
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
    Ok(format!("version {version}"))
}

fn processors() -> Result<String> {
    let count = std::thread::available_parallelism().context("can not be counted")?;
    Ok(count.to_string())
}
