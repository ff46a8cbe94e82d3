//! `weir reset-password`.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{arguments::ResetPassword, data_dir, environment, instance, output::print};

/// Sets a new password for a person, prints it, and ends their sessions; on request, also removes their second
/// factor. Fails if no one has the address.
pub async fn run(arguments: ResetPassword) -> Result<ExitCode> {
    let config = environment::configuration(&arguments.place)?;
    data_dir::require(&config)?;
    let meta = instance::open_meta_beside(&config).await?;
    let password = meta.reset_password(&arguments.email).await?;
    if arguments.without_second_factor {
        meta.end_second_factor_of(&arguments.email).await?;
    }
    meta.close().await;
    let Some(password) = password else {
        bail!("no one has the address {}", arguments.email);
    };
    print(&format!(
        "  e-mail      {}\n  password    {password}\n",
        arguments.email
    ))?;
    Ok(ExitCode::SUCCESS)
}
