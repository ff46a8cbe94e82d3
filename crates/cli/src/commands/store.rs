//! `weir store`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use weir_meta::{LookedAt, MasterKey, Sealed, Sealer, SystemEntropy, Unopened};
use weir_model::{Clock, SystemClock};
use weir_store::EventStore;
use weir_store_duckdb::{Belongs, is_encrypted};

use crate::{
    arguments::{Place, Store},
    config::Config,
    data_dir, environment, files, instance,
    output::print,
};

/// Runs a subcommand of `weir store`. Fails if the server is running or the store cannot be opened.
pub async fn run(arguments: Store) -> Result<ExitCode> {
    match arguments {
        Store::Encrypt(place) => convert(&place, true).await,
        Store::Decrypt(place) => convert(&place, false).await,
        Store::ConfirmClock(place) => confirm_clock(&place).await,
        Store::Accept(place) => accept(&place).await,
    }
}

/// Trusts the machine's clock from now on.
async fn confirm_clock(place: &Place) -> Result<ExitCode> {
    let config = environment::configuration(place)?;
    let _claim = data_dir::claim(&config)?;
    let (meta, store) = instance::open_stores(&config).await?;
    meta.close().await;
    let confirmed = store.confirm_clock().await;
    store.close().await?;
    confirmed?;
    let now = SystemClock.now();
    print(&format!(
        "The time {now} is confirmed: from the next start on, rollup rows expire by it.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Pairs the existing control data and events, creates what is missing, and discards the secrets that a lost master
/// key sealed. Fails, before it creates or changes anything, if the key of encrypted events would be lost.
async fn accept(place: &Place) -> Result<ExitCode> {
    let config = environment::configuration(place)?;
    let _claim = data_dir::claim(&config)?;
    let found = instance::found_master_keys(&config)?;
    // Without a key, a random one stands in: it opens nothing.
    let none = || Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new());
    let sealer = found.sealer().unwrap_or_else(|_| none());
    let seen = instance::inspect(&config, &sealer, false).await?;
    check_key_of_events(&config, &seen)?;
    let events = match files::events(&config).exists() {
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
        instance::pair(&meta, &store).await?;
        Ok::<_, anyhow::Error>(store.set_paired().await?)
    };
    let accepted = accepted.await;
    let sequence = store.identity().sequence;
    store.close().await?;
    meta.close().await;
    accepted?;
    print(&format!(
        "{}From now on, the control data and the events in {} belong together. The event store has {sequence} \
         commits.\n",
        discarded(&lost),
        config.data_dir.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Fails if the key of existing encrypted events would be discarded: no one could read them any more.
fn check_key_of_events(config: &Config, seen: &LookedAt) -> Result<()> {
    let path = files::events(config);
    let encrypted =
        is_encrypted(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lost = |secret: &Unopened| secret.what == Sealed::StoreKey;
    if encrypted == Some(true) && seen.unopened.iter().any(lost) {
        bail!(
            "{path} is encrypted, and its key is sealed with a master key that is missing: no one can read the \
             events without it. Restore the right master key; nothing was changed. To continue without these \
             events, move {path} (and {path}.wal, if it exists) away and run this command again",
            path = path.display()
        );
    }
    Ok(())
}

/// The secrets that were discarded, with the consequence of each; one per line.
fn discarded(lost: &[Unopened]) -> String {
    let lost = lost.iter().filter(|secret| secret.what != Sealed::Probe);
    let lines = lost.map(|secret| {
        let then = match secret.what {
            Sealed::SecondFactor => {
                "this person logs in with only the password until they set up a second factor again"
            }
            Sealed::ClientSecret => {
                "no one can log in with it until an owner sets its secret again, under Access"
            }
            Sealed::PseudonymKey => {
                "users stay hidden, with new pseudonyms; those in earlier exports and links no longer match anyone"
            }
            Sealed::StoreKey => "the events that it encrypted are not here",
            Sealed::Probe => "",
        };
        format!("  {secret}: {then}\n")
    });
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!(
            "Discarded, because no available master key opens it:\n{lines}Everything else is kept.\n"
        ),
    }
}

async fn convert(place: &Place, encrypt: bool) -> Result<ExitCode> {
    let config = environment::configuration(place)?;
    let path = files::events(&config);
    let word = if encrypt { "encrypted" } else { "unencrypted" };
    match is_encrypted(&path).with_context(|| format!("cannot read {}", path.display()))? {
        None => bail!("there is no event store {}", path.display()),
        Some(is) if is == encrypt => {
            print(&format!("{} is already {word}.\n", path.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(_) => {}
    }
    let _claim = data_dir::claim(&config)?;
    let meta = instance::open_meta(&config).await?;
    let (old, new) = match encrypt {
        true => (None, Some(instance::make_encryption(&config, &meta).await?)),
        false => {
            let key = meta.store_key(files::EVENTS).await?;
            let key = key.as_deref();
            (instance::encryption(&config, key)?, None)
        }
    };
    let mut options = instance::store_options(&config, Some(&path));
    options.encryption = old;
    let rows = weir_store_duckdb::convert(&options, new.as_ref()).await?;
    if !encrypt {
        meta.forget_store_key(files::EVENTS).await?;
    }
    meta.close().await;
    print(&format!(
        "{} is {word} now; {rows} rows were rewritten and verified by count.\n{}",
        path.display(),
        if encrypt {
            "Deleted blocks of the disk, and backups, may still contain unencrypted data.\n"
        } else {
            ""
        }
    ))?;
    Ok(ExitCode::SUCCESS)
}
