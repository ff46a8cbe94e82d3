//! Configuration. The keys, their defaults and their meaning stand in `weir.default.toml` and
//! nowhere else; a file and the environment are laid over it.

mod check;

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::{Table, Value};
use weir_delivery::mail::{ConsoleMailer, DirectoryMailer, Mailer, SmtpMailer};
use weir_model::{Granularity, redact::RedactionRules, time};
use weir_query::nearest;
use weir_server::{
    TlsFiles,
    app::settings::{
        AuditSettings, DimensionSettings, IntakeSettings, LimitSettings, LiveSettings, MetricsKey,
        Network, OutgoingSettings, QuerySettings, Settings,
    },
};
use weir_store::StaleRule;

use check::{shown, wrong};

/// What the names of variables begin with.
const PREFIX: &str = "WEIR";

/// The default configuration with its comments.
pub const DEFAULT: &str = include_str!("../weir.default.toml");

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
    pub audit: AuditConfig,
    pub mail: MailConfig,
    pub redaction: RedactionRules,
}

/// How log lines look.
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
    minute: Kept,
    five_minutes: Kept,
    hour: Kept,
    day: Kept,
    clock_jump: Kept,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionsConfig {
    pub clock_skew_ms: u32,
    stale_after: StaleAfter,
    pub open_bytes: usize,
}

/// After how many milliseconds an open execution is stale; `None` means that it is learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StaleAfter(Option<i64>);

