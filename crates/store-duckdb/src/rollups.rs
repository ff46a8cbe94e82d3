//! Rollup partials on their way into the cubes.
//!
//! Appending to every cube table would cost a small commit far more than its raw rows, and would
//! leave one row per key and commit. So partials are summed in memory across commits, on a separate
//! thread, and appended together: before a read, when nothing else arrives, and when there
//! are many. Nothing in memory is lost in a crash: raw rows carry the sequence of their commit, the
//! cubes record the last sequence they hold, and the time that later commits touch is rebuilt from raw
//! rows when the store is opened.

mod behind;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use duckdb::{Connection, params};
use tokio::sync::oneshot;
use weir_model::{
    Event, EventType, Scope, TimeRange,
    cube::CUBES,
    time::{DAY, Retention},
};
use weir_store::{StoreError, fold::Folded, partials::PartialBuilder, trees::Covered};

use behind::Behind;

use crate::{
    counters::Counters,
    cube_rows,
    error::Context,
    expiry::Expiry,
    maintenance::{Backlog, rebuild},
    raw,
    tables::{append, in_transaction},
};

/// The number of facts in memory from which they are always appended. Appending many costs little more than
/// appending few: with 1,000 workflows, 240,000 facts take 360 ms, whereas 30,000 take 200 ms and leave more
/// to merge.
const MOST_FACTS: usize = 240_000;
/// The maximum time span of the facts in memory, in milliseconds: what a start after a crash has to rebuild.
const WIDEST_SPAN: i64 = 7 * DAY;
/// The idle time after which partials in memory are appended.
const IDLE: Duration = Duration::from_millis(100);

type Reply = oneshot::Sender<Result<(), StoreError>>;

/// A durable commit.
struct Commit {
    events: Vec<(Scope, Event)>,
    folded: Folded,
    covered: Covered,
    sequence: u64,
}

enum Work {
    Add(Box<Commit>),
    Flush(Reply),
    Close(Reply),
}

/// The handle of the thread that sums partials.
#[derive(Clone)]
pub(crate) struct Rollups {
    sender: mpsc::Sender<Work>,
    /// The last commit in the cubes.
    flushed: Arc<AtomicU64>,
    behind: Arc<Behind>,
    /// Whether the cubes contain what earlier processes committed.
    caught_up: Arc<AtomicBool>,
    /// Events that may wait to be summed before the writer waits for them.
    most_behind: u64,
}

impl Rollups {
    /// Brings the cubes up to date with commits up to `sequence` and starts the thread. If a full disk
    /// prevents that, it is done as soon as there is room; until then, cubes are not read and
    /// nothing is committed.
    pub(crate) fn open(
        connection: Connection,
        sequence: u64,
        retention: Retention,
        expiry: Arc<Expiry>,
        backlog: Arc<Backlog>,
        counters: Arc<Counters>,
        most_behind: u64,
    ) -> Result<Self, StoreError> {
        let caught_up = match catch_up(&connection, sequence, retention, &expiry) {
            Err(error @ StoreError::Full { .. }) => {
                tracing::error!(%error, "rollups cannot be brought up to date");
                false
            }
            done => done.map(|()| true)?,
        };
        let (sender, receiver) = mpsc::channel();
        let rollups = Self {
            sender,
            flushed: Arc::new(if caught_up { sequence } else { 0 }.into()),
            behind: Arc::default(),
            caught_up: Arc::new(caught_up.into()),
            most_behind,
        };
        let summing = Summing {
            connection,
            pending: Vec::new(),
            added: sequence,
            retention,
            expiry,
            backlog,
            counters,
            flushed: rollups.flushed.clone(),
            behind: rollups.behind.clone(),
            caught_up: rollups.caught_up.clone(),
        };
        std::thread::Builder::new()
            .name("weir-rollups".to_owned())
            .spawn(move || summing.run(&receiver))
            .context("start a thread")?;
        Ok(rollups)
    }

