//! The configuration that the command line and the environment select, and variables that Weir does not know.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    arguments::{self, Place},
    config::{self, Config},
    master_key,
};

/// Loads the configuration of a place. Fails if the file cannot be read or the configuration is not valid.
pub fn configuration(place: &Place) -> Result<Config> {
    let text = match &place.config {
        Some(path) => Some(
            fs::read_to_string(path)
                .with_context(|| format!("cannot read the configuration {}", path.display()))?,
        ),
        None => None,
    };
    let mut config =
        Config::load(text.as_deref(), variable).context("the configuration is not valid")?;
    if let Some(folder) = &place.data_dir {
        config.data_dir.clone_from(folder);
    }
    Ok(config)
}

/// The value of an environment variable, unless it is unset or empty.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A message for each environment variable that has Weir's prefix but that Weir does not know.
pub fn unknown_variables() -> Vec<String> {
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut others = vec![
        master_key::CURRENT.to_owned(),
        master_key::PREVIOUS.to_owned(),
    ];
    others.extend(arguments::variables());
    let unknown = config::unknown_variables(set, &others).into_iter();
    let messages = unknown.map(|(name, similar)| match similar {
        Some(similar) => format!("Weir does not know {name}; did you mean {similar}?"),
        None => format!("Weir does not know {name}; `weir config default` lists the keys"),
    });
    messages.collect()
}
