//! Use cases: what the server does, without HTTP.

pub mod access;
mod annotations;
pub mod announcements;
pub mod api_keys;
mod attempts;
pub mod audit;
pub mod budgets;
mod control_data;
mod dimensions;
mod engagement;
pub mod errors;
pub mod intake;
pub mod limits;
pub mod live;
pub mod oidc;
pub mod operations;
mod outgoing;
pub mod people;
mod post;
pub mod preferences;
pub mod prices;
pub mod privacy;
mod process_rules;
pub mod profile;
pub mod projects;
mod reconciliation;
pub mod redaction;
pub mod roles;
pub mod saved_views;
mod segments;
mod service_levels;
pub mod sessions;
pub mod settings;
pub mod telemetry;
mod words;
mod worth;

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
};

use governor::clock::MonotonicClock;
use weir_delivery::mail::Mailer;
use weir_insights::{
    damaged, errors::Keyings, privacy::Events, reading,
    reconciliation::Newest as NewestReconciliation, telemetry::Queries,
};
use weir_meta::{Entropy, MetaStore, Opaque};
use weir_model::Clock;
use weir_store::EventStore;

use intake::Intake;
use settings::Settings;
use telemetry::Telemetry;
pub use weir_insights::{AppError, Candidate, ErrorCode, Reading, sentence};

/// The parts of an [`App`].
pub struct Parts {
    /// Events and cubes.
    pub store: Arc<dyn EventStore>,
    /// Control data.
    pub meta: Arc<MetaStore>,
    /// The source of `now`.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// Limits and other settings.
    pub settings: Settings,
}

/// The server's use cases over its stores.
pub struct App {
    /// All reads.
    pub reading: Arc<Reading>,
    pub(crate) store: Events,
    meta: Arc<MetaStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) settings: Settings,
    pub(crate) grouping: Arc<errors::Grouping>,
    pub(crate) intake: Intake,
    pub(crate) telemetry: Telemetry,
    pub(crate) access: audit::AccessTrail,
    announced: announcements::LastAnnounced,
    prices: prices::Books,
    /// Held during an erasure, so that erasures do not run in parallel.
    erasing: tokio::sync::Mutex<()>,
    reconciled: NewestReconciliation,
    damaged: damaged::Damaged,
    noted_commit: telemetry::NotedCommit,
    watch: budgets::Watch,
    turns: sessions::Turns,
    attempts: attempts::Attempts,
    post: post::Post,
    pub(crate) live: live::Live,
    /// Encrypts the entity tags of answers.
    pub(crate) tags: Opaque,
    pub(crate) limits: limits::Limits,
    /// Counts connections closed because their clients did not read their answers for too long.
    pub(crate) given_up: Arc<AtomicU64>,
    providers: Arc<oidc::Providers>,
}

impl App {
    /// Puts the parts together. Fails if a redaction rule in the settings does not compile, or if
    /// `outgoing.authorities` is not PEM.
    pub fn new(parts: Parts) -> Result<Self, AppError> {
        let store = Events::new(Arc::clone(&parts.store));
        let keyings = Arc::new(Keyings::new(
            Arc::clone(&parts.store),
            Arc::<MetaStore>::clone(&parts.meta),
        ));
        let grouping = Arc::new(errors::Grouping::new(
            Arc::clone(&keyings),
            Arc::clone(&parts.store),
            Arc::clone(&parts.meta),
        ));
        let intake = Intake::new(
            Arc::clone(&parts.store),
            Arc::clone(&parts.meta),
            Arc::clone(&parts.clock),
            Arc::clone(&keyings),
            parts.settings.intake.clone(),
        )?;
        let access = audit::AccessTrail::new(parts.settings.audit.waiting);
        let places = parts.meta.opaque("places in the order of commits");
        let live = live::Live::new(parts.settings.live.clone(), places);
        let tags = parts.meta.opaque("tags of answers");
        let given_up = Arc::default();
        let reconciled = NewestReconciliation::default();
        let damaged = damaged::Damaged::default();
        let noted_commit = telemetry::NotedCommit::default();
        let queries = Queries::default();
        let shared = reading::Shared {
            store: store.clone(),
            control: Arc::<MetaStore>::clone(&parts.meta),
            clock: Arc::clone(&parts.clock),
            keyings,
            queries: queries.clone(),
            reconciled: reconciled.clone(),
            damaged: damaged.clone(),
        };
        let settings = reading::ReadingSettings {
            query: parts.settings.query.clone(),
            dimensions: parts.settings.dimensions,
        };
        let reading = Arc::new(Reading::new(shared, settings));
        let sources = [
            telemetry::of_store(Arc::clone(&parts.store)),
            telemetry::of_connections(Arc::clone(&given_up)),
            intake.figures(),
            live.figures(),
            access.figures(),
            reconciled.figures(),
            damaged.figures(),
            noted_commit.figures(),
        ]
        .into_iter()
        .chain(reading.figures());
        Ok(Self {
            telemetry: Telemetry::new(&queries, sources),
            reading,
            store,
            meta: parts.meta,
            clock: parts.clock,
            entropy: parts.entropy,
            grouping,
            intake,
            access,
            announced: announcements::LastAnnounced::default(),
            prices: prices::Books::default(),
            erasing: tokio::sync::Mutex::default(),
            reconciled,
            damaged,
            noted_commit,
            watch: budgets::Watch::default(),
            turns: sessions::Turns::default(),
            attempts: attempts::Attempts::default(),
            post: post::Post::new(parts.mailer, &parts.settings.public_url),
            live,
            tags,
            given_up,
            providers: oidc::providers(outgoing::client(&parts.settings.outgoing)?),
            limits: limits::Limits::new(&parts.settings.limits, &MonotonicClock),
            settings: parts.settings,
        })
    }

    /// Checks both stores. Fails if either cannot serve requests.
    pub async fn ready(&self) -> Result<(), AppError> {
        self.meta.health().await?;
        self.store.port().health().await?;
        Ok(())
    }

    /// Writes the last entries of the audit log and closes the stores. A failed last write is logged and does
    /// not prevent closing. Fails if the event store cannot be closed.
    pub async fn close(&self) -> Result<(), AppError> {
        if let Err(error) = self.write_access().await {
            tracing::error!(%error, "could not write the last reads to the audit log");
        }
        let commit = *self.store.commits().borrow();
        self.store.port().close().await?;
        if let Err(error) = self.meta.note_commit(commit).await {
            tracing::warn!(%error, "could not record the last commits in the control data");
        }
        self.meta.close().await;
        Ok(())
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
