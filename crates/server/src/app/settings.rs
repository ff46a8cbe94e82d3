//! What the server can be told about its limits. The program's configuration fills these.

use std::time::Duration;

use weir_model::{event::Limits, redact::RedactionRules, time::Retention};

/// Bounds on the way in.
#[derive(Clone, Debug)]
pub struct IntakeSettings {
    /// The largest body as sent, in bytes.
    pub body_bytes: usize,
    /// The largest body after decompression, in bytes.
    pub decoded_bytes: usize,
    /// Bytes of bodies (decompressed) worked on at once, over all requests.
    pub memory_bytes: usize,
    /// How long a request waits for its share of that memory before it is refused as busy.
    pub patience: Duration,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
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
            memory_bytes: 512 << 20,
            patience: Duration::from_secs(2),
            body_timeout: Duration::from_secs(60),
            slice: 20_000,
            errors_listed: 10_000,
            limits: Limits::default(),
            redaction: RedactionRules::default(),
        }
    }
}

/// Bounds on the way out.
#[derive(Clone, Debug)]
pub struct QuerySettings {
    /// How long a query may take.
    pub deadline: Duration,
    /// Queries computed at once; more wait.
    pub concurrent: usize,
    /// Bytes of answers kept for repeated questions; 0 keeps none.
    pub cache_bytes: u64,
    /// How long the store keeps rollup rows: what the planner may count on.
    pub retention: Retention,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(30),
            concurrent: 8,
            cache_bytes: 32 << 20,
            retention: Retention::default(),
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
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            subscribers: 12_000,
            heartbeat: Duration::from_secs(15),
            lull: Duration::from_millis(200),
            check: Duration::from_secs(60),
        }
    }
}

/// Everything the server can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bounds on the way in.
    pub intake: IntakeSettings,
    /// Bounds on the way out.
    pub query: QuerySettings,
    /// Bounds on live updates.
    pub live: LiveSettings,
    /// How often expired and mergeable rollup rows are looked for.
    pub compaction_interval: Duration,
    /// How often service level windows that have ended are looked for.
    pub sli_interval: Duration,
    /// How often budgets are held against what was spent.
    pub budget_interval: Duration,
    /// Whether browsers may send the session cookie over https only.
    pub secure_cookie: bool,
    /// How long open requests may go on after a stop was asked for.
    pub shutdown_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            intake: IntakeSettings::default(),
            query: QuerySettings::default(),
            live: LiveSettings::default(),
            compaction_interval: Duration::from_secs(10),
            sli_interval: Duration::from_secs(600),
            budget_interval: Duration::from_secs(60),
            secure_cookie: false,
            shutdown_grace: Duration::from_secs(20),
        }
    }
}
