//! `weir openapi`.

use std::process::ExitCode;

use anyhow::Result;

use crate::output::print;

/// Prints the OpenAPI document. Fails if standard output cannot be written.
pub fn run() -> Result<ExitCode> {
    let document = serde_json::to_string_pretty(&weir_server::openapi())?;
    print(&format!("{document}\n"))?;
    Ok(ExitCode::SUCCESS)
}
