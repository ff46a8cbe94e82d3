//! What the server can be told about its limits. The program's configuration fills these.

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

/// Bounds on the way in.
#[derive(Clone, Debug)]
pub struct IntakeSettings {
    /// The largest body as sent, in bytes.
    pub body_bytes: usize,
    /// The largest body after decompression, in bytes.
    pub decoded_bytes: usize,
    /// How many times as large as it was sent a body may become, beyond a megabyte.
    pub decoded_ratio: usize,
    /// Large bodies decompressed at once.
    pub decompressing: usize,
    /// Slices of large bodies held at once as events, from their reading until they are stored.
    pub slices: usize,
    /// Bytes of bodies (as sent and decompressed) held at once, over all requests. One part in eight is a
    /// reserve for small ones.
    pub memory_bytes: usize,
    /// How long a request waits for its share of that memory before it is refused as busy.
    pub patience: Duration,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How many bytes of a body must arrive in a second, on average over ten seconds.
    pub body_rate: usize,
    /// Events committed together from one large body.
    pub slice: usize,
    /// Faults listed in one answer; all are counted.
    pub errors_listed: usize,
    /// Bounds on single events.
    pub limits: Limits,
    /// What is taken out of events before storage.
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

/// Bounds on live updates.
#[derive(Clone, Debug)]
pub struct LiveSettings {
    /// Clients that may follow along at once.
    pub subscribers: usize,
    /// How often a stream on which nothing happens says that it is alive.
    pub heartbeat: Duration,
    /// How long live figures stay at least before they are computed again.
    pub lull: Duration,
    /// How often a client's right to follow along is looked at again.
    pub check: Duration,
    /// Bytes of a stream that wait for a client to take them, at most; the stream goes on when it does.
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

/// A network of addresses, such as 10.0.0.0/8, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether an address is one of the network's.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (bits(self.address), bits(address)) {
            ((own, width), (other, same)) if width == same => {
                // A prefix of zero would shift everything out, which is no shift.
                (own ^ other).checked_shr(width - self.prefix).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// An address as a number, and how many bits it has.
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

/// What may be asked of others.
#[derive(Clone, Debug, Default)]
pub struct OutgoingSettings {
    /// Networks that may be reached although they are not public.
    pub allowed: Vec<Network>,
    /// Whether http may be spoken without TLS.
    pub plain_http: bool,
    /// Certificates (PEM) of authorities that are trusted beside those of the web.
    pub authorities: String,
}

/// What is kept of who did what.
#[derive(Clone, Debug)]
pub struct AuditSettings {
    /// How long entries are kept, in milliseconds; `None` is for ever.
    pub kept: Option<i64>,
    /// Reads that wait to be written at most; those beyond are only counted.
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

/// Requests a minute, and at once after a quiet minute; 0 is no limit.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Reads of analytics by one person.
    pub person_reads: u32,
    /// Everything else that one person does.
    pub person_requests: u32,
    /// Everything but sending events and following along, by one API key.
    pub key_requests: u32,
    /// Requests from one address that do not prove who they are from.
    pub address_attempts: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            person_reads: 60,
            person_requests: 600,
            key_requests: 600,
            address_attempts: 120,
        }
    }
}

/// The key that `/metrics` asks for, by its SHA-256.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsKey(Option<[u8; 32]>);

impl MetricsKey {
    /// This key; an empty one is none.
    pub fn new(key: &str) -> Self {
        Self((!key.is_empty()).then(|| Sha256::digest(key).into()))
    }

    /// Whether who shows this key, or none, may read.
    pub fn opens(self, shown: Option<&str>) -> bool {
        let Some(wanted) = self.0 else { return true };
        let shown = Sha256::digest(shown.unwrap_or_default());
        bool::from(wanted.ct_eq(&shown[..]))
    }
}

/// Everything the server can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bounds on the way in.
    pub intake: IntakeSettings,
    /// Bounds on the way out.
    pub query: QuerySettings,
    /// Bounds on declared dimensions.
    pub dimensions: DimensionSettings,
    /// Bounds on live updates.
    pub live: LiveSettings,
    /// What is kept of who did what.
    pub audit: AuditSettings,
    /// Whether control data is compared with itself beside the first requests: the start did not.
    pub check_control_data: bool,
    /// How often expired and mergeable rollup rows are looked for.
    pub compaction_interval: Duration,
    /// How often service level windows that have ended are looked for.
    pub sli_interval: Duration,
    /// How often budgets are held against what was spent.
    pub budget_interval: Duration,
    /// Workflows and goals of one project that may have a worth.
    pub worths: usize,
    /// When an open execution is open for too long.
    pub stale: StaleRule,
    /// Bounds on requests of one caller.
    pub limits: LimitSettings,
    /// What may be asked of others.
    pub outgoing: OutgoingSettings,
    /// Where browsers reach the server: the beginning of every link to it.
    pub public_url: String,
    /// Sites whose scripts may read answers; none by default.
    pub cors_origins: Vec<String>,
    /// Whether browsers come by https only, and may send the session cookie no other way.
    pub secure_cookie: bool,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// How long a client may take nothing of its answers before its connection is given up.
    pub unread: Duration,
    /// What `/metrics` asks for; without it, anybody reads them.
    pub metrics_key: MetricsKey,
    /// How long open requests may go on after a stop was asked for.
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
    fn a_network_holds_the_addresses_that_begin_like_it() {
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
    fn a_key_of_metrics_opens_them_to_itself_alone() {
        let (none, key) = (MetricsKey::new(""), MetricsKey::new("a long key"));
        assert!(none.opens(None) && none.opens(Some("anything")));
        assert!(key.opens(Some("a long key")));
        for wrong in [None, Some(""), Some("a long kez"), Some("a long key ")] {
            assert!(!key.opens(wrong), "{wrong:?}");
        }
        assert!(!format!("{key:?}").contains("a long key"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
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
