//! The event store on DuckDB: one file, one writer, group commit.
//!
//! What lives here: DuckDB's tables, its transactions and its SQL. What may not: HTTP, control data,
//! and any rule about events or cubes that another database would need too (those are in
//! `weir-store`).

mod anew;
mod arrays;
mod check;
mod commit;
mod connect;
mod convert;
mod cost_trees;
mod cube_rows;
mod declared;
mod directory;
mod encryption;
mod erase;
mod error;
mod expiry;
mod finished;
mod history;
mod identity;
mod intake;
mod lacking;
mod log;
mod maintenance;
mod names;
mod placing;
mod raw;
mod read;
mod recent;
mod rekey;
mod restate;
mod retries;
mod rollups;
mod schema;
mod stale;
mod stored;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use duckdb::Connection;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;
use weir_model::{
    Clock, Granularity, Scope, SystemClock, TimeRange, Timestamp,
    cube::Cube,
    cube::Dimension,
    price::PriceBook,
    time::{DAY, Retention},
};
use weir_query::{Dialect, Statement};
use weir_store::{
    ClockState, DeclaredKey, Erased, ErrorKeying, EventStore, FinishedPage, KeyState, KnownNames,
    Labels, Position, Receipt, Rekeyed, Restated, SourceState, StaleRule, Statistics, StoreError,
    Submission, Verification,
    fold::{OPEN_BYTES, OpenExecutions, Rules, key},
};

pub use check::check;
pub use convert::convert;
pub use encryption::{CryptoModule, Encryption, is_encrypted};
pub use identity::{Belongs, Identity};

use crate::{
    commit::Writer,
    connect::{another, connect},
    declared::{Declared, Refresh},
    directory::Directory,
    error::Context,
    expiry::Expiry,
    intake::{Counters, Intake},
    lacking::Lacking,
    log::{Fold, Log, file_bytes},
    maintenance::Backlog,
    read::{Bounds, Readers},
    recent::Recent,
    retries::Retries,
    rollups::Rollups,
};

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The database file; `None` holds everything in memory.
    pub path: Option<PathBuf>,
    /// How its files are encrypted; `None` keeps them plain.
    pub encryption: Option<Encryption>,
    /// How events of executions are told together.
    pub rules: Rules,
    /// The memory for events of open executions, in bytes; of more executions the store is asked when they
    /// go on.
    pub open_execution_bytes: usize,
    /// Which store it has to be.
    pub belongs: Belongs,
    /// How long partials are kept.
    pub retention: Retention,
    /// DuckDB's memory limit, for example `512MB`.
    pub memory_limit: String,
    /// DuckDB's threads.
    pub threads: usize,
    /// Connections for reading: how many queries run at once.
    pub readers: usize,
    /// When a query is interrupted.
    pub query_deadline: Duration,
    /// The most bytes that the rows of one answer may take.
    pub most_answer_bytes: usize,
    /// How many events may wait for their commit before producers are told to come back.
    pub most_queued_events: u64,
    /// Size of the write-ahead log from which it is folded into the file between commits.
    pub checkpoint_bytes: u64,
    /// Number of commits in the log from which it is folded: a start after a crash replays them.
    pub checkpoint_commits: u64,
    /// Bytes of the disk that are kept free of events: for what is made of those that are there.
    pub reserved_bytes: u64,
    /// How far the clock may have moved beyond the time that has passed, in milliseconds, before rollup
    /// rows no longer expire by it; `None` is any.
    pub clock_jump: Option<i64>,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: None,
            encryption: None,
            rules: Rules::default(),
            open_execution_bytes: OPEN_BYTES,
            belongs: Belongs::default(),
            retention: Retention::default(),
            memory_limit: "768MB".to_owned(),
            threads: std::thread::available_parallelism().map_or(2, |cores| cores.get()),
            readers: 4,
            query_deadline: Duration::from_secs(30),
            most_answer_bytes: 256 << 20,
            most_queued_events: 200_000,
            checkpoint_bytes: 256 << 20,
            checkpoint_commits: 15_000,
            reserved_bytes: 16 << 20,
            clock_jump: Some(7 * DAY),
            clock: Arc::new(SystemClock),
        }
    }
}

