//! The state of a store, for `/metrics` and health checks.

/// Whether a store trusts its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockState {
    /// The time is consistent with earlier readings.
    #[default]
    Plausible,
    /// The clock is further ahead than the elapsed time allows. Rollup rows do not expire
    /// until it is plausible again or an operator confirms it.
    Ahead {
        /// By how much, in milliseconds.
        milliseconds: i64,
    },
}

/// Figures about a store since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The number of commits.
    pub commits: u64,
    /// The number of events stored.
    pub events: u64,
    /// The number of duplicate events.
    pub duplicates: u64,
    /// The number of accepted events that are not yet committed.
    pub queued_events: u64,
    /// The number of committed events whose rollup partials are not summed yet.
    pub events_to_sum: u64,
    /// Whether the store trusts its clock.
    pub clock: ClockState,
    /// The number of executions that have started and not ended.
    pub open_executions: u64,
    /// The number of rollup tables with partials to merge.
    pub tables_to_compact: u64,
    /// The size of the database file and its log, in bytes.
    pub bytes_on_disk: u64,
    /// The free bytes on its disk; `None` if they cannot be determined.
    pub free_bytes: Option<u64>,
}
