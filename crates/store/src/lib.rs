//! The event store port: what every adapter must do, and the conformance suite that checks it.
//!
//! This crate contains the [`EventStore`] trait, its values and errors, and the suite. It must not contain
//! anything specific to one database.

mod amounts;
#[cfg(feature = "conformance")]
pub mod conformance;
mod declared;
pub mod facts;
mod finished;
pub mod fold;
mod keying;
pub mod partials;
mod placement;
mod statistics;
pub mod trees;
mod verification;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use tokio::sync::watch;
use weir_model::{
    Decimal, Event, Granularity, Scope, TimeRange, Timestamp, cube::Dimension, price::PriceBook,
};
use weir_query::{Dialect, Statement};

pub use declared::{DeclaredKey, KeyState};
pub use finished::{Finished, FinishedPage, Position};
pub use keying::{ErrorKeying, KnownNames, KnownStep, Rekeyed};
pub use statistics::{ClockState, Statistics};
pub use verification::{Compared, CubeDifference, Verification};

/// Events that a producer sent together.
#[derive(Debug)]
pub struct Submission {
    /// The tenant and project of the events.
    pub scope: Scope,
    /// The events, validated and redacted.
    pub events: Vec<Event>,
}

/// The result of a submission, returned only once it is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How many events were stored.
    pub accepted: usize,
    /// Positions of the events that were already stored or occur earlier in the submission.
    pub duplicates: Vec<usize>,
    /// The sequence number of the commit that made them durable; it grows by one with every commit of
    /// the store.
    pub sequence: u64,
}

/// What has arrived from one source of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceState {
    /// The source's name.
    pub source: Arc<str>,
    /// The time of its earliest event.
    pub first_event: Timestamp,
    /// The time of its newest event.
    pub newest_event: Timestamp,
    /// When its last event was committed.
    pub newest_received: Timestamp,
    /// The number of stored events.
    pub events: u64,
}

/// What [`EventStore::erase_user`] changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The number of events that belonged to the user.
    pub rows: u64,
    /// The number of values and texts in other columns that named the user.
    pub mentions: u64,
    /// The number of cube rows that named the user.
    pub cube_rows: u64,
}

/// Why an operation of a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The intake is full; nothing was accepted. Try again after the given number of seconds.
    #[error("the intake buffer is full; try again in {retry_after_seconds} s")]
    Busy {
        /// The number of seconds to wait.
        retry_after_seconds: u32,
    },
    /// The store is shutting down; nothing was accepted.
    #[error("the store is closed")]
    Closed,
    /// The disk is full; nothing was accepted.
    #[error("{context}: the disk is full: {message}")]
    Full {
        /// The operation that failed.
        context: &'static str,
        /// The database's message.
        message: String,
    },
    /// The statement was interrupted at its deadline, given in seconds.
    #[error("the query took longer than {0} s")]
    Timeout(u64),
    /// The rows of an answer take more than this many bytes.
    #[error("the rows of the answer take more than {0} bytes")]
    TooMuch(usize),
    /// The database returned an error. The text is for logs, not for callers.
    #[error("{context}: {message}")]
    Database {
        /// The operation that failed.
        context: &'static str,
        /// The database's message.
        message: String,
    },
}

/// What [`EventStore::restate_costs`] changed, or would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restated {
    /// The number of cost records whose amount changed.
    pub records: u64,
    /// Their total before.
    pub before: Decimal,
    /// Their total now.
    pub after: Decimal,
}

/// When an open execution counts as stale. All fields are milliseconds since its newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaleRule {
    /// The limit; `None` for the longest time that any execution of the workflow ever took.
    pub after: Option<i64>,
    /// The lower bound of that limit.
    pub least: i64,
    /// The limit if no execution of the workflow has ended yet.
    pub otherwise: i64,
}

/// Names known for ids: dimension -> id -> name.
pub type Labels = BTreeMap<Dimension, BTreeMap<String, String>>;

