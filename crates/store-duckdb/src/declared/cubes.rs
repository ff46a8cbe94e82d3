//! The cubes of declared dimensions: which time they lack something of, and how that is made up.
//!
//! They hold whole hours that are over, as they were at a commit. What later commits touch is found by their
//! rows, and read from raw facts until those hours are summed anew, behind the commits. So a commit takes
//! no longer for them, and no correction of what was counted needs a way of its own.

use std::collections::BTreeMap;

use duckdb::{Connection, params};
use weir_model::{
    EventType, Granularity, Scope, TimeRange, Timestamp,
    cube::DECLARED_CUBES,
    time::{DAY, HOUR, Retention},
};
use weir_store::{DeclaredKey, StoreError};

use super::Declared;
use crate::{error::Context, maintenance, raw};

/// Touched stretches of time beyond which a cube is as good as none until it is brought up to date.
const MOST_STRETCHES: usize = 200;
/// The first moment that an event can have, and one after the last, far from the bounds of a number.
const FIRST: Timestamp = Timestamp(-(1 << 62));
const LAST: Timestamp = Timestamp(1 << 62);

/// What bringing cubes up to date needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refresh<'a> {
    pub scope: Scope,
    pub keys: &'a [DeclaredKey],
    pub most: usize,
    /// The last commit of the project that can be read.
    pub sequence: u64,
    pub retention: Retention,
    /// By when rows have expired.
    pub horizon: Timestamp,
    /// The present: hours that are not over are left to raw facts.
    pub now: Timestamp,
}

fn condition(scope: Scope) -> String {
    format!(
        "tenant = {} AND project = {}",
        scope.tenant.0, scope.project.0
    )
}

/// By key, of those that cubes hold: the time of which they lack something, in order.
pub(crate) fn held(
    connection: &Connection,
    scope: Scope,
) -> Result<BTreeMap<String, Vec<TimeRange>>, StoreError> {
    let sql = "SELECT key, cube, until FROM declared_keys
        WHERE tenant = ? AND project = ? AND fast AND cube IS NOT NULL AND until IS NOT NULL";
    let mut statement = connection.prepare(sql).context("read declared keys")?;
    let rows = statement
        .query_map(params![scope.tenant.0, scope.project.0], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })
        .context("read declared keys")?;
    let mut lacking: BTreeMap<(i64, i64), Vec<TimeRange>> = BTreeMap::new();
    let mut held = BTreeMap::new();
    for row in rows {
        let (key, state): (String, (i64, i64)) = row.context("read declared keys")?;
        let stretches = match lacking.get(&state) {
            Some(known) => known.clone(),
            None => {
                let (cube, until) = state;
                let mut stretches = touched(connection, scope, cube, until)?;
                stretches.push(TimeRange {
                    from: Timestamp(until),
                    to: LAST,
                });
                lacking.insert(state, stretches.clone());
                stretches
            }
        };
        if stretches.len() <= MOST_STRETCHES {
            held.insert(key, stretches);
        }
    }
    Ok(held)
}

/// The hours before a moment that commits after a sequence touch, as stretches in order: those of their rows,
/// and those of all rows of executions of the same names, which count otherwise or have other metadata since.
fn touched(
    connection: &Connection,
    scope: Scope,
    since: i64,
    until: i64,
) -> Result<Vec<TimeRange>, StoreError> {
    let of = condition(scope);
    let tables = EventType::ALL.iter().map(|&event_type| {
        let table = raw::table(event_type);
        let named = match event_type {
            EventType::Activity => "",
            _ => "OR (execution >> 32) IN (SELECT name FROM names)",
        };
        format!("SELECT timestamp FROM {table} WHERE {of} AND (sequence > {since} {named})")
    });
    let sql = format!(
        "WITH names AS (SELECT DISTINCT execution >> 32 AS name FROM executions
            WHERE {of} AND sequence > {since} AND execution IS NOT NULL)
         SELECT DISTINCT timestamp // {HOUR} * {HOUR} AS hour FROM ({}) WHERE timestamp < {until} ORDER BY hour",
        tables.collect::<Vec<_>>().join(" UNION ALL ")
    );
    let mut statement = connection.prepare(&sql).context("find touched hours")?;
    let hours = statement
        .query_map([], |row| row.get::<_, i64>(0))
        .context("find touched hours")?;
    let mut stretches: Vec<TimeRange> = Vec::new();
    for hour in hours {
        let hour = hour.context("find touched hours")?;
        let next = TimeRange::new(hour, hour + HOUR);
        match stretches.last_mut() {
            Some(last) if last.to == next.from => last.to = next.to,
            _ => stretches.push(next),
        }
    }
    Ok(stretches)
}

/// Takes everything of a project out of the cubes, as a part of the caller's transaction.
pub(super) fn forget(connection: &Connection, scope: Scope) -> Result<(), StoreError> {
    delete(connection, |_| condition(scope))
}

fn delete(
    connection: &Connection,
    condition: impl Fn(Granularity) -> String,
) -> Result<(), StoreError> {
    for cube in DECLARED_CUBES {
        for &granularity in cube.granularities() {
            let (table, rows) = (cube.table(granularity), condition(granularity));
            connection
                .execute_batch(&format!("DELETE FROM {table} WHERE {rows}"))
                .context("delete rows of declared dimensions")?;
        }
    }
    Ok(())
}

