//! The command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
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
    /// Write rollups anew from raw events, or verify them, while the server is not running
    Rollup(Rollup),
    /// Measure service levels while the server is not running, and show them
    Sli(Sli),
    /// Erase a user while the server is not running
    #[command(subcommand)]
    Privacy(Privacy),
    /// Make organisations
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Give a person a new password
    ResetPassword(ResetPassword),
    /// Seal secrets with another master key, while the server is not running
    #[command(subcommand)]
    Secrets(Secrets),
    /// Encrypt the event store, or settle what is wrong with it, while the server is not running
    #[command(subcommand)]
    Store(Store),
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
    /// Certificate in PEM, to speak https [variable: WEIR_TLS_CERT]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<String>,
    /// Its private key in PEM [variable: WEIR_TLS_KEY]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<String>,
    /// On the first start: make an encrypted event store [variable: WEIR_ENCRYPT_STORE]
    #[arg(long)]
    pub encrypt_store: bool,
    /// On the first start: make this API key, with every scope, instead of generated ones
    #[arg(
        long,
        env = "WEIR_BOOTSTRAP_API_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub bootstrap_api_key: Option<String>,
    /// Server that mails are sent through: smtps://user:password@host [variable: WEIR_MAIL_SMTP_URL]
    #[arg(long, value_name = "URL")]
    pub smtp_url: Option<String>,
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

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rollup {
    #[command(subcommand)]
    pub command: Option<RollupCommand>,
    /// Without a command: rollups are written anew
    #[command(flatten)]
    pub rebuild: RollupRange,
}

