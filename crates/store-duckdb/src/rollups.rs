//! Rollup partials on their way into the cubes.
//!
//! Appending to every cube table would cost a small commit far more than its raw rows do, and would
//! leave a row per key and commit behind. So partials are summed in memory over commits and appended
//! together: before anything reads, when the intake has nothing else to do, and when they have become
//! many. What is in memory is never lost: raw rows carry the sequence of their commit, the cubes know
//! the last sequence they hold, and the time that later commits touch is rebuilt from raw rows when
//! the store is opened.

use duckdb::{Connection, params};
use weir_model::{Clock, Event, Scope, TimeRange, cube::CUBES, time::DAY, time::Retention};
use weir_store::{StoreError, facts, fold::Folded, partials::PartialBuilder};

use crate::{
    commit::append,
    cube_rows,
    error::Context,
    maintenance::{in_transaction, rebuild},
};

/// Facts in memory from which they are appended, whatever else is to be done.
const MOST_FACTS: usize = 300_000;
/// The time that the facts in memory may span: what a crash would have to be rebuilt.
const WIDEST_SPAN: i64 = 7 * DAY;

/// What the cubes hold, and what they are still to be given.
pub(crate) struct Rollups {
    pending: Option<PartialBuilder>,
    /// The last commit that the cubes hold.
    flushed: u64,
    /// Whether partials were lost by a failed write, so that the cubes must be rebuilt to catch up.
    lost: bool,
    retention: Retention,
}

impl Rollups {
    /// Opens the cubes. If commits up to `sequence` were not in them when the store was last open,
    /// they are brought up to date from raw rows.
    pub(crate) fn open(
        connection: &Connection,
        sequence: u64,
        retention: Retention,
        clock: &dyn Clock,
    ) -> Result<Self, StoreError> {
        let flushed: i64 = connection
            .query_row(
                "SELECT max(flushed_sequence) FROM rollup_state",
                [],
                |row| row.get(0),
            )
            .context("read the state of the cubes")?;
        let flushed = flushed as u64;
        let mut rollups = Self {
            pending: None,
            flushed,
            lost: flushed < sequence,
            retention,
        };
        rollups.flush(connection, sequence, clock)?;
        Ok(rollups)
    }

    /// Adds what a durable commit brings.
    pub(crate) fn add(&mut self, events: &[(Scope, Event)], folded: &Folded, clock: &dyn Clock) {
        let retention = self.retention;
        let pending = self
            .pending
            .get_or_insert_with(|| PartialBuilder::new(retention, clock.now()));
        for (scope, event) in events {
            facts::independent(*scope, event, |fact| pending.add(&fact));
        }
        folded.facts(events, |fact| pending.add(fact));
    }

    /// Whether the partials in memory should wait no longer.
    pub(crate) fn are_many(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| {
            let span = pending.span().map_or(0, TimeRange::length);
            pending.facts() >= MOST_FACTS || span > WIDEST_SPAN
        })
    }

    /// Appends the partials in memory, so that the cubes hold every commit up to `sequence`.
    pub(crate) fn flush(
        &mut self,
        connection: &Connection,
        sequence: u64,
        clock: &dyn Clock,
    ) -> Result<(), StoreError> {
        if self.flushed == sequence {
            return Ok(());
        }
        if self.lost {
            self.catch_up(connection, clock)?;
        }
        let pending = self.pending.take();
        let written = in_transaction(connection, || {
            if let Some(pending) = pending {
                write(connection, pending)?;
            }
            connection
                .execute(
                    "UPDATE rollup_state SET flushed_sequence = ?",
                    params![sequence as i64],
                )
                .context("record the state of the cubes")
        });
        self.lost = written.is_err();
        written?;
        self.flushed = sequence;
        Ok(())
    }

    /// Rebuilds the time that commits after the last flush touch. What is in memory is in raw rows
    /// too, so it is dropped.
    fn catch_up(&mut self, connection: &Connection, clock: &dyn Clock) -> Result<(), StoreError> {
        self.pending = None;
        if let Some(range) = touched_since(connection, self.flushed)? {
            let cubes: Vec<_> = CUBES.iter().collect();
            rebuild(connection, &cubes, Some(range), self.retention, clock.now())?;
        }
        Ok(())
    }
}

/// The time that commits after `sequence` touch: that of their events, and that of the other events
/// of the same executions, whose counts they may have moved.
fn touched_since(connection: &Connection, sequence: u64) -> Result<Option<TimeRange>, StoreError> {
    let tables = [
        "steps",
        "costs",
        "activities",
        "documents",
        "queue_events",
        "goals",
    ];
    let others = tables.map(|table| {
        format!(" UNION ALL SELECT min(timestamp), max(timestamp) FROM {table} WHERE sequence > {sequence}")
    });
    let sql = format!(
        "SELECT min(f), max(u) FROM (
            SELECT min(timestamp), max(timestamp) FROM executions WHERE (project, execution_id) IN
                (SELECT (project, execution_id) FROM executions WHERE sequence > {sequence}){}) AS spans(f, u)",
        others.concat()
    );
    let (from, to): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .context("find what the cubes lack")?;
    Ok(from.zip(to).map(|(from, to)| TimeRange::new(from, to + 1)))
}

fn write(connection: &Connection, pending: PartialBuilder) -> Result<(), StoreError> {
    let mut result = Ok(());
    pending.finish(|cube, granularity, rows| {
        if result.is_ok() {
            result = cube_rows::record_batch(cube, &rows)
                .context("build rollup partials")
                .and_then(|batch| append(connection, &cube.table(granularity), batch));
        }
    });
    result
}
