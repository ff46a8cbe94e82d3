//! The declaration of all settings: their sections and the types of their values. `weir.default.toml` gives
//! their defaults and meaning.

use std::path::PathBuf;

use serde::Deserialize;
use weir_model::{redact::RedactionRules, time};
use weir_server::app::settings::Network;

/// The default configuration with its comments.
pub const DEFAULT: &str = include_str!("../../weir.default.toml");

/// Everything that can be configured.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data_dir: PathBuf,
    pub listen: String,
    pub tls_cert: String,
    pub tls_key: String,
    pub secure_cookie: bool,
    pub cors_origins: Vec<String>,
    pub public_url: String,
    pub trusted_proxies: Networks,
    pub encrypt_store: bool,
    pub crypto_module: String,
    pub log: String,
    pub log_format: LogFormat,
    pub metrics_key: String,
    pub store: StoreConfig,
    pub retention: RetentionConfig,
    pub executions: ExecutionsConfig,
    pub intake: IntakeConfig,
    pub query: QueryConfig,
    pub dimensions: DimensionsConfig,
    pub sli: SliConfig,
    pub live: LiveConfig,
    pub limits: LimitsConfig,
    pub outgoing: OutgoingConfig,
    pub costs: CostsConfig,
    pub process: ProcessConfig,
    pub projects: ProjectsConfig,
    pub audit: AuditConfig,
    pub mail: MailConfig,
    pub redaction: RedactionRules,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    pub memory_limit: String,
    pub threads: usize,
    pub readers: usize,
    pub queued_events: u64,
    pub answer_bytes: usize,
    pub reserved_bytes: u64,
    pub compaction_seconds: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    pub(super) minute: Kept,
    pub(super) five_minutes: Kept,
    pub(super) hour: Kept,
    pub(super) day: Kept,
    pub(super) clock_jump: Kept,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionsConfig {
    pub clock_skew_ms: u32,
    pub(super) stale_after: StaleAfter,
    pub open_bytes: usize,
}

/// The milliseconds after which an open execution is stale; `None` means that Weir learns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StaleAfter(pub(super) Option<i64>);

impl<'de> Deserialize<'de> for StaleAfter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "learnt" {
            return Ok(Self(None));
        }
        let wrong = || {
            serde::de::Error::custom(format!(
                "{word:?} is neither \"learnt\" nor a number followed by h or d, such as \"12h\""
            ))
        };
        let unit = match word.as_bytes().last() {
            Some(b'h') => time::HOUR,
            Some(b'd') => time::DAY,
            _ => return Err(wrong()),
        };
        let number: i64 = word[..word.len() - 1].parse().map_err(|_| wrong())?;
        match (1..=100_000).contains(&number) {
            true => Ok(Self(Some(number * unit))),
            false => Err(wrong()),
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeConfig {
    pub(super) body_bytes: usize,
    pub(super) decoded_bytes: usize,
    pub(super) decoded_ratio: usize,
    pub(super) decompressing: usize,
    pub(super) memory_bytes: usize,
    pub(super) slices: usize,
    pub(super) body_seconds: u64,
    pub(super) body_bytes_per_second: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryConfig {
    pub(super) deadline_seconds: u64,
    pub(super) light_deadline_seconds: u64,
    pub(super) concurrent: usize,
    pub(super) heavy_concurrent: usize,
    pub(super) cache_bytes: u64,
    pub(super) tree_executions: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionsConfig {
    pub(super) most: usize,
    pub(super) most_values: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliConfig {
    pub(super) measure_seconds: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveConfig {
    pub(super) subscribers: usize,
    pub(super) heartbeat_seconds: u64,
    pub(super) check_seconds: u64,
    pub(super) waiting_bytes: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    pub(super) person_reads: u32,
    pub(super) person_requests: u32,
    pub(super) key_requests: u32,
    pub(super) address_attempts: u32,
    pub(super) unread_seconds: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutgoingConfig {
    pub(super) allowed: Networks,
    pub(super) plain_http: bool,
    pub(super) authorities: PathBuf,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostsConfig {
    pub(super) budget_seconds: u64,
    pub(super) worths: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessConfig {
    pub(super) workflows: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectsConfig {
    pub(super) annotations: usize,
    pub(super) saved_views: usize,
    pub(super) triaged_errors: usize,
}

/// Addresses and networks, parsed from their text.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Networks(pub(super) Vec<Network>);

impl TryFrom<Vec<String>> for Networks {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        let networks: Result<_, _> = texts.iter().map(|text| text.parse()).collect();
        networks.map(Self)
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditConfig {
    pub(super) kept: Kept,
    pub(super) waiting: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub smtp_url: String,
    pub directory: PathBuf,
    pub from: String,
}

/// How long something is kept, in milliseconds; `None` means forever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Kept(pub(super) Option<i64>);

impl TryFrom<String> for Kept {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is neither \"forever\" nor a positive number followed by h or d");
        if text == "forever" {
            return Ok(Self(None));
        }
        let unit = match text.chars().last() {
            Some('h') => time::HOUR,
            Some('d') => time::DAY,
            _ => return Err(wrong()),
        };
        let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        match number {
            0 => Err(wrong()),
            number => Ok(Self(Some(i64::from(number) * unit))),
        }
    }
}
