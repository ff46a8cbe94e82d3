//! `weir tenant`.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::serve::say;
use crate::{
    arguments::{TenantCommand, TenantCreate},
    greeting, instance,
};

/// The longest name of an organisation.
const NAME_BYTES: usize = 128;

/// Makes an organisation and prints how its owner comes in.
pub async fn run(command: TenantCommand) -> Result<ExitCode> {
    let TenantCommand::Create(TenantCreate { name, place }) = command;
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_BYTES || name.chars().any(char::is_control) {
        bail!("a name has 1 to {NAME_BYTES} bytes in one line");
    }
    let config = instance::configuration(&place)?;
    if !config.data_dir.is_dir() {
        bail!("there is no data directory {}", config.data_dir.display());
    }
    let meta = instance::open_meta_beside(&config).await?;
    let token = meta.create_tenant(name).await;
    meta.close().await;
    let url = instance::public_url(&config);
    say(&format!(
        "  set-up      {}\n",
        greeting::setup_link(&url, &token?)
    ))?;
    Ok(ExitCode::SUCCESS)
}
