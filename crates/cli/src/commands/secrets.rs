//! `weir secrets`.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::serve::say;
use crate::{
    arguments::{Place, Secrets},
    instance,
    master_key::{self, Keys},
};

/// Does what the command line says with sealed secrets.
pub async fn run(arguments: Secrets) -> Result<ExitCode> {
    match arguments {
        Secrets::Rotate(place) => rotate(&place).await,
    }
}

/// Seals every secret again: with the given key, or with a new one in the key file.
async fn rotate(place: &Place) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let folder = &config.data_dir;
    if !folder.is_dir() {
        bail!("there is no data directory {}", folder.display());
    }
    let _claim = instance::claim(&config)?;
    let mut keys = instance::look(&config).await?.keys;
    if !keys.given {
        // Both keys are in the file before anything is sealed with the new one.
        keys = keys.renew(folder)?;
    }
    let meta = instance::open_meta_with(&config, &keys).await?;
    let done = meta.seal_again().await?;
    meta.close().await;
    let now = keys.sealer()?.current();
    say(&format!(
        "{} of {} secrets were sealed again; all are sealed with the master key {now}.\n{}",
        done.again,
        done.all,
        finish(keys, folder)?
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// What is left to do with earlier keys.
fn finish(keys: Keys, folder: &std::path::Path) -> Result<String> {
    if keys.given {
        let file = folder.join(master_key::FILE);
        return Ok(format!(
            "{} and {} are no longer needed.\n",
            master_key::PREVIOUS,
            file.display()
        ));
    }
    keys.forget_earlier(folder)?;
    Ok("The earlier key was deleted; it still opens backups made until now.\n".to_owned())
}
