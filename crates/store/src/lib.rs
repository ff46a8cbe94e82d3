//! The event store port: what every adapter must do, and the conformance suite that checks it.
//!
//! What lives here: the [`EventStore`] trait, its values and errors, and the suite. What may not:
//! anything that knows one database.

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod facts;
mod finished;
pub mod fold;
pub mod partials;
pub mod trees;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use tokio::sync::watch;
use weir_model::{
    Decimal, ErrorKey, Event, Granularity, ProjectKey, Scope, SeenError, TimeRange, Timestamp,
    cube::Dimension, price::PriceBook,
};
use weir_query::{Dialect, Statement};

pub use finished::{Finished, FinishedPage, Position};

/// Events that one producer sent together.
#[derive(Debug)]
pub struct Submission {
    /// Whose they are.
    pub scope: Scope,
    /// The events, validated and redacted.
    pub events: Vec<Event>,
}

/// What became of a submission; returned only once it is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How many events were stored.
    pub accepted: usize,
    /// Positions of the events that had been stored before, or stand earlier in the submission.
    pub duplicates: Vec<usize>,
    /// The commit that made them durable; grows by one with every commit of the store.
    pub sequence: u64,
}

/// What has arrived by one source of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceState {
    /// The source's name.
    pub source: Arc<str>,
    /// The first moment any of its events happened.
    pub first_event: Timestamp,
    /// The last moment any of its events happened.
    pub newest_event: Timestamp,
    /// When its last event was committed.
    pub newest_received: Timestamp,
    /// How many events are stored.
    pub events: u64,
}

/// A difference that [`EventStore::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The cube's table.
    pub table: String,
    /// The bucket and key, for people.
    pub key: String,
    /// What the cube says and what the raw rows say, for people.
    pub detail: String,
}

/// What [`EventStore::verify`] compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many keys were compared, over all tables.
    pub keys: u64,
    /// The differences; empty when cubes and raw rows agree. At most a thousand are listed.
    pub differences: Vec<Difference>,
    /// The same in numbers, by project: all of them.
    pub projects: BTreeMap<ProjectKey, Compared>,
}

/// How much of one project was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How many keys.
    pub keys: u64,
    /// How many of them differ.
    pub differences: u64,
}

/// Finds what an error is counted under, from its type, its message, and where it happened.
pub trait ErrorKeying: Send + Sync {
    /// The key of an error.
    fn key(&self, error: &SeenError<'_>) -> ErrorKey;
}

/// What is known of a step beside its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownStep {
    /// The newest name.
    pub name: Option<String>,
    /// The newest type.
    pub step_type: Option<String>,
}

/// What is known of steps and workflows by their ids, to tell where errors happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// Steps.
    pub steps: BTreeMap<String, KnownStep>,
    /// Names of workflows.
    pub workflows: BTreeMap<String, String>,
}

impl KnownNames {
    /// An error of a step of a workflow, with the names known for both.
    pub fn seen<'a>(
        &'a self,
        told: SeenError<'a>,
        step: Option<&'a str>,
        workflow: Option<&'a str>,
    ) -> SeenError<'a> {
        let known = step.and_then(|id| self.steps.get(id));
        let name = workflow.and_then(|id| self.workflows.get(id));
        SeenError {
            step,
            step_name: known.and_then(|step| step.name.as_deref()),
            step_type: known.and_then(|step| step.step_type.as_deref()),
            workflow,
            workflow_name: name.map(String::as_str),
            ..told
        }
    }
}

/// What [`EventStore::rekey_errors`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// Failed and crashed executions that are counted under another key now.
    pub executions: u64,
    /// Failed steps that are counted under another key now.
    pub steps: u64,
}

/// What [`EventStore::erase_user`] changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Events that were the user's.
    pub rows: u64,
    /// Values and texts of other columns that named them.
    pub mentions: u64,
    /// Rows of cubes that named them.
    pub cube_rows: u64,
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The intake is full; nothing was taken. Try again after the seconds given.
    #[error("the intake buffer is full; try again in {retry_after_seconds} s")]
    Busy {
        /// When to try again.
        retry_after_seconds: u32,
    },
    /// The store is shutting down; nothing was taken.
    #[error("the store is closed")]
    Closed,
    /// There is no room left on the disk; nothing was taken.
    #[error("{context}: the disk is full: {message}")]
    Full {
        /// What was being done.
        context: &'static str,
        /// What the database said.
        message: String,
    },
    /// The statement was interrupted at its deadline.
    #[error("the query took longer than {0} s")]
    Timeout(u64),
    /// The rows of an answer take more than so many bytes.
    #[error("the rows of the answer take more than {0} bytes")]
    TooMuch(usize),
    /// The database refused. The text is for logs, not for callers.
    #[error("{context}: {message}")]
    Database {
        /// What was being done.
        context: &'static str,
        /// What the database said.
        message: String,
    },
}

