//! `weir config`.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{arguments::Configuration, config, environment, output::print};

/// Prints the default configuration, or checks the one in use. Fails if that is not valid.
pub fn run(arguments: &Configuration) -> Result<ExitCode> {
    match arguments {
        Configuration::Default => print(config::DEFAULT)?,
        Configuration::Check(place) => {
            let config = environment::configuration(place)?;
            config
                .check_files()
                .context("the configuration is not valid")?;
            print(&format!(
                "The configuration is valid: data in {}, listening on {}.\n",
                config.data_dir.display(),
                config.listen
            ))?;
            for message in environment::unknown_variables() {
                print(&format!("{message}\n"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
