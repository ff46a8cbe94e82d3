//! The cubes of declared dimensions: which time ranges are missing, and how they are filled.
//!
//! They hold complete past hours as of a commit. Hours touched by later commits are found by their
//! rows, and read from raw facts until those hours are summed again in the background. So commits take
//! no longer, and corrections of earlier counts need no separate mechanism.

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

/// The number of touched ranges beyond which a cube is not used until it is refreshed.
const MOST_STRETCHES: usize = 200;
/// Moments before the first and after the last possible event, far from the limits of the integer.
const FIRST: Timestamp = Timestamp(-(1 << 62));
const LAST: Timestamp = Timestamp(1 << 62);

/// The input for refreshing cubes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refresh<'a> {
    pub scope: Scope,
    pub keys: &'a [DeclaredKey],
    pub most: usize,
    /// The last commit of the project that can be read.
    pub sequence: u64,
    pub retention: Retention,
    /// The moment by which rows have expired.
    pub horizon: Timestamp,
    /// The present: the current hour is read from raw facts.
    pub now: Timestamp,
}

fn condition(scope: Scope) -> String {
    format!(
        "tenant = {} AND project = {}",
        scope.tenant.0, scope.project.0
    )
}

/// For each key in the cubes, the missing time ranges, in order.
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

/// The hours before a moment that commits after a sequence touch, as ranges in order: those of their rows,
/// and those of all rows of executions with the same names, whose counts or metadata may have changed.
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

/// Removes a project from the cubes, within the caller's transaction.
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

/// A key at the start of a refresh, and the commit at which its named values last changed.
type Begun = (String, i64);

impl Declared {
    /// Refreshes the cubes of a project. Returns how many ranges of hours were summed.
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
                // Unlocked in between, so that erasing a user waits only for one part.
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

    /// The keys that the cubes should hold.
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

    /// The time ranges to sum again; `None` means all.
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

    /// Deletes rows of keys that the cubes should no longer hold, and expired rows,
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

    /// Records what the cubes hold, for keys that did not change since the refresh began.
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
                    .context("record what cubes hold")?;
            }
            self.forget_known(scope);
            Ok(())
        })
    }

    /// Marks the cubes of every project to be summed again: nothing is read from them until then.
    pub(crate) fn forget_cubes(&self) -> Result<(), StoreError> {
        self.noting(|connection| {
            super::forget_cubes(connection)?;
            self.forget_all_known();
            Ok(())
        })
    }
}
