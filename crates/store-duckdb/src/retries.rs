//! Executions that retry others, in memory: a step of a retry that began before the retry is a copy.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int32Type, Int64Type, UInt64Type},
};
use duckdb::Connection;
use rustc_hash::FxHashMap;
use weir_model::{ExecutionHash, Scope, Timestamp};
use weir_store::{
    StoreError,
    fold::{Life, StoredLife, Whose},
};

use crate::error::Context;

/// The maximum number of retries, about 40 MB; beyond it, those that started first are dropped and read
/// from the store.
const MOST: usize = 1 << 20;

/// What an event of table `e` says about its execution, as [`lives`] reads it.
pub(crate) const COLUMNS: &str = "e.rowid, e.tenant, e.project, e.execution,
    e.retried IS NOT NULL AND e.retried <> e.execution AS retries,
    CASE WHEN e.status = 'started' THEN e.timestamp
        WHEN e.status <> 'waiting' AND e.duration_given THEN e.timestamp - e.duration END AS start";

/// The known retries.
#[derive(Debug)]
pub(crate) struct Retries {
    /// Their starts, if known.
    known: FxHashMap<Whose, Option<Timestamp>>,
    /// Those that started earlier may have been dropped.
    since: Timestamp,
    most: usize,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            known: FxHashMap::default(),
            since: Timestamp(i64::MIN),
            most: MOST,
        }
    }
}

impl Retries {
    /// Loads them from the table.
    pub(crate) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let sql = format!(
            "WITH told AS (SELECT {COLUMNS} FROM executions AS e WHERE e.execution IN
                (SELECT execution FROM executions WHERE retried IS NOT NULL AND retried <> execution))
             SELECT 0::BIGINT, tenant, project, execution, true, min(start) AS start FROM told
             GROUP BY tenant, project, execution ORDER BY start DESC NULLS FIRST LIMIT {}",
            MOST + 1
        );
        let mut retries = Self::default();
        let mut statement = connection.prepare(&sql).context("read retries")?;
        for batch in statement.query_arrow([]).context("read retries")? {
            for stored in lives(&batch) {
                retries.set(stored.whose, stored.life);
            }
        }
        Ok(retries)
    }

    /// What is known about an execution, if it is a retry.
    pub(crate) fn get(&self, whose: Whose) -> Option<Life> {
        let start = *self.known.get(&whose)?;
        Some(Life {
            retries: true,
            start,
        })
    }

    /// The moment since which all retries are known.
    pub(crate) fn since(&self) -> Timestamp {
        self.since
    }

    /// Updates what is known about an execution.
    pub(crate) fn set(&mut self, whose: Whose, life: Life) {
        match life.retries {
            true => self.known.insert(whose, life.start),
            false => self.known.remove(&whose),
        };
        if self.known.len() > self.most {
            self.forget_older_half();
        }
    }

    fn forget_older_half(&mut self) {
        // Retries without a start have no order: once some are dropped, nothing is certain.
        let start = |start: &Option<Timestamp>| start.unwrap_or(Timestamp(i64::MAX - 1));
        let mut starts: Vec<Timestamp> = self.known.values().map(start).collect();
        let middle = starts.len() / 2;
        let (_, &mut median, _) = starts.select_nth_unstable(middle);
        self.since = self.since.max(median.plus(1));
        self.known.retain(|_, known| start(known) > median);
    }
}

/// Rows with [`COLUMNS`].
pub(crate) fn lives(batch: &RecordBatch) -> impl Iterator<Item = StoredLife> + '_ {
    let rows = batch.column(0).as_primitive::<Int64Type>();
    let keys = |column: usize| batch.column(column).as_primitive::<Int32Type>();
    let hashes = batch.column(3).as_primitive::<UInt64Type>();
    let retries = batch.column(4).as_boolean();
    let starts = batch.column(5).as_primitive::<Int64Type>();
    (0..batch.num_rows())
        .filter(|&row| hashes.is_valid(row))
        .map(move |row| StoredLife {
            row: rows.value(row),
            whose: (
                Scope::new(keys(1).value(row), keys(2).value(row)),
                ExecutionHash(hashes.value(row)),
            ),
            life: Life {
                retries: retries.is_valid(row) && retries.value(row),
                start: starts.is_valid(row).then(|| Timestamp(starts.value(row))),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(number: u64) -> Whose {
        (Scope::new(1, 1), ExecutionHash(number))
    }

    fn started(at: i64) -> Life {
        Life {
            retries: true,
            start: Some(Timestamp(at)),
        }
    }

    #[test]
    fn of_too_many_those_that_started_first_are_forgotten_and_that_is_known() {
        let mut retries = Retries {
            most: 10,
            ..Retries::default()
        };
        assert_eq!(retries.since(), Timestamp(i64::MIN));
        for at in 0..100 {
            retries.set(whose(at), started(at as i64));
            assert!(retries.known.len() <= 10);
            for earlier in 0..=at {
                let known = retries.get(whose(earlier)) == Some(started(earlier as i64));
                assert!(known || (earlier as i64) < retries.since().0);
            }
        }
    }

    #[test]
    fn of_too_many_without_a_start_nothing_is_certain_any_more() {
        let mut retries = Retries {
            most: 10,
            ..Retries::default()
        };
        let unstarted = Life {
            retries: true,
            start: None,
        };
        (0..10).for_each(|number| retries.set(whose(number), unstarted));
        assert_eq!(retries.get(whose(3)), Some(unstarted));
        assert_eq!(retries.since(), Timestamp(i64::MIN));
        retries.set(whose(10), unstarted);
        assert!(retries.known.len() <= 10);
        assert_eq!(retries.since(), Timestamp(i64::MAX));
    }

    #[test]
    fn an_execution_that_is_no_longer_a_retry_is_forgotten() {
        let mut retries = Retries::default();
        retries.set(whose(1), started(5));
        retries.set(whose(1), Life::default());
        assert_eq!(retries.get(whose(1)), None);
    }
}
