//! `weir tenant`.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{
    arguments::{TenantCommand, TenantCreate},
    data_dir, environment, greeting, instance,
    output::print,
};

/// The longest name of an organisation, in bytes.
const NAME_BYTES: usize = 128;

/// Creates an organisation and prints the setup link for its owner. Fails if the name is not valid or the data
/// directory does not exist.
pub async fn run(command: TenantCommand) -> Result<ExitCode> {
    let TenantCommand::Create(TenantCreate { name, place }) = command;
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_BYTES || name.chars().any(char::is_control) {
        bail!("the name must be 1 to {NAME_BYTES} bytes long, without control characters");
    }
    let config = environment::configuration(&place)?;
    data_dir::require(&config)?;
    let meta = instance::open_meta_beside(&config).await?;
    let token = meta.create_tenant(name).await;
    meta.close().await;
    let url = data_dir::public_url(&config);
    print(&format!(
        "  {:<12}{}\n",
        greeting::SETUP_LINK,
        greeting::setup_link(&url, &token?)
    ))?;
    Ok(ExitCode::SUCCESS)
}
