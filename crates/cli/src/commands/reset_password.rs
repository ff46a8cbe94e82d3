//! `weir reset-password`.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::serve::say;
use crate::{arguments::ResetPassword, instance};

/// Gives a person a new password, prints it, and ends their sessions; takes their second factor away if
/// that is asked for.
pub async fn run(arguments: ResetPassword) -> Result<ExitCode> {
    let config = instance::configuration(&arguments.place)?;
    if !config.data_dir.is_dir() {
        bail!("there is no data directory {}", config.data_dir.display());
    }
    let meta = instance::open_meta_beside(&config).await?;
    let password = meta.reset_password(&arguments.email).await?;
    if arguments.without_second_factor {
        meta.end_second_factor_of(&arguments.email).await?;
    }
    meta.close().await;
    let Some(password) = password else {
        bail!("nobody has the address {}", arguments.email);
    };
    say(&format!(
        "  e-mail      {}\n  password    {password}\n",
        arguments.email
    ))?;
    Ok(ExitCode::SUCCESS)
}
