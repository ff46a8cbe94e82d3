//! The program `weir`: configuration, and one module for each command.

mod arguments;
mod commands;
mod config;
mod data_dir;
mod environment;
mod files;
mod greeting;
mod instance;
mod logging;
mod master_key;
mod output;
mod private;
mod reserve;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use output::described;

/// Ingest makes millions of small allocations on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    private::begin();
    match commands::run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weir: {}", described(error.chain()));
            ExitCode::FAILURE
        }
    }
}