/// Raw events and cubes of every tenant, accessed by [`Scope`].
///
/// Every fallible method fails if the database does. The documentation of a method names only the further
/// reasons.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Stores a submission: drops events that are already stored, appends raw rows and rollup partials,
    /// all in one transaction, and returns once that is durable. Concurrent submissions share commits. Fails,
    /// and accepts nothing, if the intake or the disk is full or the store is closed.
    async fn commit(&self, submission: Submission) -> Result<Receipt, StoreError>;

    /// The dialect in which statements for [`EventStore::read`] must be written.
    fn dialect(&self) -> Dialect;

    /// Runs a planner's statement. The planner has put the scope into it; the adapter ensures that
    /// it can only read. Fails if the statement times out or returns too many bytes.
    async fn read(&self, statement: Statement) -> Result<Vec<RecordBatch>, StoreError>;

    /// The last commit that changed the project: equal watermarks mean equal answers.
    fn watermark(&self, scope: Scope) -> u64;

    /// The last commit of the store, with a notification for each later one. What a commit stored can be
    /// read as soon as it is announced.
    fn commits(&self) -> watch::Receiver<u64>;

    /// Finished executions of projects of one tenant after a position in the order of commits, at most
    /// `limit` of them: one for every event that ends an execution, in a stable order.
    /// Does not require up-to-date cubes.
    async fn finished(
        &self,
        scopes: &[Scope],
        after: Position,
        limit: usize,
    ) -> Result<FinishedPage, StoreError>;

    /// What has arrived, by source, sorted by name.
    fn sources(&self, scope: Scope) -> Vec<SourceState>;

    /// The environments seen in the project, sorted.
    fn environments(&self, scope: Scope) -> Vec<String>;

    /// The newest names of the requested ids (workflows and steps have names).
    fn labels(&self, scope: Scope, ids: &BTreeMap<Dimension, Vec<String>>) -> Labels;

    /// What is known about the requested steps and workflows.
    fn known(
        &self,
        scope: Scope,
        steps: &BTreeSet<String>,
        workflows: &BTreeSet<String>,
    ) -> KnownNames;

    /// Sets every stored cost of the project that was reported without an amount to the amount that
    /// follows from the book, or to none; cubes are updated in the same transaction, and the watermark
    /// moves if anything changes. Amounts from producers stay. With `dry_run`, nothing changes.
    async fn restate_costs(
        &self,
        scope: Scope,
        book: &PriceBook,
        dry_run: bool,
    ) -> Result<Restated, StoreError>;

    /// Erases a user of a project: no stored row, cube or name contains their id any more, neither as a value
    /// nor as a mention in a text (without a letter or digit next to it). No counts are lost: the user's rows
    /// stay without a user and without metadata. Cubes are updated in the same transaction, and the watermark
    /// moves if anything changes. Ids of executions, workflows and steps stay, whatever they
    /// contain. A later event that names the user creates a new user.
    async fn erase_user(&self, scope: Scope, user: &str) -> Result<Erased, StoreError>;

    /// Prepares a project's declared dimensions for queries: afterwards, every commit up to the
    /// project's watermark is included, and statements can look up the named values. These are the
    /// `most_values` values of each key with the earliest events, so they do not depend on the order in which
    /// events arrived. Keys that are not listed are forgotten. Returns the states in the order of the keys.
    async fn describe(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<Vec<KeyState>, StoreError>;

    /// Updates the cubes of a project's declared dimensions, in parallel with commits. Until then, and for
    /// later commits, queries read raw facts. Returns how many hours were summed.
    async fn refresh_declared(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<u64, StoreError>;

    /// Limits the work that a start after a crash has to repeat. Called about every second; cheap
    /// if there is nothing to do.
    async fn trim_log(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Merges the partials of equal keys and deletes expired ones. Returns by how many rows the tables
    /// shrank. Figures do not change.
    async fn compact(&self) -> Result<u64, StoreError>;

    /// Rewrites every unexpired cube row from raw rows and returns their number. `range` limits it to
    /// its buckets.
    async fn rebuild(&self, range: Option<TimeRange>) -> Result<u64, StoreError> {
        self.rebuild_at(&Granularity::ALL, range).await
    }

    /// The same as [`EventStore::rebuild`] for some granularities only.
    async fn rebuild_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<u64, StoreError>;

    /// Compares unexpired cube rows of some granularities with raw rows. `range` limits it to the
    /// buckets in that range.
    async fn verify_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<Verification, StoreError>;

    /// The same as [`EventStore::verify_at`] for all granularities.
    async fn verify(&self, range: Option<TimeRange>) -> Result<Verification, StoreError> {
        self.verify_at(&Granularity::ALL, range).await
    }

    /// Recomputes the key of every stored error of the project: failed and crashed executions, and
    /// failed steps. `keying` is called once for each type and message at each step of each workflow,
    /// with their known names; rows whose key stays are not touched. Cubes are updated in the same
    /// transaction, and the watermark moves if anything changes. Events committed in the meantime must
    /// already have keys from `keying`.
    async fn rekey_errors(
        &self,
        scope: Scope,
        keying: Arc<dyn ErrorKeying>,
    ) -> Result<Rekeyed, StoreError>;

    /// The moment by which rollup rows have expired: those retained at that moment are complete. It
    /// follows the clock while the clock is plausible.
    fn expired_by(&self) -> Timestamp;

    /// Whether the store trusts its clock.
    fn clock_state(&self) -> ClockState;

    /// Accepts the current clock after an operator confirmed it.
    async fn confirm_clock(&self) -> Result<(), StoreError>;

    /// Fails if the store cannot currently read and write.
    async fn health(&self) -> Result<(), StoreError>;

    /// Marks executions that have been open for too long as stale, until another event of theirs
    /// arrives; cubes are updated in the same transaction. Returns how many were marked.
    async fn mark_stale(&self, rule: StaleRule) -> Result<u64, StoreError>;

    /// The rules by which it combines the events of executions.
    fn rules(&self) -> fold::Rules;

    /// Figures about the store itself, for `/metrics`.
    fn statistics(&self) -> Statistics;

    /// Commits what was accepted, checkpoints the log into the database file and closes it.
    async fn close(&self) -> Result<(), StoreError>;
}
