//! Declared dimensions: which of their values are named, and what their cubes hold.
//!
//! The values with the earliest events are named, up to a bound; all others count
//! as one. This depends only on the events, so it is computed on demand:
//! from the events committed since the last time, or from all events for a new key.

use std::{collections::BTreeMap, sync::Arc};

use duckdb::{Connection, OptionalExt, params};
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use weir_model::{EventType, ProjectKey, Scope};
use weir_query::axis::pointer;
use weir_store::{DeclaredKey, KeyState, StoreError};

use crate::{
    arrays::Columns,
    error::Context,
    raw,
    tables::{append, in_transaction},
};

mod cubes;

pub(crate) use cubes::{Refresh, held};

/// What is known about the declared dimensions of projects, and the connections to find out more.
#[derive(Clone)]
pub(crate) struct Declared {
    connection: Arc<Mutex<Option<Connection>>>,
    /// For the cubes; if both are locked, this one is locked second.
    builder: Arc<Mutex<Option<Connection>>>,
    known: Arc<RwLock<FxHashMap<ProjectKey, OfProject>>>,
}

/// What is known about the dimensions of one project.
struct OfProject {
    /// The commit up to which this is known.
    sequence: u64,
    keys: Vec<DeclaredKey>,
    most: usize,
    states: Vec<KeyState>,
}

/// The named values of a key, with the time of the first event that has each.
type Named = BTreeMap<String, i64>;

impl Declared {
    pub(crate) fn new(connection: Connection, builder: Connection) -> Self {
        Self {
            connection: Arc::new(Mutex::new(Some(connection))),
            builder: Arc::new(Mutex::new(Some(builder))),
            known: Arc::default(),
        }
    }

    /// What is known, if it covers these keys and every commit up to `sequence`.
    pub(crate) fn current(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most: usize,
        sequence: u64,
    ) -> Option<Vec<KeyState>> {
        let known = self.known.read();
        let known = known.get(&scope.project)?;
        let same = known.keys == keys && known.most == most && known.sequence >= sequence;
        same.then(|| known.states.clone())
    }

    /// Finds out what is not known yet. Commits up to `sequence` can be read.
    pub(crate) fn catch_up(
        &self,
        scope: Scope,
        keys: &[DeclaredKey],
        most: usize,
        sequence: u64,
    ) -> Result<Vec<KeyState>, StoreError> {
        let lock = self.connection.lock();
        // Another query may have caught up in the meantime.
        if let Some(states) = self.current(scope, keys, most, sequence) {
            return Ok(states);
        }
        let connection = lock.as_ref().ok_or(StoreError::Closed)?;
        let finding = Finding {
            connection,
            scope,
            most,
            sequence,
        };
        let states = in_transaction(connection, || {
            finding.forget_others(keys)?;
            keys.iter().map(|key| finding.key(key)).collect()
        });
        let mut states: Vec<KeyState> = states?;
        let mut held = held(connection, scope)?;
        for state in &mut states {
            state.lacking = held.remove(&state.key);
        }
        let known = OfProject {
            sequence,
            keys: keys.to_vec(),
            most,
            states: states.clone(),
        };
        self.known.write().insert(scope.project, known);
        Ok(states)
    }

    /// Runs work on another connection to the tables of values, with exclusive access; what is
    /// known about the project is determined again afterwards.
    pub(crate) fn beside<T>(&self, scope: Scope, work: impl FnOnce() -> T) -> T {
        let _held = (self.connection.lock(), self.builder.lock());
        let done = work();
        self.known.write().remove(&scope.project);
        done
    }

    fn forget_known(&self, scope: Scope) {
        self.known.write().remove(&scope.project);
    }

    fn forget_all_known(&self) {
        self.known.write().clear();
    }

    pub(crate) fn close(&self) {
        *self.connection.lock() = None;
        *self.builder.lock() = None;
    }
}

/// Marks the cubes of every project to be summed again: nothing is read from them until then.
pub(crate) fn forget_cubes(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("UPDATE declared_keys SET cube = NULL")
        .context("mark cubes to be summed again")
}

