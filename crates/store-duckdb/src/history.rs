//! Access to earlier commits: ids for deduplication, and the other events of an execution.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int64Type, UInt64Type},
};
use duckdb::{Connection, params_from_iter, types::Value};
use parking_lot::RwLock;
use rustc_hash::{FxHashMap, FxHashSet};
use weir_model::{Event, EventType, ExecutionHash, Scope, TimeRange, Timestamp, event::IdSource};
use weir_store::{
    StoreError,
    fold::{
        Environments, History, Life, Named, Own, Rules, Sighted, StepsWanted, StoredLife,
        StoredRecord, Told, Wanted, Whose,
    },
};

use crate::{
    arrays::Columns, directory::Directory, error::Context, lacking::Lacking, raw, recent::Recent,
    retries, retries::Retries, stored, tables::fill_temporary,
};

/// The most keys that a lookup includes in its SQL; more go through a table.
const INLINE: usize = 256;

/// Looks things up on the writer's connection, outside of its transaction.
pub(crate) struct Committed<'a> {
    pub connection: &'a Connection,
    pub directory: &'a RwLock<Directory>,
    pub recent: &'a Recent,
    pub lacking: &'a Lacking,
    pub retries: &'a Retries,
}

/// The ids of one type and project in a batch, and their time range.
pub(crate) struct Probe {
    pub scope: Scope,
    pub event_type: EventType,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Hashes of ids.
    pub ids: Vec<u64>,
}

impl Committed<'_> {
    /// The stored events with one of the ids, within the time range of the batch.
    ///
    /// Hashes are compared first: they are read without the ids, and zone maps skip all
    /// rows of other times. Ids are only read for rows with a matching hash.
    pub(crate) fn stored_ids(&self, probe: &Probe) -> Result<StoredIds, StoreError> {
        let rows = format!(
            "FROM {} WHERE tenant = {} AND project = {} AND timestamp BETWEEN {} AND {} AND id_hash IN",
            raw::table(probe.event_type),
            probe.scope.tenant.0,
            probe.scope.project.0,
            probe.from.0,
            probe.to.0,
        );
        let hashes = self.hashes(probe.ids.iter().copied())?;
        let met = self.read(&format!("SELECT id_hash {rows} ({hashes})"), Vec::new())?;
        let met: Vec<u64> = met
            .iter()
            .flat_map(|batch| {
                let hashes = batch.column(0).as_primitive::<UInt64Type>();
                hashes.values().iter().copied()
            })
            .collect();
        if met.is_empty() {
            return Ok(StoredIds::default());
        }
        let hashes = self.hashes(met.into_iter())?;
        let own = match probe.event_type {
            EventType::Activity => "NULL::VARCHAR",
            _ => "own",
        };
        let sql = format!(
            "SELECT id, timestamp, environment, workflow, {own}, metadata {rows} ({hashes})"
        );
        let mut stored = StoredIds::default();
        for batch in self.read(&sql, Vec::new())? {
            stored.add(&batch);
        }
        Ok(stored)
    }

    /// Hashes for an IN clause: literals if there are few, otherwise a table.
    fn hashes(&self, hashes: impl ExactSizeIterator<Item = u64>) -> Result<String, StoreError> {
        if hashes.len() <= INLINE {
            let numbers: Vec<String> = hashes.map(|hash| hash.to_string()).collect();
            return Ok(numbers.join(", "));
        }
        let mut columns = Columns::default();
        columns.hash("hash", hashes);
        self.fill_probe(columns, "hash UBIGINT")?;
        Ok("SELECT hash FROM probe".to_owned())
    }

    fn fill_probe(&self, columns: Columns, declaration: &str) -> Result<(), StoreError> {
        fill_temporary(self.connection, "probe", declaration, columns)
    }

    fn read(&self, sql: &str, values: Vec<Value>) -> Result<Vec<RecordBatch>, StoreError> {
        read(self.connection, sql, values)
    }
}

/// Stored events by id and time.
#[derive(Default)]
pub(crate) struct StoredIds(FxHashMap<(String, i64), Vec<Said>>);

/// What distinguishes a stored event from others with the same id and time.
struct Said {
    environment: Option<String>,
    workflow: Option<String>,
    metadata: Option<String>,
}

