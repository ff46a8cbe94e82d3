//! The flags of `weir import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The arguments of `weir import`, which `clap` flattens into the program's own command.
#[derive(Args, Debug, Clone)]
pub struct ImportArgs {
    /// Files to import: .xes, .csv, .tsv, .ndjson or .jsonl, optionally compressed (.gz, .zst); .parquet
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Weir server to send to
    #[arg(
        long,
        env = "WEIR_SERVER",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    pub server: String,
    /// API key with the `ingest` scope
    #[arg(long, env = "WEIR_API_KEY", hide_env_values = true, value_name = "KEY")]
    pub api_key: Option<String>,
    /// File format [default: by extension]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Environment of events (not those of NDJSON files, nor rows whose column gives one)
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Read and count only; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Exit successfully even if records were rejected
    #[arg(long)]
    pub allow_rejected: bool,
    /// Show no progress bar
    #[arg(long, short)]
    pub quiet: bool,
    /// Events per request
    #[arg(long, default_value_t = 5_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub batch_size: u32,
    /// Concurrent requests
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub in_flight: u32,
    /// How long to retry a request while the server is busy or unreachable
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub retry_for: u64,
    /// IANA time zone of times without an offset
    #[arg(long, default_value = "UTC", value_name = "ZONE")]
    pub timezone: String,
    /// Encoding of text files, such as windows-1252 or utf-16le [default: detected, else UTF-8]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Memory for what must be kept while a table is read: rows of a log, digests of rows without an id
    #[arg(long, default_value_t = 2_048, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub memory: u32,
    /// How logs become executions.
    #[command(flatten)]
    pub log: LogArgs,
    /// How columns become fields.
    #[command(flatten)]
    pub table: TableArgs,
}

/// Flags for event logs: XES, or a table with `--type log`.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Event logs (XES, and tables with --type log)")]
pub struct LogArgs {
    /// Workflow id [default: the log's concept:name as a slug, else the file name]
    #[arg(long, value_name = "ID")]
    pub workflow: Option<String>,
    /// Workflow name [default: the log's concept:name, else the workflow id]
    #[arg(long, value_name = "NAME")]
    pub workflow_name: Option<String>,
    /// Activity that is a goal of its execution (repeatable)
    #[arg(long, value_name = "ACTIVITY")]
    pub goal: Vec<String>,
    /// Numeric trace attribute with the value of goals
    #[arg(long, value_name = "ATTRIBUTE")]
    pub goal_value: Option<String>,
    /// Activity that makes its execution canceled (repeatable)
    #[arg(long, value_name = "ACTIVITY")]
    pub canceled: Vec<String>,
    /// Activity that makes its execution failed (repeatable)
    #[arg(long, value_name = "ACTIVITY")]
    pub failed: Vec<String>,
    /// What transitions of the log mean: begin=start,end=complete
    #[arg(long, value_name = "WORD=TRANSITION", value_delimiter = ',')]
    pub lifecycle: Vec<String>,
    /// XES: event attribute with the user [default: org:resource, else resource]
    #[arg(long, value_name = "ATTRIBUTE")]
    pub resource: Option<String>,
    /// XES: event attribute with the time at which the event began
    #[arg(long, value_name = "ATTRIBUTE", default_value = "start_timestamp")]
    pub start_attribute: String,
}

/// Flags for tables: CSV or Parquet.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Tables (CSV, Parquet)")]
pub struct TableArgs {
    /// Event type of every row (or map a column to `type`); `log` if rows are events of an event log
    #[arg(long = "type", value_name = "TYPE")]
    pub event_type: Option<String>,
    /// Columns that fill fields: executionId=case_id,timestamp=Start. Fields of a log: case, activity,
    /// timestamp, startTime, lifecycle, resource, instance, status
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    pub map: Vec<String>,
    /// A field with the same value in every row: environment=prod
    #[arg(long, value_name = "FIELD=VALUE")]
    pub constant: Vec<String>,
    /// Time format: rfc3339, unix, unix-ms, or a pattern such as "%d/%m/%Y %H:%M:%S" [default: rfc3339]
    #[arg(long, value_name = "FORMAT")]
    pub time_format: Option<String>,
    /// What words in the status column mean: ok=completed,error=failed
    #[arg(long, value_name = "WORD=STATUS", value_delimiter = ',')]
    pub status: Vec<String>,
    /// Column separator: one character, or "tab" [default: detected from a `sep=` line or the header]
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// Unit of duration and waitMs columns [default: ms]
    #[arg(long, value_enum)]
    pub duration_unit: Option<DurationUnit>,
}

/// A file format the importer reads.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// IEEE 1849 event log
    Xes,
    /// CSV with a header
    Csv,
    /// Apache Parquet
    Parquet,
    /// One event per line, as `POST /api/v1/events` accepts it
    #[value(alias = "jsonl")]
    Ndjson,
}

/// The unit of duration columns.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DurationUnit {
    /// Milliseconds
    #[default]
    Ms,
    /// Seconds
    S,
    /// Minutes
    Min,
    /// Hours
    H,
}

impl DurationUnit {
    /// Milliseconds in one unit.
    pub(crate) fn millis(self) -> f64 {
        match self {
            Self::Ms => 1.0,
            Self::S => 1_000.0,
            Self::Min => 60_000.0,
            Self::H => 3_600_000.0,
        }
    }
}