/// What [`EventStore::restate_costs`] changed, or would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restated {
    /// Cost records with another amount than before.
    pub records: u64,
    /// What these came to before.
    pub before: Decimal,
    /// What they come to now.
    pub after: Decimal,
}

/// When an open execution is open for too long. Times are milliseconds since its newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaleRule {
    /// After so long; `None` where it is longer than any execution of the workflow ever took.
    pub after: Option<i64>,
    /// Never before so long.
    pub least: i64,
    /// After so long where no execution of the workflow has ended yet.
    pub otherwise: i64,
}

/// A key of `metadata` that a project has made a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredKey {
    /// The key.
    pub key: String,
    /// Whether cubes are to hold it.
    pub fast: bool,
}

/// What is known of the values of a declared key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The key.
    pub key: String,
    /// How many of its values are named.
    pub values: u64,
    /// Whether there are more: those count as one, `other`.
    pub overflows: bool,
    /// The time of which its cubes lack something, in order; `None` while they do not hold it.
    pub lacking: Option<Vec<TimeRange>>,
}

/// Names known for ids: dimension -> id -> name.
pub type Labels = BTreeMap<Dimension, BTreeMap<String, String>>;

/// What a store thinks of its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockState {
    /// It shows what it can show, after what it showed before.
    #[default]
    Plausible,
    /// It is further ahead than the time that has passed allows, by so much. Rollup rows do not expire
    /// until it agrees again or somebody says that it is right.
    Ahead {
        /// How much, in milliseconds.
        milliseconds: i64,
    },
}

