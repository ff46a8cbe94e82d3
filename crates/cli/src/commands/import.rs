//! `weir import`.

use std::{io, process::ExitCode};

use anyhow::Result;
use weir_import::ImportArgs;

/// Imports the files and prints a summary. Fails if the import ends early.
pub fn run(arguments: ImportArgs) -> Result<ExitCode> {
    let report = weir_import::run(arguments, &mut io::stdout())?;
    Ok(ExitCode::from(report.exit_code()))
}
