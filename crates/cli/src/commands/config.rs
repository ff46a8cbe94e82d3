//! `weir config`.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::serve::say;
use crate::{arguments::Configuration, config, instance};

/// Prints the default configuration, or checks the one in use.
pub fn run(arguments: &Configuration) -> Result<ExitCode> {
    match arguments {
        Configuration::Default => say(config::DEFAULT)?,
        Configuration::Check(place) => {
            let config = instance::configuration(place)?;
            config
                .check_files()
                .context("the configuration is not valid")?;
            say(&format!(
                "The configuration is valid: {} on {}.\n",
                config.data_dir.display(),
                config.listen
            ))?;
            for strange in instance::strange_variables() {
                say(&format!("{strange}\n"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
