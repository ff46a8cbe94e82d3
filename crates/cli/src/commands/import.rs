//! `weir import`.

use std::{io, process::ExitCode};

use anyhow::Result;
use weir_import::ImportArgs;

/// Sends the events of the files, and says what became of them.
pub fn run(arguments: ImportArgs) -> Result<ExitCode> {
    let report = weir_import::run(arguments, &mut io::stdout())?;
    Ok(ExitCode::from(report.exit_code()))
}
