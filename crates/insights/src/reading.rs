//! The room for reading: every figure, list and record that anyone sees is read here. It knows what figures
//! need and nothing else, so that no figure can reach sessions, what comes in, or prices.

use std::{fmt, sync::Arc};

use weir_model::{Clock, Scope};

use super::{
    control::Control,
    damaged, dimensions, errors, privacy, query, reconciliation,
    settings::{DimensionSettings, QuerySettings},
    telemetry::{self, Queries},
};

/// What [`Reading`] can be told.
#[derive(Clone, Debug, Default)]
pub struct ReadingSettings {
    /// Bounds on queries.
    pub query: QuerySettings,
    /// Bounds on declared dimensions.
    pub dimensions: DimensionSettings,
}

/// What [`Reading`] shares with the use cases that change things.
pub struct Shared {
    /// Events and cubes.
    pub store: privacy::Events,
    /// What projects have set that figures depend on.
    pub control: Arc<dyn Control>,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// How errors are grouped.
    pub keyings: Arc<errors::Keyings>,
    /// How queries were answered.
    pub queries: Queries,
    /// What the last comparison of rollups with raw events found.
    pub reconciled: reconciliation::Newest,
    /// Whether control data is damaged.
    pub damaged: damaged::Damaged,
}

/// Reads figures, lists and records, each as its [`privacy::Viewer`] may see it.
pub struct Reading {
    pub(super) store: privacy::Events,
    pub(super) control: Arc<dyn Control>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: ReadingSettings,
    pub(super) keyings: Arc<errors::Keyings>,
    pub(super) declarations: Arc<dimensions::Declarations>,
    pub(super) policies: privacy::Policies,
    pub(super) known_users: privacy::KnownUsers,
    pub(super) runner: query::Runner,
    pub(super) known_gaps: query::KnownGaps,
    pub(super) kept_records: query::KeptRecords,
    pub(super) queries: Queries,
    pub(super) reconciled: reconciliation::Newest,
    pub(super) damaged: damaged::Damaged,
}

impl Reading {
    /// Puts the parts together.
    pub fn new(shared: Shared, settings: ReadingSettings) -> Self {
        Self {
            store: shared.store,
            control: shared.control,
            clock: shared.clock,
            keyings: shared.keyings,
            declarations: Arc::default(),
            policies: privacy::Policies::default(),
            known_users: privacy::KnownUsers::default(),
            runner: query::Runner::new(settings.query.clone()),
            known_gaps: query::KnownGaps::default(),
            kept_records: query::KeptRecords::new(settings.query.cache_bytes),
            queries: shared.queries,
            reconciled: shared.reconciled,
            damaged: shared.damaged,
            settings,
        }
    }

    /// What tells `/metrics` of reading.
    pub fn figures(&self) -> impl Iterator<Item = telemetry::Source> {
        let declared = self.declarations.figures();
        std::iter::once(declared).chain(self.runner.figures())
    }

    /// Forgets every answer, and the users of a project: one of them was erased.
    pub fn forget(&self, scope: Scope) {
        self.runner.forget();
        self.kept_records.forget();
        self.known_users.forget(scope);
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
