//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use weir_import::ImportArgs;

/// Measures the flow of work: executions, steps, costs and users of workflow engines.
#[derive(Debug, Parser)]
#[command(name = "weir", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(Serve),
    /// Run the server with a tenant full of believable live data
    Demo(Demo),
    /// Send the events of log files to a server
    Import(Box<ImportArgs>),
    /// Rebuild or verify the rollups of a server that is not running
    #[command(subcommand)]
    Rollup(Rollup),
    /// Give a person a new password
    ResetPassword(ResetPassword),
    /// Show or check the configuration
    #[command(subcommand)]
    Config(Configuration),
    /// Print the OpenAPI document
    Openapi,
    /// Check that Weir can run here
    Doctor(Place),
}

/// Where Weir's configuration and data are.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// Configuration file; `weir config default` prints one
    #[arg(long, env = "WEIR_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder that holds everything [default: ./data; variable: WEIR_DATA_DIR]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Address to listen on [default: 127.0.0.1:8080; variable: WEIR_LISTEN]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// On the first start: make this API key, with every scope, instead of generated ones
    #[arg(
        long,
        env = "WEIR_BOOTSTRAP_API_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub bootstrap_api_key: Option<String>,
}

#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    pub serve: Serve,
    /// Days of history to begin with
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=365))]
    pub days: u32,
    /// What the made-up data is made from: equal seeds make equal data
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}

#[derive(Debug, Subcommand)]
pub enum Rollup {
    /// Write the rollups anew from raw events
    Rebuild(RollupRange),
    /// Compare the rollups with raw events; exits with 1 if they differ
    Verify(RollupRange),
}

#[derive(Args, Debug)]
pub struct RollupRange {
    #[command(flatten)]
    pub place: Place,
    /// First moment, RFC 3339; needs --to
    #[arg(long, requires = "to", value_name = "TIME")]
    pub from: Option<String>,
    /// First moment after, RFC 3339; needs --from
    #[arg(long, requires = "from", value_name = "TIME")]
    pub to: Option<String>,
}

#[derive(Args, Debug)]
pub struct ResetPassword {
    #[command(flatten)]
    pub place: Place,
    /// The person's e-mail address
    #[arg(long, default_value = "owner@localhost", value_name = "ADDRESS")]
    pub email: String,
}

#[derive(Debug, Subcommand)]
pub enum Configuration {
    /// Print the default configuration with its comments
    Default,
    /// Check the configuration that the other commands would use
    Check(Place),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn half_a_range_is_refused() {
        let parsed = Arguments::try_parse_from([
            "weir",
            "rollup",
            "verify",
            "--from",
            "2026-01-01T00:00:00Z",
        ]);
        assert!(parsed.is_err());
    }
}
