//! `weir store`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use weir_meta::{LookedAt, MasterKey, Sealed, Sealer, SystemEntropy, Unopened};
use weir_model::{Clock, SystemClock};
use weir_store::EventStore;
use weir_store_duckdb::{Belongs, is_encrypted};

use super::serve::say;
use crate::{
    arguments::{Place, Store},
    config::Config,
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
    let (meta, store) = instance::open_stores(&config).await?;
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

/// Takes what is there for what belongs together, makes what is not there, and lets go of what a lost master
/// key sealed. What cannot be accepted is refused before anything is made or changed.
async fn accept(place: &Place) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let _claim = instance::claim(&config)?;
    let found = instance::found_master_keys(&config)?;
    // Where there is no key, none opens anything.
    let none = || Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new());
    let sealer = found.sealer().unwrap_or_else(|_| none());
    let seen = instance::see(&config, &sealer, false).await?;
    check_key_of_events(&config, &seen)?;
    let events = match instance::events(&config).exists() {
        true => Some(instance::open_events(&config, &seen, Belongs::Anywhere)?),
        false => None,
    };
    let keys = instance::any_master_keys(&config)?;
    let meta = instance::open_any_meta(&config, &keys).await?;
    let lost = meta.let_go().await?;
    meta.hold_to_master_key().await?;
    let store = match events {
        Some(store) => store,
        None => instance::make_store(&config, &meta).await?,
    };
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
        "{}The control data and the events in {} belong together from now on; {sequence} commits are there.\n",
        farewell(&lost),
        config.data_dir.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses to let go of the key of events that are there: nobody could read them any more.
fn check_key_of_events(config: &Config, seen: &LookedAt) -> Result<()> {
    let path = instance::events(config);
    let encrypted =
        is_encrypted(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let lost = |secret: &Unopened| secret.what == Sealed::StoreKey;
    if encrypted == Some(true) && seen.unopened.iter().any(lost) {
        bail!(
            "{path} is encrypted, and its key was sealed with a master key that is not here: nobody can read the \
             events without that. Bring the right master key back; nothing was changed. To go on without these \
             events, move {path} (and {path}.wal, if it is there) away and run this again",
            path = path.display()
        );
    }
    Ok(())
}

/// What was let go of, and what to do about it: a line for each.
fn farewell(lost: &[Unopened]) -> String {
    let lost = lost.iter().filter(|secret| secret.what != Sealed::Probe);
    let lines = lost.map(|secret| {
        let then = match secret.what {
            Sealed::SecondFactor => {
                "they log in with the password alone until they set up a second factor again"
            }
            Sealed::ClientSecret => {
                "nobody logs in by it until an owner sets its secret again, under Access"
            }
            Sealed::PseudonymKey => {
                "users stay hidden, by new pseudonyms: those in earlier exports and links name nobody here"
            }
            Sealed::StoreKey => "the events that it opened are not here",
            Sealed::Probe => "",
        };
        format!("  {secret}: {then}\n")
    });
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!(
            "Let go of, because no master key here opens it:\n{lines}Everything else is kept.\n"
        ),
    }
}

async fn convert(place: &Place, encrypt: bool) -> Result<ExitCode> {
    let config = instance::configuration(place)?;
    let path = instance::events(&config);
    let word = if encrypt { "encrypted" } else { "plain" };
    match is_encrypted(&path).with_context(|| format!("{} cannot be read", path.display()))? {
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
        false => {
            let key = meta.store_key(instance::EVENTS).await?;
            let key = key.as_deref();
            (instance::encryption(&config, key)?, None)
        }
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