/// Forgets the values of a project, within the caller's transaction: they are determined again later.
pub(crate) fn forget(connection: &Connection, scope: Scope) -> Result<(), StoreError> {
    for table in ["declared_keys", "declared_values"] {
        connection
            .execute(
                &format!("DELETE FROM {table} WHERE tenant = ? AND project = ?"),
                params![scope.tenant.0, scope.project.0],
            )
            .context("forget declared values")?;
    }
    cubes::forget(connection, scope)
}

/// The stored state of a key.
#[derive(Clone, Copy, Debug)]
struct Held {
    sequence: i64,
    overflows: bool,
    labels: i64,
    cube: Option<i64>,
    until: Option<i64>,
}

struct Finding<'a> {
    connection: &'a Connection,
    scope: Scope,
    most: usize,
    sequence: u64,
}

impl Finding<'_> {
    /// Forgets keys that are no longer declared.
    fn forget_others(&self, keys: &[DeclaredKey]) -> Result<(), StoreError> {
        let sql = "SELECT key FROM declared_keys WHERE tenant = ? AND project = ?";
        let mut statement = self.connection.prepare(sql).context("read declared keys")?;
        let of = params![self.scope.tenant.0, self.scope.project.0];
        let held = statement
            .query_map(of, |row| row.get::<_, String>(0))
            .context("read declared keys")?;
        for held in held {
            let held = held.context("read declared keys")?;
            if !keys.iter().any(|key| key.key == held) {
                self.delete("declared_keys", &held)?;
                self.delete("declared_values", &held)?;
            }
        }
        Ok(())
    }

    /// Brings the values of a key up to date.
    fn key(&self, key: &DeclaredKey) -> Result<KeyState, StoreError> {
        let before = self.held(key)?;
        if before.is_none() {
            self.delete("declared_values", &key.key)?;
        }
        let mut held = before.unwrap_or(Held {
            sequence: -1,
            overflows: false,
            labels: self.sequence as i64,
            cube: None,
            until: None,
        });
        let mut named = self.named(&key.key)?;
        if held.sequence < self.sequence as i64 {
            let told = self.values_since(&key.key, held.sequence)?;
            let (known, overflowed) = (named.clone(), held.overflows);
            held.overflows |= merge(&mut named, told, self.most);
            if named != known {
                self.put(&key.key, &named)?;
            }
            // A value that counted under its name may count as other now, or vice versa.
            let is_lost = known.keys().any(|value| !named.contains_key(value));
            if is_lost || (overflowed && !known.keys().eq(named.keys())) {
                (held.labels, held.cube) = (self.sequence as i64, None);
            }
            held.sequence = self.sequence as i64;
            self.write(key, held)?;
        }
        Ok(KeyState {
            key: key.key.clone(),
            values: named.len() as u64,
            overflows: held.overflows,
            lacking: None,
        })
    }

    fn held(&self, key: &DeclaredKey) -> Result<Option<Held>, StoreError> {
        let sql = "SELECT sequence, overflows, labels, cube, until FROM declared_keys
            WHERE tenant = ? AND project = ? AND key = ? AND most = ? AND fast = ?";
        let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
        let of = params![tenant, project, key.key, self.most as i64, key.fast];
        let read = |row: &duckdb::Row<'_>| {
            Ok(Held {
                sequence: row.get(0)?,
                overflows: row.get(1)?,
                labels: row.get(2)?,
                cube: row.get(3)?,
                until: row.get(4)?,
            })
        };
        let found = self.connection.query_row(sql, of, read);
        found.optional().context("read a declared key")
    }

    fn write(&self, key: &DeclaredKey, held: Held) -> Result<(), StoreError> {
        self.delete("declared_keys", &key.key)?;
        let row = params![
            self.scope.tenant.0,
            self.scope.project.0,
            key.key,
            pointer(&key.key),
            key.fast,
            self.most as i64,
            held.sequence,
            held.overflows,
            held.labels,
            held.cube,
            held.until
        ];
        let insert = "INSERT INTO declared_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        self.connection
            .execute(insert, row)
            .context("write a declared key")?;
        Ok(())
    }

    fn named(&self, key: &str) -> Result<Named, StoreError> {
        let sql =
            "SELECT value, first FROM declared_values WHERE tenant = ? AND project = ? AND key = ?";
        let of = params![self.scope.tenant.0, self.scope.project.0, key];
        self.values(sql, of)
    }

    /// The values with the earliest events in later commits, one more than can be named. Values that an
    /// execution's row takes from other events are found in their own rows.
    fn values_since(&self, key: &str, since: i64) -> Result<Named, StoreError> {
        let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
        let tables = EventType::ALL.iter().map(|&event_type| {
            let table = raw::table(event_type);
            let said = match event_type {
                EventType::Activity => "metadata",
                _ => "said_itself(own, '$.metadata', metadata)",
            };
            format!(
                "SELECT timestamp, said({said}, $1) AS value FROM {table}
                 WHERE tenant = {tenant} AND project = {project} AND sequence > {since} AND metadata IS NOT NULL"
            )
        });
        let sql = format!(
            "SELECT value, min(timestamp) AS first FROM ({}) WHERE value IS NOT NULL
             GROUP BY value ORDER BY first, value LIMIT {}",
            tables.collect::<Vec<_>>().join(" UNION ALL "),
            self.most.saturating_add(1)
        );
        self.values(&sql, params![pointer(key)])
    }

    fn values(&self, sql: &str, of: impl duckdb::Params) -> Result<Named, StoreError> {
        let mut statement = self
            .connection
            .prepare(sql)
            .context("read declared values")?;
        let rows = statement
            .query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))
            .context("read declared values")?;
        rows.collect::<Result<_, _>>()
            .context("read declared values")
    }

    fn put(&self, key: &str, named: &Named) -> Result<(), StoreError> {
        self.delete("declared_values", key)?;
        let mut columns = Columns::default();
        columns.key("tenant", named.iter().map(|_| self.scope.tenant.0));
        columns.key("project", named.iter().map(|_| self.scope.project.0));
        columns.text("key", named.iter().map(|_| Some(key)));
        columns.text("value", named.keys().map(|value| Some(value.as_str())));
        columns.number("first", named.values().map(|&first| Some(first)));
        let batch = columns.finish().context("build declared values")?;
        append(self.connection, "declared_values", batch)
    }

    fn delete(&self, table: &str, key: &str) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {table} WHERE tenant = ? AND project = ? AND key = ?");
        let of = params![self.scope.tenant.0, self.scope.project.0, key];
        self.connection
            .execute(&sql, of)
            .context("delete declared values")?;
        Ok(())
    }
}

