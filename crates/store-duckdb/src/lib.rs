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
mod directory;
mod encryption;
mod erase;
mod error;
mod finished;
mod history;
mod intake;
mod lacking;
mod maintenance;
mod placing;
mod raw;
mod read;
mod recent;
mod rekey;
mod restate;
mod rollups;
mod schema;
mod stale;
mod stored;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use arrow::array::RecordBatch;
use async_trait::async_trait;
use duckdb::Connection;
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;
use weir_model::{
    Clock, Granularity, Scope, SystemClock, TimeRange, cube::Cube, cube::Dimension,
    price::PriceBook, time::Retention,
};
use weir_query::Statement;
use weir_store::{
    Erased, ErrorKeying, EventStore, FinishedPage, Known, Labels, Position, Receipt, Rekeyed,
    Restated, SourceState, StaleRule, Statistics, StoreError, Submission, Verification,
    fold::{OPEN_BYTES, OpenExecutions, Rules, key},
};

pub use check::check;
pub use convert::convert;
pub use encryption::{CryptoModule, Encryption, is_encrypted};

use crate::{
    commit::Writer,
    connect::{another, connect},
    directory::Directory,
    error::Context,
    intake::Intake,
    lacking::Lacking,
    maintenance::Backlog,
    read::{Bounds, Readers},
    recent::Recent,
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
            retention: Retention::default(),
            memory_limit: "768MB".to_owned(),
            threads: std::thread::available_parallelism().map_or(2, |cores| cores.get()),
            readers: 4,
            query_deadline: Duration::from_secs(30),
            most_answer_bytes: 256 << 20,
            most_queued_events: 200_000,
            checkpoint_bytes: 256 << 20,
            checkpoint_commits: 15_000,
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
    directory: Arc<RwLock<Directory>>,
    options: Options,
}

impl DuckDbStore {
    /// Opens the store: brings the tables up to date, recovers the open executions, and starts the
    /// writer. A file that another process has open is an error.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let mut connection = connect(&options)?;
        let anew = schema::migrate(&mut connection)?;
        schema::prepare(&connection, options.rules)?;
        let (mut directory, sequence) = Directory::load(&connection)?;
        bring_up_to_date(&connection, anew, &mut directory, sequence, &options)?;
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
        let backlog = Arc::<Backlog>::default();
        let rollups = Rollups::open(
            another(&connection, &options)?,
            sequence,
            options.retention,
            options.clock.clone(),
            backlog.clone(),
        )?;
        directory.load_environments(&connection)?;
        let lacking = Lacking::load(&connection)?;
        // What a crash left in the log was replayed just now; the next start is spared it.
        connection
            .execute_batch("CHECKPOINT")
            .context("fold the log into the file")?;
        let directory = Arc::new(RwLock::new(directory));
        let writer = Writer {
            connection,
            open,
            recent: Recent::new(after_everything(&directory.read())),
            lacking,
            rules: options.rules,
            directory: directory.clone(),
            rollups,
            sequence,
            clock: options.clock.clone(),
        };
        let intake = Intake::start(writer, options.most_queued_events);
        Ok(Self {
            intake,
            readers: Arc::new(readers),
            maintenance: Arc::new(Mutex::new(Some(maintenance))),
            backlog,
            directory,
            options,
        })
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

    fn log_bytes(&self) -> u64 {
        let log = self.options.path.as_ref().map(|path| {
            let mut log = path.clone().into_os_string();
            log.push(".wal");
            PathBuf::from(log)
        });
        log.map_or(0, |path| file_bytes(&path))
    }
}

/// The first moment of which nothing is stored, in epoch milliseconds.
fn after_everything(directory: &Directory) -> i64 {
    let newest = directory.newest_event();
    newest.map_or(i64::MIN, |newest| newest.0.saturating_add(1))
}

fn file_bytes(path: &std::path::Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Places stored events by the rules in force, and fills cubes that hold nothing or something else.
fn bring_up_to_date(
    connection: &Connection,
    mut anew: Vec<&'static Cube>,
    directory: &mut Directory,
    sequence: u64,
    options: &Options,
) -> Result<(), StoreError> {
    let placed = anew::is_placed(connection, options.rules)?;
    if !placed && sequence > 0 {
        tracing::info!("placing stored events anew; this is done once");
        anew::place_all(connection, directory, options.rules, sequence)?;
        anew = weir_model::cube::CUBES.iter().collect();
    }
    if !anew.is_empty() && sequence > 0 {
        tracing::info!(
            cubes = anew.len(),
            "declarations have changed; rebuilding cubes"
        );
        rebuild_now(connection, &anew, &Granularity::ALL, None, options)?;
    }
    match placed {
        true => Ok(()),
        false => anew::note(connection, options.rules),
    }
}

fn rebuild_now(
    connection: &Connection,
    cubes: &[&'static Cube],
    granularities: &[Granularity],
    range: Option<TimeRange>,
    options: &Options,
) -> Result<u64, StoreError> {
    maintenance::rebuild_at(
        connection,
        cubes,
        granularities,
        range,
        options.retention,
        options.clock.now(),
    )
}

#[async_trait]
impl EventStore for DuckDbStore {
    async fn commit(&self, submission: Submission) -> Result<Receipt, StoreError> {
        self.intake.commit(submission).await
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

    fn known(&self, scope: Scope, steps: &BTreeSet<String>, workflows: &BTreeSet<String>) -> Known {
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
        let erased = self.intake.run(move |writer| {
            let _beside = maintenance.lock();
            writer.erase_user(scope, &user, retention)
        });
        let erased = erased.await;
        // Rows of cubes changed without anybody having noted which.
        self.backlog.forget();
        erased
    }

    async fn compact(&self) -> Result<u64, StoreError> {
        let (backlog, readers) = (self.backlog.clone(), self.readers.clone());
        let fewer = self
            .maintain(move |connection, options| {
                let (retention, now) = (options.retention, options.clock.now());
                let give_way = || readers.wait_for_quiet();
                let compacted =
                    maintenance::compact(connection, &backlog, retention, now, give_way);
                compacted.inspect_err(|_| backlog.forget())
            })
            .await?;
        if self.log_bytes() >= self.options.checkpoint_bytes
            || self.intake.commits_in_log() >= self.options.checkpoint_commits
        {
            self.intake.checkpoint().await?;
        }
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
        // On the writer's thread, so that no commit adds to a bucket while it is written anew.
        self.intake
            .run(move |writer| {
                let _beside = maintenance.lock();
                writer.rollups.flush_now()?;
                writer.resettle_costs()?;
                let cubes: Vec<&'static Cube> = weir_model::cube::CUBES.iter().collect();
                rebuild_now(&writer.connection, &cubes, &granularities, range, &options)
            })
            .await
    }

    async fn verify(&self, range: Option<TimeRange>) -> Result<Verification, StoreError> {
        self.intake.flushed().await?;
        self.maintain(move |connection, options| {
            connection
                .execute_batch("BEGIN")
                .context("begin a verification")?;
            let now = options.clock.now();
            let result = maintenance::verify(connection, range, options.retention, now);
            connection
                .execute_batch("ROLLBACK")
                .context("end a verification")?;
            result
        })
        .await
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
            open_executions: counters.open_executions.load(Ordering::Relaxed),
            tables_to_compact: self.backlog.tables(),
            bytes_on_disk: path.map_or(0, file_bytes) + self.log_bytes(),
        }
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        *self.maintenance.lock() = None;
        self.intake.close().await
    }
}