impl StoredIds {
    fn add(&mut self, batch: &RecordBatch) {
        let text = |column: usize, row: usize| {
            let values = batch.column(column).as_string::<i32>();
            values.is_valid(row).then(|| values.value(row).to_owned())
        };
        let times = batch.column(1).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let own = text(4, row).map(|own| Own::parse(&own)).unwrap_or_default();
            let told = |column: &str, told: Option<String>| match own.said(column) {
                Some(said) => said.map(str::to_owned),
                None => told,
            };
            let said = Said {
                environment: told("environment", text(2, row)),
                workflow: told("workflow", text(3, row)),
                metadata: text(5, row),
            };
            let key = (text(0, row).unwrap_or_default(), times.value(row));
            self.0.entry(key).or_default().push(said);
        }
    }

    /// Whether the event is stored, with equal id, time and environment, and for a derived id, the same
    /// workflow. Its former id only matches with equal metadata, which that id did not cover.
    pub(crate) fn hold(&self, event: &Event) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let is_content = matches!(event.id_source, IdSource::Content { .. });
        // A row with metadata under the id of an event without metadata has its former id.
        let bare = is_content && event.metadata.is_none();
        let mut same = self.named(&event.id, event);
        same.any(|said| !bare || said.metadata.is_none())
            || event.former_id().is_some_and(|id| {
                self.named(id, event)
                    .any(|said| said.metadata == event.metadata)
            })
    }

    /// The stored events with the id at the event's time and environment.
    fn named<'a>(&'a self, id: &str, event: &'a Event) -> impl Iterator<Item = &'a Said> {
        let stored = self.0.get(&(id.to_owned(), event.timestamp.0));
        stored.into_iter().flatten().filter(|said| {
            said.environment == event.environment
                && (!event.id_source.is_derived() || said.workflow == event.workflow_id)
        })
    }
}

fn read(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<RecordBatch>, StoreError> {
    let mut statement = connection.prepare(sql).context("prepare a lookup")?;
    Ok(statement
        .query_arrow(params_from_iter(values))
        .context("look up stored events")?
        .collect())
}

/// An execution in a lookup: its project, names and time range.
struct Asked<'a> {
    scope: Scope,
    workflow: Option<&'a str>,
    execution_id: &'a str,
    from: i64,
    to: i64,
}

impl Committed<'_> {
    /// Fills the table `probe` with the requested executions.
    fn ask<'a>(&self, asked: impl Iterator<Item = Asked<'a>>) -> Result<TimeRange, StoreError> {
        let asked: Vec<Asked> = asked.collect();
        let all = || asked.iter();
        let name = |a: &Asked| ExecutionHash::of_name(a.scope.project, a.execution_id).0 >> 32;
        let mut columns = Columns::default();
        columns.number("n", (0..asked.len()).map(|n| Some(n as i64)));
        columns.key("project", all().map(|a| a.scope.project.0));
        columns.unsigned("name", all().map(|a| Some(name(a))));
        columns.text("workflow", all().map(|a| a.workflow));
        columns.text("execution_id", all().map(|a| Some(a.execution_id)));
        columns.number("since", all().map(|a| Some(a.from)));
        columns.number("until", all().map(|a| Some(a.to)));
        self.fill_probe(
            columns,
            "n BIGINT, project INTEGER, name UBIGINT, workflow VARCHAR, execution_id VARCHAR, since BIGINT, until BIGINT",
        )?;
        let from = all().map(|a| a.from).min().unwrap_or(i64::MIN);
        let to = all().map(|a| a.to).max().unwrap_or(i64::MAX);
        Ok(TimeRange::new(from, to.max(from)))
    }

    fn asked(wanted: &Named) -> Asked<'_> {
        Asked {
            scope: wanted.scope,
            workflow: None,
            execution_id: &wanted.execution_id,
            from: wanted.from.0,
            to: wanted.to.0,
        }
    }
}

/// Joins a row of table `e` with the row of `probe` that names it.
const NAMED: &str =
    "(e.execution >> 32) = p.name AND e.project = p.project AND e.execution_id = p.execution_id";