/// The event store on DuckDB.
pub struct DuckDbStore {
    intake: Intake,
    readers: Arc<Readers>,
    maintenance: Arc<Mutex<Option<Connection>>>,
    backlog: Arc<Backlog>,
    declared: Declared,
    directory: Arc<RwLock<Directory>>,
    expiry: Arc<Expiry>,
    identity: Identity,
    log: Log,
    options: Options,
}

impl DuckDbStore {
    /// Opens the store: brings the tables up to date, recovers the open executions, and starts the
    /// writer. A file that another process has open is an error.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let mut connection = connect(&options)?;
        options.belongs.check(&connection)?;
        let anew = schema::migrate(&mut connection)?;
        schema::prepare(&connection, options.rules)?;
        let (mut directory, sequence) = Directory::load(&connection)?;
        let (clock, most) = (&*options.clock, options.clock_jump);
        let expiry = Arc::new(Expiry::open(&connection, sequence, clock, most)?);
        let now = expiry.horizon();
        bring_up_to_date(&connection, anew, (&mut directory, sequence), &options, now)?;
        let mut open = OpenExecutions::new(options.open_execution_bytes);
        history::open_events(&connection, options.rules, |scope, told, alone| {
            let workflow = told.event.workflow_id.as_deref().unwrap_or_default();
            let name = told.event.execution_id().unwrap_or_default();
            open.restore(key(scope, workflow, name), told, alone);
        })?;
        let connections = (0..options.readers.max(1)).map(|_| another(&connection, &options));
        let readers = Readers::new(
            connections.collect::<Result<_, _>>()?,
            Bounds {
                deadline: options.query_deadline,
                bytes: options.most_answer_bytes,
            },
        );
        let maintenance = another(&connection, &options)?;
        let declared = Declared::new(
            another(&connection, &options)?,
            another(&connection, &options)?,
        );
        let backlog = Arc::<Backlog>::default();
        let counters = Arc::<Counters>::default();
        let rollups = Rollups::open(
            another(&connection, &options)?,
            sequence,
            options.retention,
            expiry.clone(),
            backlog.clone(),
            counters.clone(),
            options.most_queued_events,
        )?;
        directory.load_environments(&connection)?;
        let lacking = Lacking::load(&connection)?;
        let retries = Retries::load(&connection)?;
        let bounds = log::Bounds {
            reserved: options.reserved_bytes,
            bytes: options.checkpoint_bytes,
            commits: options.checkpoint_commits,
        };
        // What a crash left in the log was replayed just now. It is folded once the store is open, so
        // that neither a long log nor a full disk keeps it closed.
        let log = Log::of(options.path.as_deref(), bounds, sequence, Instant::now());
        let identity = Identity::load(&connection, sequence)?;
        let directory = Arc::new(RwLock::new(directory));
        let writer = Writer {
            connection,
            open,
            recent: Recent::new(after_everything(&directory.read())),
            lacking,
            retries,
            rules: options.rules,
            directory: directory.clone(),
            rollups,
            sequence,
            clock: options.clock.clone(),
            expiry: expiry.clone(),
            log: log.clone(),
            older_names: 0,
        };
        let intake = Intake::start(writer, options.most_queued_events, counters);
        Ok(Self {
            intake,
            readers: Arc::new(readers),
            maintenance: Arc::new(Mutex::new(Some(maintenance))),
            backlog,
            declared,
            directory,
            expiry,
            identity,
            log,
            options,
        })
    }

    /// Which store this is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Writes down that control data knows this store.
    pub async fn set_paired(&self) -> Result<(), StoreError> {
        self.intake
            .run(|writer| identity::set_paired(&writer.connection))
            .await
    }

    /// A connection on which the cubes hold just what the raw rows do, and go on doing so.
    async fn snapshot(&self) -> Result<Connection, StoreError> {
        self.intake.flushed().await?;
        let options = self.options.clone();
        // On the writer's thread, so that no commit comes between its partials and this.
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

    /// Runs maintenance on its own connection, beside commits.
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
}