    /// Adds a durable commit. Waits only while more events than the bound remain to be summed.
    pub(crate) fn add(
        &self,
        events: Vec<(Scope, Event)>,
        folded: Folded,
        covered: Covered,
        sequence: u64,
    ) -> Result<(), StoreError> {
        let waiting = events.len() as u64;
        self.behind.enter(waiting, self.most_behind);
        let commit = Commit {
            events,
            folded,
            covered,
            sequence,
        };
        self.send(Work::Add(Box::new(commit))).inspect_err(|_| {
            // The thread is gone and will not subtract them.
            self.behind.leave(waiting);
        })
    }

    /// Brings the cubes up to date if a full disk prevented that before.
    pub(crate) fn ensure_caught_up(&self) -> Result<(), StoreError> {
        match self.caught_up.load(Ordering::Acquire) {
            true => Ok(()),
            false => self.flush_now(),
        }
    }

    /// Events whose facts are not summed yet.
    pub(crate) fn behind(&self) -> u64 {
        self.behind.events()
    }

    /// Waits until the cubes hold every commit up to `sequence`.
    pub(crate) async fn flush(&self, sequence: u64) -> Result<(), StoreError> {
        if self.flushed.load(Ordering::Acquire) >= sequence {
            return Ok(());
        }
        let (reply, flushed) = oneshot::channel();
        self.send(Work::Flush(reply))?;
        flushed.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until the cubes contain everything added; not for async code.
    pub(crate) fn flush_now(&self) -> Result<(), StoreError> {
        self.and_wait(Work::Flush)
    }

    /// The same, and then ends the thread and closes its connection.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        self.and_wait(Work::Close)
    }

    fn and_wait(&self, work: fn(Reply) -> Work) -> Result<(), StoreError> {
        let (reply, done) = oneshot::channel();
        self.send(work(reply))?;
        done.blocking_recv().map_err(|_| StoreError::Closed)?
    }

    fn send(&self, work: Work) -> Result<(), StoreError> {
        self.sender.send(work).map_err(|_| StoreError::Closed)
    }
}

/// The thread's own state.
struct Summing {
    connection: Connection,
    /// Partials to append: one builder, and those that could not be appended before.
    pending: Vec<PartialBuilder>,
    /// The last commit that is in the cubes or in memory.
    added: u64,
    retention: Retention,
    expiry: Arc<Expiry>,
    backlog: Arc<Backlog>,
    counters: Arc<Counters>,
    flushed: Arc<AtomicU64>,
    behind: Arc<Behind>,
    caught_up: Arc<AtomicBool>,
}

impl Drop for Summing {
    fn drop(&mut self) {
        self.behind.end();
    }
}

impl Summing {
    fn run(mut self, receiver: &mpsc::Receiver<Work>) {
        while let Some(work) = self.next(receiver) {
            match work {
                Work::Add(commit) => {
                    let Commit {
                        events,
                        folded,
                        covered,
                        sequence,
                    } = *commit;
                    self.add(&events, &folded, &covered, sequence);
                }
                Work::Flush(reply) => {
                    // If this fails, the caller is gone; the work is done anyway.
                    let _ = reply.send(self.flush());
                }
                Work::Close(reply) => {
                    let result = self.flush();
                    drop(self);
                    let _ = reply.send(result);
                    return;
                }
            }
        }
    }

