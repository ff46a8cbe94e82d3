//! The command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use weir_import::ImportArgs;

/// Workflow analytics and reliability: executions, steps, costs and users of workflow engines
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
    /// Run the server with an organisation full of realistic live data
    Demo(Demo),
    /// Import log files into a running server
    Import(Box<ImportArgs>),
    /// Rebuild rollups from raw events, or verify them, while the server is stopped
    Rollup(Rollup),
    /// Measure and show service levels while the server is stopped
    Sli(Sli),
    /// Erase a user while the server is stopped
    #[command(subcommand)]
    Privacy(Privacy),
    /// Create organisations
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Show a text above every page of the application, or end it
    Announce(Announce),
    /// Set a new password for a person
    ResetPassword(ResetPassword),
    /// Change the master key that seals secrets, while the server is stopped
    #[command(subcommand)]
    Secrets(Secrets),
    /// Encrypt, decrypt or recover the event store, while the server is stopped
    #[command(subcommand)]
    Store(Store),
    /// Show or check the configuration
    #[command(subcommand)]
    Config(Configuration),
    /// Print the OpenAPI document
    Openapi,
    /// Check that Weir can run on this machine
    Doctor(Place),
}

/// Where Weir's configuration and data are.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// Configuration file; `weir config default` prints one
    #[arg(long, env = "WEIR_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory for all data [default: ./data; variable: WEIR_DATA_DIR]
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
    /// TLS certificate in PEM, to serve https [variable: WEIR_TLS_CERT]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<String>,
    /// Private key of the certificate in PEM [variable: WEIR_TLS_KEY]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<String>,
    /// On the first start: create an encrypted event store [variable: WEIR_ENCRYPT_STORE]
    #[arg(long)]
    pub encrypt_store: bool,
    /// On the first start: create this API key, with every scope, instead of generated ones
    #[arg(
        long,
        env = "WEIR_BOOTSTRAP_API_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub bootstrap_api_key: Option<String>,
    /// Mail server for outgoing mail: smtps://user:password@host [variable: WEIR_MAIL_SMTP_URL]
    #[arg(long, value_name = "URL")]
    pub smtp_url: Option<String>,
}

#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    pub serve: Serve,
    /// Days of history to generate: 60 give the last 30 days something to be compared with
    #[arg(long, default_value_t = 60, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=365))]
    pub days: u32,
    /// Seed of the generated data: equal seeds give equal data
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rollup {
    #[command(subcommand)]
    pub command: Option<RollupCommand>,
    /// The range to rebuild if there is no subcommand
    #[command(flatten)]
    pub rebuild: RollupRange,
}

#[derive(Args, Debug)]
pub struct Sli {
    #[command(flatten)]
    pub place: Place,
    /// Only the project with this id [default: all projects]
    #[arg(long, alias = "projectId", value_name = "UUID")]
    pub project: Option<String>,
    /// Only this workflow [default: the whole project, and each workflow with a target]
    #[arg(long, alias = "workflowId", value_name = "ID")]
    pub workflow: Option<String>,
    /// Measure and show this window: 1d, 7d, 28d or 30d [default: measure all, show the target's]
    #[arg(long, value_name = "LENGTH")]
    pub window: Option<String>,
    /// Print JSON, as returned by GET /api/workflow-analytics/sli
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Privacy {
    /// Remove a user's id from events, rollups, settings and the audit log
    Erase(Erase),
}

#[derive(Args, Debug)]
pub struct Erase {
    #[command(flatten)]
    pub place: Place,
    /// The user's id as it appears in events
    #[arg(long, value_name = "ID")]
    pub user: String,
    /// Only in the project with this id [default: all projects of the organisation]
    #[arg(long, alias = "projectId", value_name = "UUID")]
    pub project: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum RollupCommand {
    /// Rebuild rollups from raw events
    Rebuild(RollupRange),
    /// Compare rollups with raw events; exits with status 1 if they differ
    Verify(RollupRange),
}

#[derive(Args, Debug)]
pub struct RollupRange {
    #[command(flatten)]
    pub place: Place,
    /// Only rollups with this bucket width: 1m, 5m, 1h or 1d [default: all]
    #[arg(long, value_name = "WIDTH")]
    pub bucket: Option<String>,
    /// Start of the range, inclusive: a day in UTC (2025-01-31) or an RFC 3339 time [default: all time]
    #[arg(long, alias = "from", value_name = "TIME")]
    pub since: Option<String>,
    /// End of the range, exclusive, in the same formats [default: no end]
    #[arg(long, requires = "since", value_name = "TIME")]
    pub to: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Create an organisation, and print the setup link for its owner (works once, within a day)
    Create(TenantCreate),
}

#[derive(Args, Debug)]
pub struct TenantCreate {
    /// Name of the organisation
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Args, Debug)]
pub struct Announce {
    /// What to say, in one line; it replaces the announcement before
    #[arg(value_name = "TEXT", required_unless_present = "end")]
    pub text: Option<String>,
    /// When it is over, such as 2026-01-31T22:00:00Z; otherwise it stays until it is ended
    #[arg(long, value_name = "TIME", conflicts_with = "end")]
    pub until: Option<String>,
    /// Make it stand out as a warning
    #[arg(long, conflicts_with = "end")]
    pub warning: bool,
    /// End the announcement
    #[arg(long, conflicts_with = "text")]
    pub end: bool,
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
    /// Also remove their second factor, for a person who has lost it and the recovery codes
    #[arg(long)]
    pub without_second_factor: bool,
}

#[derive(Debug, Subcommand)]
pub enum Secrets {
    /// Seal every secret with a new master key: WEIR_MASTER_KEY, or one generated in the key file
    Rotate(Place),
}

#[derive(Debug, Subcommand)]
pub enum Store {
    /// Encrypt the event store, its log and its temporary files
    Encrypt(Place),
    /// Decrypt the event store, its log and its temporary files
    Decrypt(Place),
    /// Confirm that the machine's clock is right although it is far ahead of when the store was last used
    ConfirmClock(Place),
    /// Continue with the control data, events and master key that are present, after one of them was
    /// lost or restored from a backup
    Accept(Place),
}

#[derive(Debug, Subcommand)]
pub enum Configuration {
    /// Print the default configuration with its comments
    Default,
    /// Check the configuration that other commands would use
    Check(Place),
}

/// The names of the environment variables that set arguments, of all commands.
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
    fn rollup_and_sli_accept_camel_case_arguments_and_need_no_subcommand() {
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
    fn the_variables_of_all_commands_are_found() {
        let found = variables();
        for name in ["WEIR_CONFIG", "WEIR_BOOTSTRAP_API_KEY", "WEIR_API_KEY"] {
            assert!(found.iter().any(|variable| variable == name), "{name}");
        }
    }

    #[test]
    fn rebuild_and_verify_accept_the_same_ranges() {
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