impl History for Committed<'_> {
    type Error = StoreError;

    fn may_hold(&self, key: u64, from: Timestamp) -> bool {
        self.recent.may_hold(key, from.0)
    }

    fn environments(&self, scope: Scope, workflow: &str) -> Environments {
        self.directory.read().workflow_environments(scope, workflow)
    }

    fn has_starts(&self, scope: Scope) -> bool {
        self.directory.read().has_starts(scope)
    }

    fn may_lack(&self, scope: Scope, execution_id: &str) -> bool {
        self.lacking.may_hold(scope, execution_id)
    }

    fn executions(&mut self, of: &[Wanted]) -> Result<Vec<(Scope, Told)>, StoreError> {
        let asked = of.iter().map(|wanted| Asked {
            scope: wanted.scope,
            workflow: Some(&wanted.workflow),
            execution_id: &wanted.execution_id,
            from: wanted.from.0,
            to: i64::MAX,
        });
        let range = self.ask(asked)?;
        let since = range.from.0;
        // All events of an execution, but only if one of them is recent enough.
        let lately = match since {
            i64::MIN => String::new(),
            _ => format!(
                "WHERE p.n IN (SELECT DISTINCT p.n FROM executions AS e JOIN probe AS p ON {NAMED}
                    AND e.workflow = p.workflow AND e.timestamp >= p.since WHERE e.timestamp >= {since})"
            ),
        };
        let columns = stored::columns(EventType::Execution, "e");
        let sql = format!(
            "SELECT {columns} FROM executions AS e JOIN probe AS p ON {NAMED} AND e.workflow = p.workflow {lately}"
        );
        let batches = self.read(&sql, Vec::new())?;
        Ok(batches.iter().flat_map(stored::executions).collect())
    }

    fn sightings(&mut self, of: &[Named]) -> Result<Vec<Sighted>, StoreError> {
        let range = self.ask(of.iter().map(Self::asked))?;
        let columns = stored::columns(EventType::Execution, "e");
        let sql = format!(
            "SELECT {columns} FROM executions AS e JOIN probe AS p ON {NAMED}
                AND e.timestamp BETWEEN p.since AND p.until
             WHERE e.timestamp BETWEEN {} AND {}",
            range.from.0, range.to.0
        );
        let batches = self.read(&sql, Vec::new())?;
        Ok(batches.iter().flat_map(stored::sightings).collect())
    }

    fn records(&mut self, of: &[Named]) -> Result<Vec<StoredRecord>, StoreError> {
        let range = self.ask(of.iter().map(Self::asked))?;
        let mut found = Vec::new();
        for event_type in stored::RECORDS {
            let columns = stored::columns(event_type, "e");
            let sql = format!(
                "SELECT {columns} FROM {} AS e JOIN probe AS p ON {NAMED}
                    AND e.timestamp BETWEEN p.since AND p.until
                 WHERE e.timestamp BETWEEN {} AND {}",
                raw::table(event_type),
                range.from.0,
                range.to.0
            );
            for batch in self.read(&sql, Vec::new())? {
                found.extend(stored::records(event_type, &batch));
            }
        }
        Ok(found)
    }

    fn retry(&self, of: Whose) -> Option<Life> {
        self.retries.get(of)
    }

    fn retries_known_since(&self) -> Timestamp {
        self.retries.since()
    }

    fn lives(&mut self, of: &[Whose]) -> Result<Vec<StoredLife>, StoreError> {
        let hashes = self.hashes(of.iter().map(|(_, hash)| hash.0))?;
        let columns = retries::COLUMNS;
        let sql = format!("SELECT {columns} FROM executions AS e WHERE e.execution IN ({hashes})");
        let batches = self.read(&sql, Vec::new())?;
        let mut found: Vec<StoredLife> = batches.iter().flat_map(retries::lives).collect();
        let of: FxHashSet<&Whose> = of.iter().collect();
        found.retain(|stored| of.contains(&stored.whose));
        Ok(found)
    }

    fn steps(&mut self, of: &[StepsWanted]) -> Result<Vec<StoredRecord>, StoreError> {
        let columns = stored::columns(EventType::Step, "e");
        let mut found = Vec::new();
        for copies in [true, false] {
            let wanted = || {
                of.iter()
                    .filter(|wanted| wanted.received.is_none() == copies)
            };
            let hashes: Vec<u64> = wanted().map(|wanted| wanted.whose.1.0).collect();
            if hashes.is_empty() {
                continue;
            }
            let received = wanted().filter_map(|wanted| wanted.received).min();
            let which = match received {
                None => "e.copied".to_owned(),
                Some(since) => format!("e.copied IS NOT TRUE AND e.received >= {}", since.0),
            };
            let hashes = self.hashes(hashes.into_iter())?;
            let sql = format!(
                "SELECT {columns} FROM steps AS e WHERE {which} AND e.execution IN ({hashes})"
            );
            for batch in self.read(&sql, Vec::new())? {
                found.extend(stored::records(EventType::Step, &batch));
            }
        }
        let of: FxHashSet<Whose> = of.iter().map(|wanted| wanted.whose).collect();
        found.retain(|record| of.contains(&(record.scope, record.belongs.hash)));
        Ok(found)
    }
}

/// Started and waiting events without a later end, for the memory of open executions, and whether
/// no earlier event matters to each.
pub(crate) fn open_events(
    connection: &Connection,
    rules: Rules,
    mut found: impl FnMut(Scope, Told, bool),
) -> Result<(), StoreError> {
    let columns = stored::columns(EventType::Execution, "n");
    let skew = rules.skew;
    let ends =
        "SELECT 1 FROM executions AS e WHERE e.project = n.project AND e.execution = n.execution
        AND e.execution_id = n.execution_id AND e.status NOT IN ('started', 'waiting')";
    let sql = format!(
        "SELECT {columns}, NOT EXISTS ({ends} AND e.timestamp >= n.timestamp - {skew}) AS alone
         FROM executions AS n
         WHERE n.status IN ('started', 'waiting') AND NOT EXISTS ({ends}
            AND comes_after(e.timestamp, e.id, e.own, n.timestamp, n.id, n.own))"
    );
    let mut statement = connection.prepare(&sql).context("read open executions")?;
    for batch in statement.query_arrow([]).context("read open executions")? {
        let alone = batch.column(batch.num_columns() - 1).as_boolean().clone();
        for (row, (scope, told)) in stored::executions(&batch).enumerate() {
            found(scope, told, alone.value(row));
        }
    }
    Ok(())
}
