//! One module for each command.

mod announce;
mod config;
mod demo;
mod doctor;
mod import;
mod openapi;
mod privacy;
mod reset_password;
mod rollup;
mod secrets;
mod serve;
mod sli;
mod store;
mod tenant;

use std::{future::Future, process::ExitCode};

use anyhow::{Context, Result};

use crate::arguments::{Arguments, Command};

/// Runs the command. Fails with an error for the user.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Serve(arguments) => in_runtime(serve::run(arguments)),
        Command::Demo(arguments) => in_runtime(demo::run(arguments)),
        Command::Import(arguments) => import::run(*arguments),
        Command::Rollup(arguments) => in_runtime(rollup::run(arguments)),
        Command::Sli(arguments) => in_runtime(sli::run(arguments)),
        Command::Privacy(command) => in_runtime(privacy::run(command)),
        Command::Tenant(command) => in_runtime(tenant::run(command)),
        Command::Announce(arguments) => in_runtime(announce::run(arguments)),
        Command::ResetPassword(arguments) => in_runtime(reset_password::run(arguments)),
        Command::Secrets(arguments) => in_runtime(secrets::run(arguments)),
        Command::Store(arguments) => in_runtime(store::run(arguments)),
        Command::Config(arguments) => config::run(&arguments),
        Command::Openapi => openapi::run(),
        Command::Doctor(place) => in_runtime(doctor::run(place)),
    }
}

fn in_runtime(work: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()
        .context("cannot start the runtime")?
        .block_on(work)
}
