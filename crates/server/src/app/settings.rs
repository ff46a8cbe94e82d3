//! The server's settings, which the program fills from its configuration.

use std::{net::IpAddr, str::FromStr, time::Duration};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use weir_model::{
    event::Limits,
    redact::RedactionRules,
    time::{DAY, HOUR},
};
use weir_store::StaleRule;

pub use weir_insights::settings::{DimensionSettings, QuerySettings};

/// Limits on ingestion.
#[derive(Clone, Debug)]
pub struct IntakeSettings {
    /// The largest body as sent, in bytes.
    pub body_bytes: usize,
    /// The largest body after decompression, in bytes.
    pub decoded_bytes: usize,
    /// The largest ratio of decompressed to sent size, for sizes beyond a megabyte.
    pub decoded_ratio: usize,
    /// How many large bodies are decompressed at once.
    pub decompressing: usize,
    /// How many slices of large bodies are held as events at once, from reading to storage.
    pub slices: usize,
    /// Bytes of bodies (as sent and decompressed) held at once, over all requests. One eighth is reserved for
    /// small bodies.
    pub memory_bytes: usize,
    /// How long a request waits for a share of that memory before it is refused as busy.
    pub patience: Duration,
    /// How long a body can take to arrive.
    pub body_timeout: Duration,
    /// The lowest rate at which a body must arrive, in bytes per second, averaged over ten seconds.
    pub body_rate: usize,
    /// Events committed together from one large body.
    pub slice: usize,
    /// The most faults listed in one answer; all are counted.
    pub errors_listed: usize,
    /// Limits on single events.
    pub limits: Limits,
    /// What is redacted in events before storage.
    pub redaction: RedactionRules,
}

impl Default for IntakeSettings {
    fn default() -> Self {
        Self {
            body_bytes: 32 << 20,
            decoded_bytes: 256 << 20,
            decoded_ratio: 200,
            decompressing: 2,
            slices: 8,
            memory_bytes: 512 << 20,
            patience: Duration::from_secs(2),
            body_timeout: Duration::from_secs(60),
            body_rate: 4096,
            slice: 20_000,
            errors_listed: 10_000,
            limits: Limits::default(),
            redaction: RedactionRules::default(),
        }
    }
}

/// Limits on live updates.
#[derive(Clone, Debug)]
pub struct LiveSettings {
    /// The most clients that can follow live updates at once.
    pub subscribers: usize,
    /// How often an idle stream sends a heartbeat.
    pub heartbeat: Duration,
    /// The shortest time between two computations of the same live figures.
    pub lull: Duration,
    /// How often a client's permission is checked again.
    pub check: Duration,
    /// The most bytes of a stream that wait for the client to read them; the stream continues once it does.
    pub waiting_bytes: usize,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            subscribers: 12_000,
            heartbeat: Duration::from_secs(15),
            lull: Duration::from_millis(200),
            check: Duration::from_secs(60),
            waiting_bytes: 8 * 1024,
        }
    }
}

/// A network, such as 10.0.0.0/8, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether an address belongs to the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (bits(self.address), bits(address)) {
            ((own, width), (other, same)) if width == same => {
                // A prefix of zero would shift out every bit, which overflows.
                (own ^ other).checked_shr(width - self.prefix).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// An address as a number, and its number of bits.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u32::from(v4).into(), 32),
        IpAddr::V6(v6) => (v6.into(), 128),
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let (_, width) = bits(address);
        let prefix = prefix.map_or(Ok(width), |prefix| prefix.trim().parse());
        let prefix = prefix.ok().filter(|prefix| *prefix <= width);
        Ok(Self {
            address,
            prefix: prefix.ok_or_else(wrong)?,
        })
    }
}

/// Limits on requests to other servers.
#[derive(Clone, Debug, Default)]
pub struct OutgoingSettings {
    /// Networks that can be reached although they are not public.
    pub allowed: Vec<Network>,
    /// Whether plain http is allowed.
    pub plain_http: bool,
    /// Certificates (PEM) of additional trusted authorities.
    pub authorities: String,
}

/// Settings of the audit log.
#[derive(Clone, Debug)]
pub struct AuditSettings {
    /// How long entries are kept, in milliseconds; `None` is forever.
    pub kept: Option<i64>,
    /// The most reads that wait to be written; those beyond are only counted.
    pub waiting: usize,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self {
            kept: Some(400 * DAY),
            waiting: 10_000,
        }
    }
}

