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
            eprintln!("weir: {error:#}");
            ExitCode::FAILURE
        }
    }
}