impl<'de> Deserialize<'de> for StaleAfter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == "learnt" {
            return Ok(Self(None));
        }
        let wrong = || {
            serde::de::Error::custom(format!(
                "{word:?} is neither \"learnt\" nor a number with h or d, such as \"12h\""
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
    body_bytes: usize,
    decoded_bytes: usize,
    decoded_ratio: usize,
    decompressing: usize,
    memory_bytes: usize,
    slices: usize,
    body_seconds: u64,
    body_bytes_per_second: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryConfig {
    deadline_seconds: u64,
    light_deadline_seconds: u64,
    concurrent: usize,
    heavy_concurrent: usize,
    cache_bytes: u64,
    tree_executions: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionsConfig {
    most: usize,
    most_values: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliConfig {
    measure_seconds: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveConfig {
    subscribers: usize,
    heartbeat_seconds: u64,
    check_seconds: u64,
    waiting_bytes: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsConfig {
    person_reads: u32,
    person_requests: u32,
    key_requests: u32,
    address_attempts: u32,
    unread_seconds: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutgoingConfig {
    allowed: Networks,
    plain_http: bool,
    authorities: PathBuf,
}

impl OutgoingConfig {
    /// The settings, with the authorities read from their file.
    pub fn settings(&self) -> Result<OutgoingSettings> {
        let file = &self.authorities;
        let authorities = match file.as_os_str().is_empty() {
            true => String::new(),
            false => fs::read_to_string(file).with_context(|| {
                format!("outgoing.authorities: {} cannot be read", file.display())
            })?,
        };
        Ok(OutgoingSettings {
            allowed: self.allowed.0.clone(),
            plain_http: self.plain_http,
            authorities,
        })
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostsConfig {
    budget_seconds: u64,
    worths: usize,
}

/// Networks in their written form.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Networks(Vec<Network>);

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
    kept: Kept,
    waiting: usize,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    pub smtp_url: String,
    pub directory: PathBuf,
    pub from: String,
}

impl MailConfig {
    /// The way out for mails.
    pub fn mailer(&self) -> Result<Arc<dyn Mailer>> {
        if !self.smtp_url.is_empty() {
            let mailer = SmtpMailer::new(&self.smtp_url, &self.from);
            return Ok(Arc::new(mailer.context("mail.smtp_url or mail.from")?));
        }
        if !self.directory.as_os_str().is_empty() {
            let mailer = DirectoryMailer::new(&self.directory);
            return Ok(Arc::new(mailer.context("mail.directory")?));
        }
        Ok(Arc::new(ConsoleMailer))
    }
}

/// How long something is kept, in milliseconds; `None` is for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Kept(Option<i64>);

impl TryFrom<String> for Kept {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is neither \"forever\" nor a number from 1 on with h or d");
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

impl Config {
    /// The default with the text of a file and then the environment laid over it. `environment`
    /// gives the value of a variable.
    pub fn load(file: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let defaults: Table = DEFAULT.parse().context("the default configuration")?;
        let mut table = defaults.clone();
        let variables = from_environment(&table, PREFIX, &environment);
        if let Some(text) = file {
            lay_over(&mut table, text.parse().context("not a TOML file")?, "")?;
        }
        lay_over(&mut table, variables, "")?;
        let config = read(&table, &defaults)?;
        config.check()?;
        Ok(config)
    }

    /// What the server is told.
    pub fn settings(&self) -> Settings {
        Settings {
            intake: IntakeSettings {
                body_bytes: self.intake.body_bytes,
                decoded_bytes: self.intake.decoded_bytes,
                decoded_ratio: self.intake.decoded_ratio,
                decompressing: self.intake.decompressing,
                slices: self.intake.slices,
                memory_bytes: self.intake.memory_bytes,
                body_rate: self.intake.body_bytes_per_second,
                body_timeout: Duration::from_secs(self.intake.body_seconds),
                redaction: self.redaction.clone(),
                ..IntakeSettings::default()
            },
            query: QuerySettings {
                deadline: Duration::from_secs(self.query.deadline_seconds),
                light_deadline: Duration::from_secs(self.query.light_deadline_seconds),
                concurrent: self.query.concurrent,
                heavy_concurrent: self.query.heavy_concurrent,
                cache_bytes: self.query.cache_bytes,
                tree_executions: self.query.tree_executions,
                retention: self.retention(),
            },
            dimensions: DimensionSettings {
                most: self.dimensions.most,
                most_values: self.dimensions.most_values,
            },
            live: LiveSettings {
                subscribers: self.live.subscribers,
                heartbeat: Duration::from_secs(self.live.heartbeat_seconds),
                check: Duration::from_secs(self.live.check_seconds),
                waiting_bytes: self.live.waiting_bytes,
                ..LiveSettings::default()
            },
            audit: AuditSettings {
                kept: self.audit.kept.0,
                waiting: self.audit.waiting,
            },
            compaction_interval: Duration::from_secs(self.store.compaction_seconds),
            sli_interval: Duration::from_secs(self.sli.measure_seconds),
            budget_interval: Duration::from_secs(self.costs.budget_seconds),
            worths: self.costs.worths,
            stale: StaleRule {
                after: self.executions.stale_after.0,
                ..Settings::default().stale
            },
            limits: LimitSettings {
                person_reads: self.limits.person_reads,
                person_requests: self.limits.person_requests,
                key_requests: self.limits.key_requests,
                address_attempts: self.limits.address_attempts,
            },
            cors_origins: self.cors_origins.clone(),
            secure_cookie: self.secure_cookie
                || !self.tls_cert.is_empty()
                || self.public_url.starts_with("https://"),
            trusted_proxies: self.trusted_proxies.0.clone(),
            unread: Duration::from_secs(self.limits.unread_seconds),
            metrics_key: MetricsKey::new(&self.metrics_key),
            ..Settings::default()
        }
    }

    /// The certificate and its key, if the server speaks TLS itself.
    pub fn tls(&self) -> Option<TlsFiles> {
        let set = !self.tls_cert.is_empty();
        set.then(|| TlsFiles {
            certificate: self.tls_cert.clone().into(),
            key: self.tls_key.clone().into(),
        })
    }

    /// How long rollup rows are kept.
    pub fn retention(&self) -> time::Retention {
        let kept = &self.retention;
        time::Retention::FOREVER
            .with(Granularity::Minute, kept.minute.0)
            .with(Granularity::FiveMinutes, kept.five_minutes.0)
            .with(Granularity::Hour, kept.hour.0)
            .with(Granularity::Day, kept.day.0)
    }

    /// How far the clock may jump before nothing expires, in milliseconds.
    pub fn clock_jump(&self) -> Option<i64> {
        self.retention.clock_jump.0
    }

    /// How long a query may take.
    pub fn query_deadline(&self) -> Duration {
        Duration::from_secs(self.query.deadline_seconds)
    }
}

/// Reads a table that has every key. A value that no key takes is refused by the name of its key.
fn read(table: &Table, defaults: &Table) -> Result<Config> {
    let whole: Result<Config, _> = Value::Table(table.clone()).try_into();
    let error = match whole {
        Ok(config) => return Ok(config),
        Err(error) => error,
    };
    let mut changed = Vec::new();
    differences(table, defaults, &mut Vec::new(), &mut changed);
    for (path, value) in changed {
        // The default with this one value: which of them is wrong does not stand in the error.
        let mut alone = defaults.clone();
        put(&mut alone, &path, value.clone());
        let alone: Result<Config, _> = Value::Table(alone).try_into();
        if let Err(error) = alone {
            let key = path.join(".");
            let fault = format!("{} is not taken: {}", shown(&key, &value), error.message());
            return Err(wrong(&key, &fault));
        }
    }
    Err(error.into())
}

/// The values of `table` that are others than in `defaults`, with their paths.
fn differences(
    table: &Table,
    defaults: &Table,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, Value)>,
) {
    for (key, value) in table {
        path.push(key.clone());
        match (value, defaults.get(key)) {
            (Value::Table(inner), Some(Value::Table(defaults))) => {
                differences(inner, defaults, path, found);
            }
            (value, default) if Some(value) != default => found.push((path.clone(), value.clone())),
            _ => {}
        }
        path.pop();
    }
}

/// Puts a value where a path leads to.
fn put(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [section, rest @ ..] => {
            if let Some(Value::Table(inner)) = table.get_mut(section) {
                put(inner, rest, value);
            }
        }
    }
}

/// Lays `over` on `table`; a key that is not there, or a value of another type, is refused by its full name.
fn lay_over(table: &mut Table, over: Table, path: &str) -> Result<()> {
    for (key, value) in over {
        let name = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match (table.get_mut(&key), value) {
            (None, _) => bail!("there is no key {name}; `weir config default` lists the keys"),
            (Some(Value::Table(inner)), Value::Table(over)) => lay_over(inner, over, &name)?,
            (Some(Value::Table(_)), _) => bail!("{name} is a section, not a value"),
            (Some(place), value) if !place.same_type(&value) => {
                let shown = shown(&name, &value);
                let fault = format!("{shown} is no {}", place.type_str());
                return Err(wrong(&name, &fault));
            }
            (Some(place), value) => *place = value,
        }
    }
    Ok(())
}

/// The keys of `table` that the environment sets.
fn from_environment(
    table: &Table,
    prefix: &str,
    environment: &impl Fn(&str) -> Option<String>,
) -> Table {
    let mut found = Table::new();
    for (key, default) in table {
        let variable = format!("{prefix}_{}", key.to_uppercase());
        let value = match default {
            Value::Table(inner) => {
                let inner = from_environment(inner, &variable, environment);
                (!inner.is_empty()).then_some(Value::Table(inner))
            }
            Value::String(_) => environment(&variable).map(Value::String),
            Value::Array(_) => environment(&variable).map(|text| read_list(&text)),
            _ => environment(&variable).map(|text| read_value(&text)),
        };
        if let Some(value) = value {
            found.insert(key.clone(), value);
        }
    }
    found
}

/// The variables that are set, begin as Weir's do, and mean nothing to it; each with the one that may be meant.
/// `others` are those that are no keys of the configuration.
pub fn unknown_variables(
    set: impl Iterator<Item = String>,
    others: &[String],
) -> Vec<(String, Option<String>)> {
    let table: Table = DEFAULT.parse().unwrap_or_default();
    let mut known = others.to_vec();
    variables_of(&table, PREFIX, &mut known);
    let begins = format!("{PREFIX}_");
    let strange = set.filter(|name| name.starts_with(&begins) && !known.contains(name));
    let strange = strange.map(|name| {
        let meant = nearest(&name, known.iter().map(String::as_str));
        let meant = meant.map(str::to_owned);
        (name, meant)
    });
    strange.collect()
}

fn variables_of(table: &Table, prefix: &str, found: &mut Vec<String>) {
    for (key, default) in table {
        let variable = format!("{prefix}_{}", key.to_uppercase());
        match default {
            Value::Table(inner) => variables_of(inner, &variable, found),
            _ => found.push(variable),
        }
    }
}

/// A list as TOML writes it, or words with commas between them.
fn read_list(text: &str) -> Value {
    match read_value(text) {
        list @ Value::Array(_) => list,
        _ => {
            let words = text
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
    }
}

/// A number, boolean or list as TOML writes it; anything else stays text and is refused by its type.
fn read_value(text: &str) -> Value {
    format!("value = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use weir_model::time::{DAY, HOUR, Retention};

    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_default_file_says_what_the_crates_default_to() {
        let config = Config::load(None, nothing).unwrap();
        let settings = config.settings();
        let defaults = Settings::default();
        assert_eq!(format!("{settings:?}"), format!("{defaults:?}"));
        assert_eq!(config.retention(), Retention::default());
        let store = weir_store_duckdb::Options::default();
        assert_eq!(config.store.memory_limit, store.memory_limit);
        assert_eq!(config.store.readers, store.readers);
        assert_eq!(config.store.queued_events, store.most_queued_events);
        assert_eq!(config.store.answer_bytes, store.most_answer_bytes);
        assert_eq!(config.store.reserved_bytes, store.reserved_bytes);
        assert_eq!(config.clock_jump(), store.clock_jump);
    }

    #[test]
    fn every_key_of_the_default_file_has_a_comment() {
        let mut commented = false;
        for line in DEFAULT.lines() {
            let is_key = line.contains(" = ") && !line.starts_with(['#', ' ']);
            assert!(!is_key || commented, "{line}");
            // Keys that belong together share a comment.
            commented = line.starts_with('#') || (commented && !line.is_empty());
        }
    }

    #[test]
    fn a_file_changes_what_it_names_and_the_environment_comes_before_it() {
        let file = "listen = \"0.0.0.0:80\"\n[query]\nconcurrent = 3\ndeadline_seconds = 5\n";
        let environment = |name: &str| match name {
            "WEIR_QUERY_CONCURRENT" => Some("4".to_owned()),
            "WEIR_DATA_DIR" => Some("/srv/weir".to_owned()),
            "WEIR_RETENTION_MINUTE" => Some("2d".to_owned()),
            _ => None,
        };
        let config = Config::load(Some(file), environment).unwrap();
        assert_eq!(config.listen, "0.0.0.0:80");
        assert_eq!(config.data_dir, PathBuf::from("/srv/weir"));
        assert_eq!(
            (config.query.concurrent, config.query.deadline_seconds),
            (4, 5)
        );
        assert_eq!(config.retention.minute, Kept(Some(2 * DAY)));
        assert_eq!(config.query.cache_bytes, 32 << 20);
    }

    #[test]
    fn a_list_in_a_variable_is_words_with_commas_or_toml() {
        let allowed = |text: &'static str| {
            let environment =
                move |name: &str| (name == "WEIR_OUTGOING_ALLOWED").then(|| text.to_owned());
            Config::load(None, environment).map(|config| config.outgoing.allowed)
        };
        let networks = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
            Networks::try_from(texts).unwrap()
        };
        let two = networks(&["127.0.0.0/8", "10.0.0.0/8"]);
        for text in [
            "127.0.0.0/8,10.0.0.0/8",
            " 127.0.0.0/8 , 10.0.0.0/8, ",
            "[\"127.0.0.0/8\", \"10.0.0.0/8\"]",
        ] {
            assert_eq!(allowed(text).unwrap(), two, "{text}");
        }
        assert_eq!(allowed("::1").unwrap(), networks(&["::1"]));
        assert_eq!(allowed("[]").unwrap(), networks(&[]));
        let error = format!("{:#}", allowed("127.0.0.0/8;10.0.0.0/8").unwrap_err());
        assert!(error.contains("127.0.0.0/8;10.0.0.0/8"), "{error}");
    }

    #[test]
    fn a_variable_that_means_nothing_is_named_with_the_one_that_may_be_meant() {
        let set = [
            "WEIR_LISTEN",
            "WEIR_INTAKE_BODY_BYTE",
            "WEIR_MASTER_KEY",
            "WEIRD_THING",
            "HOME",
        ];
        let set = set.into_iter().map(str::to_owned);
        let found = unknown_variables(set, &["WEIR_MASTER_KEY".to_owned()]);
        let meant = Some("WEIR_INTAKE_BODY_BYTES".to_owned());
        assert_eq!(found, [("WEIR_INTAKE_BODY_BYTE".to_owned(), meant)]);
    }

    #[test]
    fn a_wrong_key_or_value_is_named() {
        let error = |file: &str| format!("{:#}", Config::load(Some(file), nothing).unwrap_err());
        assert!(error("[query]\nconcurent = 3").contains("query.concurent"));
        assert!(error("query = 3").contains("query is a section"));
        assert!(error("[query]\nconcurrent = \"many\"").contains("many"));
        assert!(error("[query]\nconcurrent = 0").contains("query.concurrent"));
        assert!(error("[retention]\nhour = \"5 weeks\"").contains("5 weeks"));
        assert!(error("tls_cert = \"a.pem\"").contains("tls_key"));
        for origin in ["app.example.com", "https://a.example/x", "https://", "*"] {
            assert!(error(&format!("cors_origins = [\"{origin}\"]")).contains("cors_origins"));
        }
        assert!(error("listen = ").contains("not a TOML file"));
    }

    #[test]
    fn kept_is_hours_days_or_for_ever() {
        let kept = |text: &str| Kept::try_from(text.to_owned());
        assert_eq!(kept("48h"), Ok(Kept(Some(48 * HOUR))));
        assert_eq!(kept("forever"), Ok(Kept(None)));
        for bad in ["", "h", "-1d", "0d", "1.5d", "10", "10é"] {
            assert!(kept(bad).is_err(), "{bad}");
        }
    }
}
