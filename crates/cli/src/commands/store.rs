//! `weir store`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use weir_model::{Clock, SystemClock};
use weir_store::EventStore;
use weir_store_duckdb::{Belongs, is_encrypted};

use super::serve::say;
use crate::{
    arguments::{Place, Store},
    instance,
};

/// Does what the command line says with the event store.
pub async fn run(arguments: Store) -> Result<ExitCode> {
    match arguments {
        Store::Encrypt(place) => convert(&place, true).await,
        Store::Decrypt(place) => convert(&place, false).await,
        Store::ConfirmClock(place) => confirm_clock(&place).await,
        Store::Accept(place) => accept(&place).await,
    }
}

/// Believes the machine's clock.
async fn confirm_clock(place: &Place) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let _claim = instance::claim(&config)?;
    let meta = instance::open_meta(&config).await?;
    let store = instance::open_store(&config, &meta).await?;
    meta.close().await;
    let confirmed = store.confirm_clock().await;
    store.close().await?;
    confirmed?;
    let now = SystemClock.now();
    say(&format!(
        "It is {now}: rollup rows expire by that from the next start on.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Takes what is there for what belongs together, and makes what is not there.
async fn accept(place: &Place) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let _claim = instance::claim(&config)?;
    let keys = instance::any_master_keys(&config)?;
    let meta = instance::open_meta_with(&config, &keys).await?;
    let store = instance::open_any_store(&config, &meta, Belongs::Anywhere).await?;
    let accepted = async {
        instance::know(&meta, &store).await?;
        Ok::<_, anyhow::Error>(store.set_paired().await?)
    };
    let accepted = accepted.await;
    let sequence = store.identity().sequence;
    store.close().await?;
    meta.close().await;
    accepted?;
    say(&format!(
        "The control data and the events in {} belong together from now on; {sequence} commits are there.\n",
        config.data_dir.display()
    ))?;
    Ok(ExitCode::SUCCESS)
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
