//! The store: the [`EventStore`] port on DuckDB.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use duckdb::Connection;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{Cube, Dimension},
    price::PriceBook,
};
use weir_query::{Dialect, Statement};
use weir_store::{
    ClockState, DeclaredKey, Erased, ErrorKeying, EventStore, FinishedPage, KeyState, KnownNames,
    Labels, Position, Receipt, Rekeyed, Restated, SourceState, StaleRule, Statistics, StoreError,
    Submission, Verification, fold::Rules,
};

use crate::{
    commit::Writer,
    connect::another,
    declared::{self, Declared, Refresh},
    directory::Directory,
    error::Context,
    expiry::Expiry,
    finished,
    identity::{self, Identity},
    intake::Intake,
    log::{Fold, Log, file_bytes},
    maintenance::{self, Backlog},
    options::Options,
    read::Readers,
    stale,
};

/// The event store on DuckDB.
pub struct DuckDbStore {
    pub(crate) intake: Intake,
    pub(crate) readers: Arc<Readers>,
    pub(crate) maintenance: Arc<Mutex<Option<Connection>>>,
    pub(crate) backlog: Arc<Backlog>,
    pub(crate) declared: Declared,
    pub(crate) directory: Arc<RwLock<Directory>>,
    pub(crate) expiry: Arc<Expiry>,
    pub(crate) identity: Identity,
    pub(crate) log: Log,
    pub(crate) options: Options,
}

impl DuckDbStore {
    /// The identity of the store.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Records that control data knows this store. Fails if the store is closed or cannot write.
    pub async fn set_paired(&self) -> Result<(), StoreError> {
        self.intake
            .run(|writer| identity::set_paired(&writer.connection))
            .await
    }

    /// A connection with a snapshot in which the cubes match the raw rows.
    async fn snapshot(&self) -> Result<Connection, StoreError> {
        self.intake.flushed().await?;
        let options = self.options.clone();
        // On the writer thread, so that no commit comes between its partials and this snapshot.
        self.intake
            .run(move |writer| {
                writer.rollups.flush_now()?;
                let connection = another(&writer.connection, &options)?;
                connection
                    .execute_batch("BEGIN; SELECT flushed_sequence FROM rollup_state;")
                    .context("begin to read")?;
                Ok(connection)
            })
            .await
    }

    /// Runs maintenance on its own connection, in parallel with commits.
    async fn maintain<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &Options) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = self.maintenance.clone();
        let options = self.options.clone();
        tokio::task::spawn_blocking(move || {
            let held = connection.lock();
            work(held.as_ref().ok_or(StoreError::Closed)?, &options)
        })
        .await
        .context("run maintenance")?
    }

    /// Runs work on the writer thread while maintenance waits, so that nothing else writes rows or buckets.
    async fn run_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let maintenance = self.maintenance.clone();
        self.intake
            .run(move |writer| {
                let _waits = maintenance.lock();
                work(writer)
            })
            .await
    }
}

#[async_trait]
impl EventStore for DuckDbStore {
    async fn commit(&self, submission: Submission) -> Result<Receipt, StoreError> {
        self.intake.commit(submission).await
    }

    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    async fn read(&self, statement: Statement) -> Result<Vec<RecordBatch>, StoreError> {
        self.intake.flushed().await?;
        self.readers.read(statement).await
    }

    fn watermark(&self, scope: Scope) -> u64 {
        self.directory.read().watermark(scope)
    }

    fn commits(&self) -> watch::Receiver<u64> {
        self.intake.counters.committed.subscribe()
    }

    async fn finished(
        &self,
        scopes: &[Scope],
        after: Position,
        limit: usize,
    ) -> Result<FinishedPage, StoreError> {
        let last = *self.intake.counters.committed.borrow();
        finished::page(&self.readers, scopes, after, last, limit).await
    }

    fn sources(&self, scope: Scope) -> Vec<SourceState> {
        self.directory.read().sources(scope)
    }

    fn environments(&self, scope: Scope) -> Vec<String> {
        self.directory.read().environments(scope)
    }

    fn labels(&self, scope: Scope, ids: &BTreeMap<Dimension, Vec<String>>) -> Labels {
        self.directory.read().labels(scope, ids)
    }

    fn known(
        &self,
        scope: Scope,
        steps: &BTreeSet<String>,
        workflows: &BTreeSet<String>,
    ) -> KnownNames {
        self.directory.read().known(scope, steps, workflows)
    }

    async fn restate_costs(
        &self,
        scope: Scope,
        book: &PriceBook,
        dry_run: bool,
    ) -> Result<Restated, StoreError> {
        let (book, retention) = (book.clone(), self.options.retention);
        self.intake
            .run(move |writer| writer.restate_costs(scope, &book, retention, dry_run))
            .await
    }

    async fn erase_user(&self, scope: Scope, user: &str) -> Result<Erased, StoreError> {
        let (user, retention) = (user.to_owned(), self.options.retention);
        let declared = self.declared.clone();
        let erased = self.run_alone(move |writer| {
            declared.beside(scope, || writer.erase_user(scope, &user, retention))
        });
        let erased = erased.await;
        // Cube rows changed without being recorded in the backlog.
        self.backlog.forget();
        erased
    }

