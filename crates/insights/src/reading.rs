//! Every figure, list and record that anyone sees is read through [`Reading`]. It holds only what reading
//! needs, so no view has access to sessions, intake or prices.

use std::{fmt, sync::Arc};

use weir_model::{Clock, Scope};

use super::{
    control::Control,
    damaged, dimensions, errors, privacy, query, reconciliation,
    settings::{DimensionSettings, QuerySettings},
    telemetry::{self, Queries},
};

/// The settings of [`Reading`].
#[derive(Clone, Debug, Default)]
pub struct ReadingSettings {
    /// Bounds on queries.
    pub query: QuerySettings,
    /// Bounds on declared dimensions.
    pub dimensions: DimensionSettings,
}

/// What [`Reading`] shares with the use cases that change data.
pub struct Shared {
    /// Events and cubes.
    pub store: privacy::Events,
    /// The settings of projects that figures depend on.
    pub control: Arc<dyn Control>,
    /// The source of the current time.
    pub clock: Arc<dyn Clock>,
    /// How errors are grouped.
    pub keyings: Arc<errors::Keyings>,
    /// Counts and durations of queries.
    pub queries: Queries,
    /// The result of the last comparison of rollups with raw events.
    pub reconciled: reconciliation::Newest,
    /// Whether control data is damaged.
    pub damaged: damaged::Damaged,
}

/// Reads figures, lists and records as the [`privacy::Viewer`] is allowed to see them.
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
    /// Creates the reader; its caches are empty.
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

    /// The sources of figures about reading for `/metrics`.
    pub fn figures(&self) -> impl Iterator<Item = telemetry::Source> {
        let declared = self.declarations.figures();
        std::iter::once(declared).chain(self.runner.figures())
    }

    /// Clears all cached answers and the known users of a project, after one of them was erased.
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