/// Rate limits: requests per minute, which is also the burst after a quiet minute; 0 is no limit.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Reads of analytics by one person.
    pub person_reads: u32,
    /// Other requests by one person.
    pub person_requests: u32,
    /// Requests with one API key, except sending events and following live updates.
    pub key_requests: u32,
    /// Unauthenticated requests from one address.
    pub address_attempts: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            person_reads: 600,
            person_requests: 600,
            key_requests: 600,
            address_attempts: 120,
        }
    }
}

/// The SHA-256 of the key that `/metrics` requires.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsKey(Option<[u8; 32]>);

impl MetricsKey {
    /// Requires this key; none if it is empty.
    pub fn new(key: &str) -> Self {
        Self((!key.is_empty()).then(|| Sha256::digest(key).into()))
    }

    /// Whether a request with this key, or without one, can read metrics.
    pub fn opens(self, shown: Option<&str>) -> bool {
        let Some(wanted) = self.0 else { return true };
        let shown = Sha256::digest(shown.unwrap_or_default());
        bool::from(wanted.ct_eq(&shown[..]))
    }
}

/// The server's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Limits on ingestion.
    pub intake: IntakeSettings,
    /// Limits on queries.
    pub query: QuerySettings,
    /// Limits on declared dimensions.
    pub dimensions: DimensionSettings,
    /// Limits on live updates.
    pub live: LiveSettings,
    /// Settings of the audit log.
    pub audit: AuditSettings,
    /// Whether control data is checked in the background, because the start did not check it.
    pub check_control_data: bool,
    /// The interval of compaction.
    pub compaction_interval: Duration,
    /// How often SLO windows that have ended are measured.
    pub sli_interval: Duration,
    /// How often budgets are checked.
    pub budget_interval: Duration,
    /// The most workflows and goals of a project with a worth.
    pub worths: usize,
    /// The most workflows of a project with conformance rules.
    pub rule_workflows: usize,
    /// The most annotations of a project.
    pub annotations: usize,
    /// The most saved views of a project: shared ones, and those of each person.
    pub saved_views: usize,
    /// The most error groups of a project with a decision about them.
    pub triaged_errors: usize,
    /// When an open execution counts as stale.
    pub stale: StaleRule,
    /// Rate limits.
    pub limits: LimitSettings,
    /// Limits on requests to other servers.
    pub outgoing: OutgoingSettings,
    /// The URL at which browsers reach the server; links start with it.
    pub public_url: String,
    /// Origins whose scripts can read answers; none by default.
    pub cors_origins: Vec<String>,
    /// Whether browsers use https only; the session cookie is then sent over https only.
    pub secure_cookie: bool,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<Network>,
    /// How long a client can go without reading its answers before its connection is closed.
    pub unread: Duration,
    /// The key that `/metrics` requires; without one, anyone can read them.
    pub metrics_key: MetricsKey,
    /// How long requests under way can continue once the server is stopping.
    pub shutdown_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            intake: IntakeSettings::default(),
            query: QuerySettings::default(),
            dimensions: DimensionSettings::default(),
            live: LiveSettings::default(),
            audit: AuditSettings::default(),
            check_control_data: false,
            compaction_interval: Duration::from_secs(10),
            sli_interval: Duration::from_secs(600),
            stale: StaleRule {
                after: None,
                least: HOUR,
                otherwise: DAY,
            },
            budget_interval: Duration::from_secs(60),
            worths: 1_000,
            rule_workflows: 1_000,
            annotations: 10_000,
            saved_views: 500,
            triaged_errors: 5_000,
            limits: LimitSettings::default(),
            outgoing: OutgoingSettings::default(),
            cors_origins: Vec::new(),
            secure_cookie: false,
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            unread: Duration::from_secs(60),
            metrics_key: MetricsKey::default(),
            shutdown_grace: Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_the_addresses_with_its_prefix() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.contains(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.6"));
        assert!(holds("0.0.0.0/0", "203.0.113.1") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
    }

    #[test]
    fn metrics_require_exactly_their_key() {
        let (none, key) = (MetricsKey::new(""), MetricsKey::new("a long key"));
        assert!(none.opens(None) && none.opens(Some("anything")));
        assert!(key.opens(Some("a long key")));
        for wrong in [None, Some(""), Some("a long kez"), Some("a long key ")] {
            assert!(!key.opens(wrong), "{wrong:?}");
        }
        assert!(!format!("{key:?}").contains("a long key"));
    }

    #[test]
    fn malformed_networks_are_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0/8",
            "proxy",
            "::/129",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
