//! The program `weir`: configuration, and one module for each command.

mod arguments;
mod commands;
mod config;
mod greeting;
mod instance;
mod logging;
mod master_key;
mod private;
mod reserve;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

/// Events are millions of small allocations on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    private::begin();
    match commands::run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weir: {}", told(error.chain()));
            ExitCode::FAILURE
        }
    }
}

/// An error with its reasons, each told once: the message of many an error ends with that of its reason.
fn told<'e>(chain: impl Iterator<Item = &'e (dyn std::error::Error + 'static)>) -> String {
    chain.fold(String::new(), |mut told, error| {
        let message = error.to_string();
        if !told.contains(&message) {
            told.push_str(if told.is_empty() { "" } else { ": " });
            told.push_str(&message);
        }
        told
    })
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::told;

    #[test]
    fn a_reason_that_a_message_has_already_is_told_once() {
        let path = "missing.csv".into();
        let source = std::io::Error::other("no such file");
        let error = anyhow::Error::from(weir_import::ImportError::File { path, source });
        assert_eq!(told(error.chain()), "missing.csv: no such file");
        let error = Err::<(), _>(anyhow!("no such file")).context("reading it");
        assert_eq!(told(error.unwrap_err().chain()), "reading it: no such file");
    }
}