/// Adds values and keeps the earliest; of equal times, the smaller. Returns whether
/// some are dropped.
fn merge(named: &mut Named, told: Named, most: usize) -> bool {
    for (value, first) in told {
        let known = named.entry(value).or_insert(first);
        *known = first.min(*known);
    }
    if named.len() <= most {
        return false;
    }
    let mut all: Vec<(i64, String)> = std::mem::take(named)
        .into_iter()
        .map(|(value, first)| (first, value))
        .collect();
    all.sort_unstable();
    named.extend(
        all.into_iter()
            .take(most)
            .map(|(first, value)| (value, first)),
    );
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(values: &[(&str, i64)]) -> Named {
        let values = values.iter();
        values
            .map(|&(value, first)| (value.to_owned(), first))
            .collect()
    }

    #[test]
    fn the_earliest_values_are_named_in_any_order_of_arrival() {
        let told = [("late", 9), ("b", 2), ("a", 2), ("first", 1), ("late", 3)];
        let mut forward = Named::new();
        let mut backward = Named::new();
        let (mut over, mut beyond) = (false, false);
        for at in 0..told.len() {
            over |= merge(&mut forward, named(&told[at..=at]), 3);
            let at = told.len() - 1 - at;
            beyond |= merge(&mut backward, named(&told[at..=at]), 3);
        }
        assert_eq!(forward, named(&[("first", 1), ("a", 2), ("b", 2)]));
        assert_eq!(forward, backward);
        assert!(over && beyond);
        assert!(!merge(&mut forward, named(&[("a", 5)]), 3));
    }
}