    async fn describe(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<Vec<KeyState>, StoreError> {
        let sequence = self.watermark(scope);
        let known = self.declared.current(scope, keys, most_values, sequence);
        if let Some(states) = known {
            return Ok(states);
        }
        let (declared, keys) = (self.declared.clone(), keys.to_vec());
        let finding = move || declared.catch_up(scope, &keys, most_values, sequence);
        tokio::task::spawn_blocking(finding)
            .await
            .context("find declared values")?
    }

    async fn refresh_declared(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most_values: usize,
    ) -> Result<u64, StoreError> {
        let sequence = self.watermark(scope);
        let (declared, keys) = (self.declared.clone(), keys.to_vec());
        let (retention, horizon) = (self.options.retention, self.expiry.horizon());
        let now = self.options.clock.now();
        let refreshing = move || {
            declared.refresh(Refresh {
                scope,
                keys: &keys,
                most: most_values,
                sequence,
                retention,
                horizon,
                now,
            })
        };
        tokio::task::spawn_blocking(refreshing)
            .await
            .context("bring cubes of declared dimensions up to date")?
    }

    /// Checkpoints the log if it is time to, but not alongside other maintenance, because it renumbers rows.
    async fn trim_log(&self) -> Result<(), StoreError> {
        let sequence = *self.intake.counters.committed.borrow();
        let Some(how) = self.log.is_to_fold(sequence, Instant::now()) else {
            return Ok(());
        };
        let log = self.log.clone();
        self.maintain(move |connection, options| match how {
            Fold::Alone => log.fold(connection, sequence),
            Fold::Beside => log.fold_beside(connection, &another(connection, options)?, sequence),
        })
        .await
    }

    async fn compact(&self) -> Result<u64, StoreError> {
        let (backlog, readers) = (self.backlog.clone(), self.readers.clone());
        let (expiry, counters) = (self.expiry.clone(), self.intake.counters.clone());
        let fewer = self
            .maintain(move |connection, options| {
                let now = expiry.advance(connection, options.clock.now())?;
                let retention = options.retention;
                let beside = maintenance::Beside {
                    give_way: &|| readers.wait_for_quiet(),
                    is_calm: &|| counters.is_calm(),
                };
                let compacted = maintenance::compact(connection, &backlog, retention, now, &beside);
                compacted.inspect_err(|_| backlog.forget())
            })
            .await?;
        self.trim_log().await?;
        Ok(fewer)
    }

    async fn rebuild_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<u64, StoreError> {
        let granularities = granularities.to_vec();
        let options = self.options.clone();
        self.declared.forget_cubes()?;
        self.run_alone(move |writer| {
            writer.rollups.flush_now()?;
            writer.resettle_costs()?;
            let cubes: Vec<&'static Cube> = weir_model::cube::CUBES.iter().collect();
            let (connection, retention) = (&writer.connection, options.retention);
            let now = writer.expiry.horizon().min(options.clock.now());
            let rows =
                maintenance::rebuild_at(connection, &cubes, &granularities, range, retention, now)?;
            if range.is_none() && granularities == Granularity::ALL {
                writer.expiry.rewritten(connection, now)?;
            }
            Ok(rows)
        })
        .await
    }

    async fn verify_at(
        &self,
        granularities: &[Granularity],
        range: Option<TimeRange>,
    ) -> Result<Verification, StoreError> {
        let connection = self.snapshot().await?;
        let granularities = granularities.to_vec();
        let (retention, now) = (self.options.retention, self.expiry.horizon());
        let verifying = move || {
            let held = declared::held;
            maintenance::verify(&connection, held, &granularities, range, retention, now)
        };
        tokio::task::spawn_blocking(verifying)
            .await
            .context("run a verification")?
    }

    async fn rekey_errors(
        &self,
        scope: Scope,
        keying: Arc<dyn ErrorKeying>,
    ) -> Result<Rekeyed, StoreError> {
        let retention = self.options.retention;
        self.run_alone(move |writer| writer.rekey_errors(scope, &*keying, retention))
            .await
    }

    fn expired_by(&self) -> Timestamp {
        self.expiry.horizon()
    }

    fn clock_state(&self) -> ClockState {
        self.expiry.clock()
    }

    async fn confirm_clock(&self) -> Result<(), StoreError> {
        let expiry = self.expiry.clone();
        self.maintain(move |connection, options| expiry.confirm(connection, options.clock.now()))
            .await
    }

    async fn health(&self) -> Result<(), StoreError> {
        let statement = Statement {
            sql: "SELECT 1".to_owned(),
            parameters: Vec::new(),
        };
        self.read(statement).await?;
        self.intake.run(|_| Ok(())).await
    }

    async fn mark_stale(&self, rule: StaleRule) -> Result<u64, StoreError> {
        self.intake.flushed().await?;
        let skew = self.options.rules.skew;
        let rows = self
            .maintain(move |connection, options| {
                stale::overdue(connection, rule, skew, options.clock.now())
            })
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let retention = self.options.retention;
        let marked = self
            .intake
            .run(move |writer| writer.mark_stale(&rows, retention))
            .await;
        // Cubes got partials that are not recorded in the backlog.
        self.backlog.forget();
        marked
    }

    fn rules(&self) -> Rules {
        self.options.rules
    }

    fn statistics(&self) -> Statistics {
        let counters = &self.intake.counters;
        let path = self.options.path.as_deref();
        Statistics {
            commits: counters.commits.load(Ordering::Relaxed),
            events: counters.events.load(Ordering::Relaxed),
            duplicates: counters.duplicates.load(Ordering::Relaxed),
            queued_events: counters.queued.load(Ordering::Relaxed),
            events_to_sum: self.intake.behind(),
            clock: self.expiry.clock(),
            open_executions: counters.open_executions.load(Ordering::Relaxed),
            tables_to_compact: self.backlog.tables(),
            bytes_on_disk: path.map_or(0, file_bytes) + self.log.bytes(),
            free_bytes: self.log.free(),
        }
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        *self.maintenance.lock() = None;
        self.declared.close();
        self.intake.close().await
    }
}