#[derive(Args, Debug)]
pub struct Sli {
    #[command(flatten)]
    pub place: Place,
    /// Only the project with this id; every one without it
    #[arg(long, alias = "projectId", value_name = "UUID")]
    pub project: Option<String>,
    /// Only this workflow; without it, the project and the workflows that have a target
    #[arg(long, alias = "workflowId", value_name = "ID")]
    pub workflow: Option<String>,
    /// 1d, 7d, 28d or 30d; without it, that of the target is shown and all are measured
    #[arg(long, value_name = "LENGTH")]
    pub window: Option<String>,
    /// Print JSON, as GET /api/workflow-analytics/sli answers
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Privacy {
    /// Take a user's id out of events, rollups, settings and the audit log
    Erase(Erase),
}

#[derive(Args, Debug)]
pub struct Erase {
    #[command(flatten)]
    pub place: Place,
    /// The user's id, as events have it
    #[arg(long, value_name = "ID")]
    pub user: String,
    /// Only in the project with this id; in every one of the organisation without it
    #[arg(long, alias = "projectId", value_name = "UUID")]
    pub project: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum RollupCommand {
    /// Write the rollups anew from raw events
    Rebuild(RollupRange),
    /// Compare the rollups with raw events; exits with 1 if they differ
    Verify(RollupRange),
}

#[derive(Args, Debug)]
pub struct RollupRange {
    #[command(flatten)]
    pub place: Place,
    /// Only rollups of this width: 1m, 5m, 1h or 1d; every one without it
    #[arg(long, value_name = "WIDTH")]
    pub bucket: Option<String>,
    /// The first day (UTC) or moment: 2025-01-31 or RFC 3339; all time without it
    #[arg(long, alias = "from", value_name = "TIME")]
    pub since: Option<String>,
    /// The first day (UTC) or moment after; everything since then without it
    #[arg(long, requires = "since", value_name = "TIME")]
    pub to: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make an organisation; prints the address at which its owner comes in, once, within a day
    Create(TenantCreate),
}

#[derive(Args, Debug)]
pub struct TenantCreate {
    /// Its name
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Args, Debug)]
pub struct ResetPassword {
    #[command(flatten)]
    pub place: Place,
    /// The person's e-mail address
    #[arg(long, default_value = "owner@localhost", value_name = "ADDRESS")]
    pub email: String,
    /// Take their second factor away, too: for somebody who lost it and the recovery codes
    #[arg(long)]
    pub without_second_factor: bool,
}

#[derive(Debug, Subcommand)]
pub enum Secrets {
    /// Seal every secret again: with WEIR_MASTER_KEY, or with a new key in the key file
    Rotate(Place),
}

#[derive(Debug, Subcommand)]
pub enum Store {
    /// Encrypt the files of the event store, its log and its temporary files
    Encrypt(Place),
    /// Keep the files of the event store plain again
    Decrypt(Place),
    /// Say that the machine's clock is right, though it is far ahead of when the store was last used
    ConfirmClock(Place),
    /// Go on with the control data, events and master key that are there, after a part was lost or put
    /// back from a backup
    Accept(Place),
}

#[derive(Debug, Subcommand)]
pub enum Configuration {
    /// Print the default configuration with its comments
    Default,
    /// Check the configuration that the other commands would use
    Check(Place),
}

/// The variables of the environment that arguments are taken from.
pub fn variables() -> Vec<String> {
    fn of(command: &clap::Command, found: &mut Vec<String>) {
        let named = command.get_arguments().filter_map(clap::Arg::get_env);
        found.extend(named.map(|name| name.to_string_lossy().into_owned()));
        for inner in command.get_subcommands() {
            of(inner, found);
        }
    }
    let mut found = Vec::new();
    of(&Arguments::command(), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn rollup_and_sli_take_the_arguments_of_paper_5() {
        let parsed = |arguments: &[&str]| Arguments::try_parse_from(arguments).map(|a| a.command);
        let rollup = parsed(&["weir", "rollup", "--bucket=5m", "--since=2025-01-01"]);
        let Ok(Command::Rollup(rollup)) = rollup else {
            panic!("{rollup:?}")
        };
        assert!(rollup.command.is_none());
        assert_eq!(rollup.rebuild.bucket.as_deref(), Some("5m"));
        let sli = parsed(&[
            "weir",
            "sli",
            "--projectId=p",
            "--workflowId=w",
            "--window=7d",
        ]);
        let Ok(Command::Sli(sli)) = sli else {
            panic!("{sli:?}")
        };
        assert_eq!(
            (sli.project.as_deref(), sli.workflow.as_deref()),
            (Some("p"), Some("w"))
        );
        assert!(parsed(&["weir", "rollup", "--bucket=5m", "verify"]).is_err());
    }

    #[test]
    fn the_variables_of_arguments_are_found_in_every_command() {
        let found = variables();
        for name in ["WEIR_CONFIG", "WEIR_BOOTSTRAP_API_KEY", "WEIR_API_KEY"] {
            assert!(found.iter().any(|variable| variable == name), "{name}");
        }
    }

    #[test]
    fn rollups_are_rebuilt_and_verified_over_the_same_ranges() {
        let range = ["--bucket=1h", "--from=2026-01-01", "--to=2026-01-02"];
        for command in [
            &["weir", "rollup"][..],
            &["weir", "rollup", "rebuild"],
            &["weir", "rollup", "verify"],
        ] {
            let parsed = Arguments::try_parse_from([command, &range[..]].concat());
            let Ok(Command::Rollup(rollup)) = parsed.map(|parsed| parsed.command) else {
                panic!("{command:?}")
            };
            let of = match rollup.command {
                None => rollup.rebuild,
                Some(RollupCommand::Rebuild(of) | RollupCommand::Verify(of)) => of,
            };
            let words = [&of.bucket, &of.since, &of.to].map(|word| word.as_deref().unwrap());
            assert_eq!(words, ["1h", "2026-01-01", "2026-01-02"], "{command:?}");
            let half = [command, &["--to=2026-01-01"]].concat();
            assert!(Arguments::try_parse_from(half).is_err(), "{command:?}");
        }
    }
}