/// A key when its cubes began to be brought up to date, and the commit at which its named values last changed.
type Begun = (String, i64);

impl Declared {
    /// Brings the cubes of a project up to date. Returns how many stretches of hours were summed anew.
    pub(crate) fn refresh(&self, refresh: Refresh<'_>) -> Result<u64, StoreError> {
        let Refresh {
            scope, sequence, ..
        } = refresh;
        self.catch_up(scope, refresh.keys, refresh.most, sequence)?;
        let begun = self.begun(scope)?;
        let until = refresh.now.floor(HOUR);
        let stretches = match self.stretches(scope, until)? {
            Some(stretches) => stretches,
            None => vec![TimeRange {
                from: FIRST,
                to: until,
            }],
        };
        if stretches.is_empty() {
            return Ok(0);
        }
        self.delete_others(refresh)?;
        if begun.is_empty() {
            return Ok(0);
        }
        let (retention, horizon) = (refresh.retention, refresh.horizon);
        for &stretch in &stretches {
            let parts = self.building(|connection| {
                maintenance::declared_parts(connection, scope, stretch, retention, horizon)
            })?;
            for part in parts {
                // Let go in between: who erases a user waits for a part and not for all.
                self.building(|connection| {
                    maintenance::refresh_declared(connection, part, retention, horizon)
                })?;
            }
        }
        self.finish(refresh, &begun, until)?;
        Ok(stretches.len() as u64)
    }

    fn building<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let held = self.builder.lock();
        work(held.as_ref().ok_or(StoreError::Closed)?)
    }

    fn noting<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let held = self.connection.lock();
        work(held.as_ref().ok_or(StoreError::Closed)?)
    }

    /// The keys that the cubes are to hold.
    fn begun(&self, scope: Scope) -> Result<Vec<Begun>, StoreError> {
        self.noting(|connection| {
            let sql =
                "SELECT key, labels FROM declared_keys WHERE tenant = ? AND project = ? AND fast";
            let mut statement = connection.prepare(sql).context("read declared keys")?;
            let rows = statement
                .query_map(params![scope.tenant.0, scope.project.0], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .context("read declared keys")?;
            rows.collect::<Result<_, _>>().context("read declared keys")
        })
    }

    /// The time to sum anew; `None` is all of it.
    fn stretches(
        &self,
        scope: Scope,
        until: Timestamp,
    ) -> Result<Option<Vec<TimeRange>>, StoreError> {
        self.noting(|connection| {
            let sql = "SELECT CASE WHEN count(cube) = count(*) THEN min(cube) END, min(until)
                FROM declared_keys WHERE tenant = ? AND project = ? AND fast";
            let of = params![scope.tenant.0, scope.project.0];
            let (since, held_until): (Option<i64>, Option<i64>) = connection
                .query_row(sql, of, |row| Ok((row.get(0)?, row.get(1)?)))
                .context("read declared keys")?;
            let Some((since, held_until)) = since.zip(held_until) else {
                return Ok(None);
            };
            let mut stretches = touched(connection, scope, since, held_until.min(until.0))?;
            if held_until < until.0 {
                stretches.push(TimeRange {
                    from: Timestamp(held_until),
                    to: until,
                });
            }
            Ok(Some(stretches))
        })
    }

    /// Takes out of the cubes what keys left there that they are not to hold any more, and what has expired,
    /// some days at a time.
    fn delete_others(&self, refresh: Refresh<'_>) -> Result<(), StoreError> {
        let of = condition(refresh.scope);
        let fast = format!("(SELECT key FROM declared_keys WHERE {of} AND fast)");
        self.building(|connection| {
            delete(connection, |granularity| {
                let oldest = refresh
                    .retention
                    .oldest_bucket(granularity, refresh.horizon);
                let oldest = oldest.floor(8 * DAY).0;
                format!("{of} AND (bucket < {oldest} OR declared_key NOT IN {fast})")
            })
        })
    }

    /// Writes down what the cubes hold, of keys that are what they were when it began.
    fn finish(
        &self,
        refresh: Refresh<'_>,
        begun: &[Begun],
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let (scope, sequence) = (refresh.scope, refresh.sequence as i64);
        let (tenant, project) = (scope.tenant.0, scope.project.0);
        self.noting(|connection| {
            let update = "UPDATE declared_keys SET cube = ?, until = ?
                WHERE tenant = ? AND project = ? AND key = ? AND labels = ? AND fast";
            for (key, labels) in begun {
                let row = params![sequence, until.0, tenant, project, key, labels];
                connection
                    .execute(update, row)
                    .context("write down what cubes hold")?;
            }
            self.forget_known(scope);
            Ok(())
        })
    }

    /// Lets the cubes of every project be summed anew: nothing is read from them until then.
    pub(crate) fn forget_cubes(&self) -> Result<(), StoreError> {
        self.noting(|connection| {
            super::forget_cubes(connection)?;
            self.forget_all_known();
            Ok(())
        })
    }
}
