//! Validation of the configuration, before anything is opened. An error names the key, what is wrong with its
//! value, and a valid value.

use std::{fs, net::SocketAddr, path::Path};

use anyhow::{Context, Result, anyhow, bail};
use toml::{Table, Value};
use tracing_subscriber::EnvFilter;
use url::Url;
use weir_delivery::mail::SmtpMailer;
use weir_model::redact::Redactor;
use weir_server::Tls;

use super::declaration::{Config, DEFAULT};

/// Valid values of keys whose default is empty.
const EXAMPLES: &[(&str, &str)] = &[
    ("tls_cert", r#""/etc/weir/cert.pem""#),
    ("tls_key", r#""/etc/weir/key.pem""#),
    ("trusted_proxies", r#"["10.0.0.0/8"]"#),
    ("public_url", r#""https://weir.example.com""#),
    ("cors_origins", r#"["https://app.example.com"]"#),
    ("crypto_module", r#""builtin""#),
    ("metrics_key", r#""a-word-of-visible-letters""#),
    ("outgoing.allowed", r#"["10.0.0.0/8"]"#),
    ("outgoing.authorities", r#""/etc/weir/authorities.pem""#),
    (
        "mail.smtp_url",
        r#""smtps://user:password@mail.example.com""#,
    ),
    ("mail.directory", r#""/var/lib/weir/mails""#),
    ("redaction.values", r#"['cust-\d+']"#),
];
/// Keys whose values never appear in messages.
const SECRET: &[&str] = &["metrics_key", "mail.smtp_url"];

/// The upper bound of durations and intervals, in seconds: a year.
const SECONDS: u64 = 365 * 24 * 3_600;
/// The upper bound of sizes, in bytes: 16 TiB.
const BYTES: u64 = 1 << 44;
/// The upper bound of numbers of things that each occupy a thread or a connection.
const THREADS: u64 = 1_024;
/// The upper bound of all other numbers.
const MANY: u64 = 1_000_000_000;
/// The least memory with which DuckDB can open a store, in bytes.
const LEAST_MEMORY: f64 = 16e6;

const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

/// The error for a key's value: what is wrong with it, and a valid one.
pub(super) fn wrong(key: &str, fault: &str) -> anyhow::Error {
    anyhow!("{key}: {fault}; use for example {key} = {}", example(key))
}

/// A value as an error shows it; secret values are hidden.
pub(super) fn shown(key: &str, value: &Value) -> String {
    match SECRET.contains(&key) {
        true => "the value".to_owned(),
        false => value.to_string(),
    }
}

/// A valid value of a key in TOML: the default, unless that is empty.
fn example(key: &str) -> String {
    if let Some((_, example)) = EXAMPLES.iter().find(|(name, _)| *name == key) {
        return (*example).to_owned();
    }
    let table: Table = DEFAULT.parse().unwrap_or_default();
    let mut value = Value::Table(table);
    for part in key.split('.') {
        let inner = value.get(part).cloned();
        value = inner.unwrap_or_else(|| Value::String(String::new()));
    }
    match value {
        // The redaction lists are long, so the first element is enough.
        Value::Array(list) => format!(
            "[{}]",
            list.first().map_or_else(String::new, Value::to_string)
        ),
        value => value.to_string(),
    }
}

impl Config {
    /// Fails if a value is invalid. Checks only the values, not the files that they name.
    pub fn check(&self) -> Result<()> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(wrong("data_dir", "it is empty"));
        }
        check_listen(&self.listen)?;
        if self.tls_cert.is_empty() != self.tls_key.is_empty() {
            bail!("set both tls_cert and tls_key, or neither");
        }
        for origin in &self.cors_origins {
            check_origin(origin)?;
        }
        check_public_url(&self.public_url)?;
        check_log(&self.log)?;
        if !self.metrics_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let fault = "it contains a character that is not allowed in a header: a space, or one that is not \
                         printable ASCII";
            return Err(wrong("metrics_key", fault));
        }
        check_memory(&self.store.memory_limit)?;
        if let Some((key, value, least, most)) = self.out_of_bounds() {
            let fault = format!("{value} is not between {least} and {most}");
            return Err(wrong(key, &fault));
        }
        self.check_mail()?;
        Redactor::new(&self.redaction)
            .map_err(|error| wrong("redaction.values", &error.to_string()))?;
        Ok(())
    }

    /// Fails if a file that the configuration names is missing or unsuitable.
    pub fn check_files(&self) -> Result<()> {
        let folder = |key: &str, path: &Path| match path.exists() && !path.is_dir() {
            true => Err(wrong(
                key,
                &format!("{} is not a directory", path.display()),
            )),
            false => Ok(()),
        };
        folder("data_dir", &self.data_dir)?;
        folder("mail.directory", &self.mail.directory)?;
        if let Some(files) = self.tls() {
            Tls::load(files).context("tls_cert and tls_key")?;
        }
        let module = Path::new(&self.crypto_module);
        if !["", "builtin"].contains(&self.crypto_module.as_str()) && !module.is_file() {
            let fault = format!("there is no file {}", module.display());
            return Err(wrong("crypto_module", &fault));
        }
        self.check_authorities()
    }

    fn check_authorities(&self) -> Result<()> {
        const KEY: &str = "outgoing.authorities";
        let path = &self.outgoing.authorities;
        if path.as_os_str().is_empty() {
            return Ok(());
        }
        let shown = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| wrong(KEY, &format!("{shown} cannot be read: {error}")))?;
        match text.contains("-----BEGIN CERTIFICATE-----") {
            true => Ok(()),
            false => Err(wrong(KEY, &format!("{shown} contains no PEM certificate"))),
        }
    }

    fn check_mail(&self) -> Result<()> {
        SmtpMailer::check_sender(&self.mail.from)
            .map_err(|error| wrong("mail.from", &error.to_string()))?;
        if self.mail.smtp_url.is_empty() {
            return Ok(());
        }
        SmtpMailer::check_url(&self.mail.smtp_url)
            .map_err(|error| wrong("mail.smtp_url", &error.to_string()))
    }

    /// The first number that is out of bounds: its key, its value, and the lower and upper bound.
    fn out_of_bounds(&self) -> Option<Number> {
        let (store, intake, query) = (&self.store, &self.intake, &self.query);
        let (live, limits) = (&self.live, &self.limits);
        let numbers = [
            ("store.threads", store.threads as u64, 0, THREADS),
            ("store.readers", store.readers as u64, 1, THREADS),
            ("store.queued_events", store.queued_events, 1, MANY),
            ("store.answer_bytes", store.answer_bytes as u64, 1, BYTES),
            ("store.reserved_bytes", store.reserved_bytes, 0, BYTES),
            (
                "store.compaction_seconds",
                store.compaction_seconds,
                1,
                SECONDS,
            ),
            (
                "executions.open_bytes",
                self.executions.open_bytes as u64,
                0,
                BYTES,
            ),
            ("intake.body_bytes", intake.body_bytes as u64, 1, BYTES),
            (
                "intake.decoded_bytes",
                intake.decoded_bytes as u64,
                1,
                BYTES,
            ),
            ("intake.decoded_ratio", intake.decoded_ratio as u64, 1, MANY),
            (
                "intake.decompressing",
                intake.decompressing as u64,
                1,
                THREADS,
            ),
            ("intake.memory_bytes", intake.memory_bytes as u64, 1, BYTES),
            ("intake.slices", intake.slices as u64, 1, THREADS),
            ("intake.body_seconds", intake.body_seconds, 1, SECONDS),
            (
                "intake.body_bytes_per_second",
                intake.body_bytes_per_second as u64,
                0,
                BYTES,
            ),
            ("query.deadline_seconds", query.deadline_seconds, 1, SECONDS),
            (
                "query.light_deadline_seconds",
                query.light_deadline_seconds,
                1,
                SECONDS,
            ),
            ("query.concurrent", query.concurrent as u64, 1, THREADS),
            (
                "query.heavy_concurrent",
                query.heavy_concurrent as u64,
                1,
                THREADS,
            ),
            ("query.cache_bytes", query.cache_bytes, 0, BYTES),
            (
                "query.tree_executions",
                query.tree_executions as u64,
                1,
                MANY,
            ),
            ("dimensions.most", self.dimensions.most as u64, 0, MANY),
            (
                "dimensions.most_values",
                self.dimensions.most_values as u64,
                1,
                MANY,
            ),
            ("sli.measure_seconds", self.sli.measure_seconds, 1, SECONDS),
            ("live.subscribers", live.subscribers as u64, 0, MANY),
            ("live.heartbeat_seconds", live.heartbeat_seconds, 1, SECONDS),
            ("live.check_seconds", live.check_seconds, 1, SECONDS),
            ("live.waiting_bytes", live.waiting_bytes as u64, 1, BYTES),
            ("limits.unread_seconds", limits.unread_seconds, 1, SECONDS),
            (
                "costs.budget_seconds",
                self.costs.budget_seconds,
                1,
                SECONDS,
            ),
            ("audit.waiting", self.audit.waiting as u64, 1, MANY),
        ];
        let mut numbers = numbers.into_iter().chain(self.quotas());
        numbers.find(|(_, value, least, most)| !(least..=most).contains(&value))
    }

    /// How many things a project can have: the key, the value, and the lower and upper bound.
    fn quotas(&self) -> [Number; 5] {
        let projects = &self.projects;
        // Lists of errors filter by the groups that were decided about.
        let filtered = weir_query::validate::MAX_VALUES as u64;
        [
            ("costs.worths", self.costs.worths as u64, 0, MANY),
            ("process.workflows", self.process.workflows as u64, 0, MANY),
            ("projects.annotations", projects.annotations as u64, 0, MANY),
            ("projects.saved_views", projects.saved_views as u64, 0, MANY),
            (
                "projects.triaged_errors",
                projects.triaged_errors as u64,
                0,
                filtered,
            ),
        ]
    }
}

/// A number of the configuration: its key, its value, and the lower and upper bound.
type Number = (&'static str, u64, u64, u64);

/// Fails unless it is an address or a host name, with a port.
fn check_listen(listen: &str) -> Result<()> {
    if listen.parse::<SocketAddr>().is_ok() {
        return Ok(());
    }
    let fault = |what: &str| Err(wrong("listen", &format!("{listen:?} {what}")));
    let Some((host, port)) = listen.rsplit_once(':') else {
        return fault("has no port");
    };
    if port.parse::<u16>().is_err() {
        return fault("does not end in a port from 0 to 65535");
    }
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let is_name = host.chars().all(letter) && host.chars().any(|c| c.is_ascii_alphabetic());
    match is_name {
        true => Ok(()),
        false => fault("has neither an IP address nor a host name before the port"),
    }
}

fn check_origin(origin: &str) -> Result<()> {
    let host = origin.split_once("://").map(|(_, host)| host);
    let bare = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@']));
    match web_address(origin) {
        Ok(_) if bare => Ok(()),
        Ok(_) => Err(wrong(
            "cors_origins",
            &format!("{origin:?} may consist only of a scheme, a host and a port"),
        )),
        Err(fault) => Err(wrong("cors_origins", &fault)),
    }
}

fn check_public_url(url: &str) -> Result<()> {
    if url.is_empty() {
        return Ok(());
    }
    let address = web_address(url).map_err(|fault| wrong("public_url", &fault))?;
    let more = address.query().is_some() || address.fragment().is_some();
    match more || !address.username().is_empty() || address.password().is_some() {
        true => Err(wrong(
            "public_url",
            "it must not contain a user, a query or a fragment, because links begin with it",
        )),
        false => Ok(()),
    }
}

/// An http or https URL. Fails with what is wrong with it.
fn web_address(text: &str) -> Result<Url, String> {
    let address = Url::parse(text).map_err(|error| format!("{text:?} is not a URL: {error}"))?;
    let web = ["http", "https"].contains(&address.scheme()) && text.contains("://");
    match web && address.has_host() {
        true => Ok(address),
        false => Err(format!(
            "{text:?} does not begin with http:// or https:// and a host"
        )),
    }
}

/// Fails unless every part of a log filter ends in a level. The library would take an unknown word for the name
/// of a module.
fn check_log(filter: &str) -> Result<()> {
    let fault = |what: &str| wrong("log", &format!("{filter:?} {what}"));
    EnvFilter::try_new(filter).map_err(|error| fault(&format!("is not a log filter: {error}")))?;
    if filter.contains('[') {
        return Ok(());
    }
    for part in filter.split(',').map(str::trim) {
        let level = part.rsplit_once('=').map_or(part, |(_, level)| level);
        if !LEVELS.contains(&level.to_lowercase().as_str()) {
            return Err(fault(&format!(
                "contains {level:?}, which is not a level; the levels are {}",
                LEVELS.join(", ")
            )));
        }
    }
    Ok(())
}

/// Fails unless it is an amount of memory in DuckDB's notation, and enough to open a store.
fn check_memory(limit: &str) -> Result<()> {
    const UNITS: [(&str, f64); 9] = [
        ("b", 1.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("kib", 1024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
    ];
    let fault = |what: &str| wrong("store.memory_limit", &format!("{limit:?} {what}"));
    let text = limit.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number
        .parse()
        .map_err(|_| fault("does not begin with a number"))?;
    let unit = unit.trim().to_lowercase();
    let (_, bytes) = UNITS
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or_else(|| fault("does not end in KB, MB, GB, TB, KiB, MiB, GiB or TiB"))?;
    match number * bytes {
        enough if enough >= LEAST_MEMORY && enough <= BYTES as f64 => Ok(()),
        _ => Err(fault("is not between 16 MB and 16 TiB")),
    }
}

#[cfg(test)]
mod tests;
