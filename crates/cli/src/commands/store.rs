//! `weir store`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use weir_store_duckdb::is_encrypted;

use super::serve::say;
use crate::{
    arguments::{Place, Store},
    instance,
};

/// Writes the event store anew, encrypted or plain.
pub async fn run(arguments: Store) -> Result<ExitCode> {
    match arguments {
        Store::Encrypt(place) => convert(&place, true).await,
        Store::Decrypt(place) => convert(&place, false).await,
    }
}

async fn convert(place: &Place, encrypt: bool) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let path = instance::events(&config);
    let word = if encrypt { "encrypted" } else { "plain" };
    match is_encrypted(&path).with_context(|| format!("{} can not be read", path.display()))? {
        None => bail!("there is no event store {}", path.display()),
        Some(is) if is == encrypt => {
            say(&format!("{} is {word} already.\n", path.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(_) => {}
    }
    let _claim = instance::claim(&config)?;
    let meta = instance::open_meta(&config).await?;
    let (old, new) = match encrypt {
        true => (None, Some(instance::make_encryption(&config, &meta).await?)),
        false => (instance::encryption(&config, &meta).await?, None),
    };
    let mut options = instance::store_options(&config, Some(&path));
    options.encryption = old;
    let rows = weir_store_duckdb::convert(&options, new.as_ref()).await?;
    if !encrypt {
        meta.forget_store_key(instance::EVENTS).await?;
    }
    meta.close().await;
    say(&format!(
        "{} is {word} now; {rows} rows were written anew and counted again.\n{}",
        path.display(),
        if encrypt {
            "Deleted blocks of the disk and backups may still hold what was plain.\n"
        } else {
            ""
        }
    ))?;
    Ok(ExitCode::SUCCESS)
}