/// Raw events and cubes of every tenant, reached by [`Scope`].
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Stores a submission: drops ids already stored, appends raw rows and rollup partials, all in
    /// one transaction, and returns when that is durable. Concurrent submissions share commits.
    async fn commit(&self, submission: Submission) -> Result<Receipt, StoreError>;

    /// The dialect in which statements for [`EventStore::read`] must be written.
    fn dialect(&self) -> Dialect;

    /// Runs a planner's statement. The planner has put the scope into it; the adapter checks that
    /// nothing else than a read can happen.
    async fn read(&self, statement: Statement) -> Result<Vec<RecordBatch>, StoreError>;

    /// The last commit that stored something for the project: equal watermarks, equal answers.
    fn watermark(&self, scope: Scope) -> u64;

    /// The last commit of the store, and word of every one that follows. What a commit brought can be
    /// read as soon as its word is out.
    fn commits(&self) -> watch::Receiver<u64>;

    /// Finished executions of projects of one tenant after a place in the order of commits, at most
    /// `limit` of them: each once for every event that said so, in an order that stays the same.
    /// Cubes need not be up to date for this.
    async fn finished(
        &self,
        scopes: &[Scope],
        after: Position,
        limit: usize,
    ) -> Result<FinishedPage, StoreError>;

    /// What has arrived, by source, in order of name.
    fn sources(&self, scope: Scope) -> Vec<SourceState>;

    /// The environments seen in the project, in order.
    fn environments(&self, scope: Scope) -> Vec<String>;

    /// The newest names of the ids asked for (workflows and steps have names).
    fn labels(&self, scope: Scope, ids: &BTreeMap<Dimension, Vec<String>>) -> Labels;

    /// What is known of steps and workflows, those asked for.
    fn known(
        &self,
        scope: Scope,
        steps: &BTreeSet<String>,
        workflows: &BTreeSet<String>,
    ) -> KnownNames;

    /// Gives every stored cost of the project that came without money the amount that follows from the
    /// book, or none; cubes follow in the same transaction, and the watermark moves if anything
    /// changes. Amounts that producers gave stay. With `dry_run` nothing is changed.
    async fn restate_costs(
        &self,
        scope: Scope,
        book: &PriceBook,
        dry_run: bool,
    ) -> Result<Restated, StoreError>;

    /// Erases a user of a project: no stored row, cube or name has their id any more, neither as a value
    /// nor mentioned in a text (where no letter or digit stands beside it). Nothing that counts goes: rows
    /// of theirs are nobody's, without metadata. Cubes follow in the same transaction, and the watermark
    /// moves if anything changed. Ids of things (executions, workflows, steps) stay, whatever they are
    /// called. An event that comes later and names the user is a new one.
    async fn erase_user(&self, scope: Scope, user: &str) -> Result<Erased, StoreError>;

    /// Makes the dimensions that a project declared ready to be asked: afterwards every commit up to the
    /// project's watermark is known, and statements find which values have names. Those are the
    /// `most_values` of each key that events told first, so they do not depend on the order in which events
    /// came. Keys that are left out are forgotten. Answers in the order of the keys.
    async fn describe(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<Vec<KeyState>, StoreError>;

    /// Brings the cubes of a project's declared dimensions up to date, beside commits. Until then, and for what
    /// is committed after, raw facts answer. Returns how many hours were summed.
    async fn refresh_declared(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<u64, StoreError>;

    /// Keeps short what a start after a crash would have to do again; called every second or so. Costs
    /// nothing where there is nothing to do.
    async fn trim_log(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Merges the partials of equal keys and deletes expired ones; returns how many rows fewer
    /// there are. Figures do not change.
    async fn compact(&self) -> Result<u64, StoreError>;

    /// Writes every unexpired cube row anew from raw rows. `range` limits it to buckets in the range.
    async fn rebuild(&self, range: Option<TimeRange>) -> Result<u64, StoreError> {
        self.rebuild_at(&Granularity::ALL, range).await
    }

    /// The same for some granularities only.
    async fn rebuild_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<u64, StoreError>;

    /// Compares unexpired cube rows of some granularities with raw rows. `range` limits it to buckets in the
    /// range.
    async fn verify_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<Verification, StoreError>;

    /// The same for rollups of every width.
    async fn verify(&self, range: Option<TimeRange>) -> Result<Verification, StoreError> {
        self.verify_at(&Granularity::ALL, range).await
    }

    /// Gives every stored error of the project its key anew: failed and crashed executions, and
    /// failed steps. `keying` is asked once for each type and message at each step of each workflow, with
    /// the names known for those; rows whose key stays are not touched. The cubes follow in the same transaction, and the watermark moves if
    /// anything changed. Events that are committed meanwhile must have their keys by `keying` already.
    async fn rekey_errors(
        &self,
        scope: Scope,
        keying: Arc<dyn ErrorKeying>,
    ) -> Result<Rekeyed, StoreError>;

    /// The moment by which rollup rows have expired: those that were kept then are whole. It follows the
    /// clock while that is plausible.
    fn expired_by(&self) -> Timestamp;

    /// What the store thinks of its clock.
    fn clock_state(&self) -> ClockState;

    /// Believes the clock as it is: somebody says that it is right.
    async fn confirm_clock(&self) -> Result<(), StoreError>;

    /// Whether the store can read and write now.
    async fn health(&self) -> Result<(), StoreError>;

    /// Counts executions that are open for too long as stale, until another event tells of them: cubes follow
    /// in the same transaction. Returns how many.
    async fn mark_stale(&self, rule: StaleRule) -> Result<u64, StoreError>;

    /// How it tells the events of executions together.
    fn rules(&self) -> fold::Rules;

    /// Figures about the store itself for `/metrics`.
    fn statistics(&self) -> Statistics;

    /// Commits what was taken, folds the log into the database file and closes it.
    async fn close(&self) -> Result<(), StoreError>;
}

/// Figures about a store since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Commits done.
    pub commits: u64,
    /// Events stored.
    pub events: u64,
    /// Events that had been stored before.
    pub duplicates: u64,
    /// Events taken and not yet committed.
    pub queued_events: u64,
    /// Events committed whose rollup partials are not summed yet.
    pub events_to_sum: u64,
    /// What the store thinks of its clock.
    pub clock: ClockState,
    /// Executions that have started and not ended.
    pub open_executions: u64,
    /// Rollup tables that have partials to merge.
    pub tables_to_compact: u64,
    /// Size of the database file and its log, in bytes.
    pub bytes_on_disk: u64,
}