/// The first moment of which nothing is stored, in epoch milliseconds.
fn after_everything(directory: &Directory) -> i64 {
    let newest = directory.newest_event();
    newest.map_or(i64::MIN, |newest| newest.0.saturating_add(1))
}

/// Places stored events by the rules in force, and fills cubes that hold nothing or something else.
fn bring_up_to_date(
    connection: &Connection,
    mut anew: Vec<&'static Cube>,
    (directory, sequence): (&mut Directory, u64),
    options: &Options,
    now: Timestamp,
) -> Result<(), StoreError> {
    let placed = anew::is_placed(connection, options.rules)?;
    if !placed && sequence > 0 {
        tracing::info!("placing stored events anew; this is done once");
        anew::place_all(connection, directory, options.rules, sequence)?;
        anew = weir_model::cube::CUBES.iter().collect();
        declared::forget_cubes(connection)?;
    }
    if !anew.is_empty() && sequence > 0 {
        tracing::info!(
            cubes = anew.len(),
            "declarations have changed; rebuilding cubes"
        );
        let (all, retention) = (&Granularity::ALL, options.retention);
        maintenance::rebuild_at(connection, &anew, all, None, retention, now)?;
    }
    match placed {
        true => Ok(()),
        false => anew::note(connection, options.rules),
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
        let (user, maintenance) = (user.to_owned(), self.maintenance.clone());
        let retention = self.options.retention;
        // On the writer's thread, so that no commit writes the same rows or buckets.
        let declared = self.declared.clone();
        let erased = self.intake.run(move |writer| {
            let _beside = maintenance.lock();
            declared.beside(scope, || writer.erase_user(scope, &user, retention))
        });
        let erased = erased.await;
        // Rows of cubes changed without anybody having noted which.
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

    /// Folds the log into the file if it is time to, and not beside other maintenance: it renumbers rows.
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
        let maintenance = self.maintenance.clone();
        let options = self.options.clone();
        self.declared.forget_cubes()?;
        // On the writer's thread, so that no commit adds to a bucket while it is written anew.
        self.intake
            .run(move |writer| {
                let _beside = maintenance.lock();
                writer.rollups.flush_now()?;
                writer.resettle_costs()?;
                let cubes: Vec<&'static Cube> = weir_model::cube::CUBES.iter().collect();
                let (connection, retention) = (&writer.connection, options.retention);
                let now = writer.expiry.horizon().min(options.clock.now());
                let rows = maintenance::rebuild_at(
                    connection,
                    &cubes,
                    &granularities,
                    range,
                    retention,
                    now,
                )?;
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
        let verifying =
            move || maintenance::verify(&connection, &granularities, range, retention, now);
        tokio::task::spawn_blocking(verifying)
            .await
            .context("run a verification")?
    }

    async fn rekey_errors(
        &self,
        scope: Scope,
        keying: Arc<dyn ErrorKeying>,
    ) -> Result<Rekeyed, StoreError> {
        let maintenance = self.maintenance.clone();
        let options = self.options.clone();
        // On the writer's thread, so that no commit writes the same rows or buckets.
        self.intake
            .run(move |writer| {
                let _beside = maintenance.lock();
                writer.rekey_errors(scope, &*keying, options.retention)
            })
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
        // Cubes got partials that nobody has noted.
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
        }
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        *self.maintenance.lock() = None;
        self.declared.close();
        self.intake.close().await
    }
}
