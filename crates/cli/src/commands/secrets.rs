//! `weir secrets`.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    arguments::{Place, Secrets},
    data_dir, environment, instance,
    master_key::{self, Keys},
    output::print,
};

/// Runs a subcommand of `weir secrets`. Fails if the server is running or the master key is not the right one.
pub async fn run(arguments: Secrets) -> Result<ExitCode> {
    match arguments {
        Secrets::Rotate(place) => rotate(&place).await,
    }
}

/// Seals every secret again: with the key in the variable, or with a new one in the key file.
async fn rotate(place: &Place) -> Result<ExitCode> {
    let config = environment::configuration(place)?;
    let folder = &config.data_dir;
    let _claim = data_dir::claim(&config)?;
    let mut keys = instance::look(&config).await?.keys;
    if !keys.given {
        // The file must contain both keys before anything is sealed with the new one.
        keys = keys.renew(folder)?;
    }
    let meta = instance::open_meta_with(&config, &keys).await?;
    let done = meta.seal_again().await?;
    meta.close().await;
    let now = keys.sealer()?.current();
    print(&format!(
        "{} of {} secrets were sealed again; all are sealed with the master key {now}.\n{}",
        done.again,
        done.all,
        finish(keys, folder)?
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Says what to do with earlier keys, and removes them from the file if the current key is in it.
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
    Ok("The previous key was deleted; backups made until now still need it.\n".to_owned())
}