    /// The next work. While idle, it appends the partials in memory, but not while
    /// events wait for their commit, which the log's lock would delay.
    fn next(&mut self, receiver: &mpsc::Receiver<Work>) -> Option<Work> {
        while !self.pending.is_empty() {
            match receiver.recv_timeout(IDLE) {
                Ok(work) => return Some(work),
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            if self.counters.queued.load(Ordering::Acquire) == 0 {
                self.flush_or_log();
                break;
            }
        }
        receiver.recv().ok()
    }

    fn add(
        &mut self,
        events: &[(Scope, Event)],
        folded: &Folded,
        covered: &Covered,
        sequence: u64,
    ) {
        if self.pending.last().is_none_or(PartialBuilder::is_closed) {
            let fresh = PartialBuilder::new(self.retention, self.expiry.horizon());
            self.pending.push(fresh);
        }
        if let Some(pending) = self.pending.last_mut() {
            folded.facts(events, |fact| pending.add(fact));
            covered.facts(events, |fact| pending.add(fact));
        }
        self.added = sequence;
        self.behind.leave(events.len() as u64);
        if self.pending.last().is_some_and(are_many) {
            self.flush_or_log();
        }
    }

    /// The events are durable whether their partials can be written now or not. The next read
    /// tries again, and fails if that fails again.
    fn flush_or_log(&mut self) {
        if let Err(error) = self.flush() {
            tracing::error!(%error, "rollup partials could not be written");
        }
    }

    /// Appends the partials in memory.
    fn flush(&mut self) -> Result<(), StoreError> {
        if !self.caught_up.load(Ordering::Acquire) {
            catch_up(&self.connection, self.added, self.retention, &self.expiry)?;
            self.flushed.store(self.added, Ordering::Release);
            self.caught_up.store(true, Ordering::Release);
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        let (connection, pending, added) = (&self.connection, &mut self.pending, self.added);
        let (begin, facts) = (Instant::now(), pending.iter().map(PartialBuilder::facts));
        let facts: usize = facts.sum();
        let backlog = &self.backlog;
        in_transaction(connection, || {
            for builder in pending {
                write(connection, builder, Some(backlog))?;
            }
            record(connection, added)
        })?;
        let took = begin.elapsed();
        tracing::debug!(facts, ?took, "rollup partials were appended");
        self.pending.clear();
        self.flushed.store(added, Ordering::Release);
        Ok(())
    }
}

/// Whether partials in memory should be appended now.
fn are_many(pending: &PartialBuilder) -> bool {
    let span = pending.span().map_or(0, TimeRange::length);
    pending.facts() >= MOST_FACTS || span > WIDEST_SPAN
}

/// Rebuilds the time touched by commits that were not in the cubes when the store was last open.
fn catch_up(
    connection: &Connection,
    sequence: u64,
    retention: Retention,
    expiry: &Expiry,
) -> Result<(), StoreError> {
    let state = "SELECT max(flushed_sequence) FROM rollup_state";
    let flushed: i64 = connection
        .query_row(state, [], |row| row.get(0))
        .context("read the state of the cubes")?;
    if flushed as u64 >= sequence {
        return Ok(());
    }
    if let Some(range) = touched_since(connection, flushed as u64)? {
        let cubes: Vec<_> = CUBES.iter().collect();
        rebuild(connection, &cubes, Some(range), retention, expiry.horizon())?;
    }
    record(connection, sequence)
}

/// Records the last commit in the cubes.
pub(crate) fn record(connection: &Connection, sequence: u64) -> Result<(), StoreError> {
    let update = "UPDATE rollup_state SET flushed_sequence = ?";
    connection
        .execute(update, params![sequence as i64])
        .context("record the state of the cubes")?;
    Ok(())
}

/// The time range that commits after `sequence` touch: that of their events, and of the other events of the
/// same executions, whose counts they may have changed.
fn touched_since(connection: &Connection, sequence: u64) -> Result<Option<TimeRange>, StoreError> {
    let others = EventType::ALL
        .iter()
        .filter(|&&t| t != EventType::Execution);
    let others = others.map(|&event_type| {
        let table = raw::table(event_type);
        format!(" UNION ALL SELECT min(timestamp), max(timestamp) FROM {table} WHERE sequence > {sequence}")
    });
    let sql = format!(
        "SELECT min(f), max(u) FROM (
            SELECT min(timestamp), max(timestamp) FROM executions WHERE (project, execution_id) IN
                (SELECT (project, execution_id) FROM executions WHERE sequence > {sequence}){}) AS spans(f, u)",
        others.collect::<String>()
    );
    let (from, to): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .context("find what the cubes lack")?;
    Ok(from.zip(to).map(|(from, to)| TimeRange::new(from, to + 1)))
}

/// Appends partials to the cubes, and records where in the backlog, if there is one.
pub(crate) fn write(
    connection: &Connection,
    pending: &mut PartialBuilder,
    backlog: Option<&Backlog>,
) -> Result<(), StoreError> {
    let mut result = Ok(());
    pending.rows(|cube, granularity, rows| {
        if result.is_ok() {
            result = cube_rows::record_batch(cube, &rows)
                .context("build rollup partials")
                .and_then(|batch| append(connection, &cube.table(granularity), batch));
            if let Some(backlog) = backlog {
                backlog.note(cube, granularity, rows.iter().map(|&(_, bucket, _)| bucket));
            }
        }
    });
    result
}
