//! What was committed before: ids for dedup, and the other events of an execution.

use std::sync::Arc;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int32Type, Int64Type, UInt64Type},
};
use duckdb::{Connection, params_from_iter, types::Value};
use parking_lot::RwLock;
use rustc_hash::FxHashSet;
use weir_model::{
    Event, EventKind, EventType, ProjectKey, Scope, Status, Timestamp, event::ExecutionEvent,
};
use weir_store::{
    StoreError,
    fold::{ExecutionKey, History, StoredTerminal},
};

use crate::{
    arrays::Columns,
    commit::{execution_hash, fill_temporary},
    directory::Directory,
    error::Context,
    raw,
    recent::Recent,
};

/// The most keys that a look-up carries in its text; more go through a table.
const INLINE: usize = 256;

/// Looks things up on the writer's connection, outside of its transaction.
pub(crate) struct Committed<'a> {
    pub connection: &'a Connection,
    pub directory: &'a RwLock<Directory>,
    pub recent: &'a Recent,
}

/// The ids of one type and project that a batch brings, and the time they lie in.
pub(crate) struct Probe<'a> {
    pub scope: Scope,
    pub event_type: EventType,
    pub from: Timestamp,
    pub to: Timestamp,
    pub ids: Vec<(u64, &'a str)>,
}

impl Committed<'_> {
    /// Which of the ids are stored already, within the time that the batch spans.
    ///
    /// Hashes are compared first: they are read without touching the ids, and zone maps skip all
    /// rows of other times. Only rows whose hash is met have their ids read.
    pub(crate) fn stored_ids(&self, probe: &Probe) -> Result<FxHashSet<String>, StoreError> {
        let rows = format!(
            "FROM {} WHERE tenant = {} AND project = {} AND timestamp BETWEEN {} AND {} AND id_hash IN",
            raw::table(probe.event_type),
            probe.scope.tenant.0,
            probe.scope.project.0,
            probe.from.0,
            probe.to.0,
        );
        let hashes = self.hashes(probe.ids.iter().map(|(hash, _)| *hash))?;
        let met = self.read(&format!("SELECT id_hash {rows} ({hashes})"), Vec::new())?;
        let met: Vec<u64> = met
            .iter()
            .flat_map(|batch| {
                let hashes = batch.column(0).as_primitive::<UInt64Type>();
                hashes.values().iter().copied()
            })
            .collect();
        if met.is_empty() {
            return Ok(FxHashSet::default());
        }
        let hashes = self.hashes(met.into_iter())?;
        let ids = self.read(&format!("SELECT id {rows} ({hashes})"), Vec::new())?;
        Ok(ids
            .iter()
            .flat_map(|batch| texts(batch, 0))
            .flatten()
            .collect())
    }

    /// Hashes as the inside of an IN: numbers where they are few, else a table.
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

    /// Executions to look for as something to select from, with its parameters: values where they are
    /// few, else a table.
    fn executions(
        &self,
        of: &[(Scope, String, Timestamp)],
    ) -> Result<(String, Vec<Value>), StoreError> {
        if of.len() <= INLINE {
            let rows = vec!["(?::INTEGER, ?, ?::BIGINT)"; of.len()].join(", ");
            let values = of.iter().flat_map(|(scope, id, moment)| {
                [
                    Value::Int(scope.project.0),
                    Value::Text(id.clone()),
                    Value::BigInt(moment.0),
                ]
            });
            let source = format!("(VALUES {rows}) AS p(project, execution_id, moment)");
            return Ok((source, values.collect()));
        }
        let mut columns = Columns::default();
        columns.key("project", of.iter().map(|(scope, _, _)| scope.project.0));
        let ids = of.iter().map(|(_, id, _)| Some(id.as_str()));
        columns.text("execution_id", ids);
        columns.number("moment", of.iter().map(|(_, _, moment)| Some(moment.0)));
        self.fill_probe(
            columns,
            "project INTEGER, execution_id VARCHAR, moment BIGINT",
        )?;
        Ok(("probe AS p".to_owned(), Vec::new()))
    }

    fn read(&self, sql: &str, values: Vec<Value>) -> Result<Vec<RecordBatch>, StoreError> {
        read(self.connection, sql, values)
    }
}

fn read(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<RecordBatch>, StoreError> {
    let mut statement = connection.prepare(sql).context("prepare a look-up")?;
    Ok(statement
        .query_arrow(params_from_iter(values))
        .context("look up stored events")?
        .collect())
}

impl History for Committed<'_> {
    type Error = StoreError;

    fn terminals(
        &mut self,
        of: &[(Scope, String, Timestamp)],
    ) -> Result<Vec<(ExecutionKey, StoredTerminal)>, StoreError> {
        let possible = of.iter().filter(|(scope, id, moment)| {
            let hash = execution_hash(scope.project, id);
            self.recent.may_hold(hash, moment.0)
        });
        let of: Vec<_> = possible.cloned().collect();
        let Some(earliest) = of.iter().map(|(_, _, at)| at.0).min() else {
            return Ok(Vec::new());
        };
        let (asked, values) = self.executions(&of)?;
        let sql = format!(
            "SELECT e.project, e.execution_id, e.id, e.timestamp, e.status, e.environment, e.workflow, e.version,
                    e.trigger_type, e.duration, e.duration_given
             FROM executions AS e JOIN {asked} ON e.project = p.project AND e.execution_id = p.execution_id
             WHERE e.timestamp >= {earliest} AND e.timestamp >= p.moment AND e.status NOT IN ('started', 'waiting')"
        );
        let batches = self.read(&sql, values)?;
        Ok(batches.iter().flat_map(terminals_of).collect())
    }

    fn starts(
        &mut self,
        of: &[(Scope, String, Timestamp)],
    ) -> Result<Vec<(ExecutionKey, Timestamp)>, StoreError> {
        let directory = self.directory.read();
        let worthwhile = of
            .iter()
            .filter(|(scope, _, _)| directory.has_starts(*scope));
        let of: Vec<_> = worthwhile.cloned().collect();
        drop(directory);
        let Some(latest) = of.iter().map(|(_, _, at)| at.0).max() else {
            return Ok(Vec::new());
        };
        let (asked, values) = self.executions(&of)?;
        let sql = format!(
            "SELECT e.project, e.execution_id, e.timestamp
             FROM executions AS e JOIN {asked} ON e.project = p.project AND e.execution_id = p.execution_id
             WHERE e.timestamp <= {latest} AND e.timestamp <= p.moment AND e.status = 'started'"
        );
        let batches = self.read(&sql, values)?;
        Ok(batches.iter().flat_map(starts_of).collect())
    }
}

/// Started and waiting events that nothing supersedes, for the memory of open executions.
pub(crate) fn open_events(connection: &Connection) -> Result<Vec<(Scope, Event)>, StoreError> {
    let batches = read(
        connection,
        "SELECT project, execution_id, id, timestamp, status, environment, workflow, version, trigger_type, tenant
         FROM executions AS n
         WHERE status IN ('started', 'waiting') AND NOT EXISTS (
            SELECT 1 FROM executions AS e
            WHERE e.project = n.project AND e.execution_id = n.execution_id
                AND e.timestamp >= n.timestamp AND e.status NOT IN ('started', 'waiting'))",
        Vec::new(),
    )?;
    Ok(batches.iter().flat_map(open_of).collect())
}

fn open_of(batch: &RecordBatch) -> Vec<(Scope, Event)> {
    let tenants = batch.column(9).as_primitive::<Int32Type>();
    let rows = (0..batch.num_rows()).zip(events_of(batch));
    rows.map(|(row, ((project, _), event))| (Scope::new(tenants.value(row), project.0), event))
        .collect()
}

fn terminals_of(batch: &RecordBatch) -> Vec<(ExecutionKey, StoredTerminal)> {
    let durations = batch.column(9).as_primitive::<Int64Type>();
    let given = batch.column(10).as_boolean();
    let rows = (0..batch.num_rows()).zip(events_of(batch));
    rows.map(|(row, (key, event))| {
        let stored = StoredTerminal {
            event,
            duration: durations.is_valid(row).then(|| durations.value(row)),
            given: given.value(row),
        };
        (key, stored)
    })
    .collect()
}

fn starts_of(batch: &RecordBatch) -> Vec<(ExecutionKey, Timestamp)> {
    let times = batch.column(2).as_primitive::<Int64Type>();
    let rows = keys_of(batch).into_iter().zip(times.values());
    rows.map(|(key, &time)| (key, Timestamp(time))).collect()
}

fn keys_of(batch: &RecordBatch) -> Vec<ExecutionKey> {
    let projects = batch.column(0).as_primitive::<Int32Type>();
    let ids = batch.column(1).as_string::<i32>();
    (0..batch.num_rows())
        .map(|row| (ProjectKey(projects.value(row)), ids.value(row).to_owned()))
        .collect()
}

fn texts(batch: &RecordBatch, column: usize) -> impl Iterator<Item = Option<String>> + '_ {
    let values = batch.column(column).as_string::<i32>();
    values.iter().map(|value| value.map(str::to_owned))
}

/// Rows of project, execution id, id, time, status and the dimensions of the executions cubes.
fn events_of(batch: &RecordBatch) -> Vec<(ExecutionKey, Event)> {
    let text = |column: usize, row: usize| {
        let values = batch.column(column).as_string::<i32>();
        values.is_valid(row).then(|| values.value(row).to_owned())
    };
    let times = batch.column(3).as_primitive::<Int64Type>();
    let keys = keys_of(batch).into_iter().enumerate();
    keys.map(|(row, key)| {
        let execution = ExecutionEvent {
            execution_id: key.1.clone(),
            status: text(4, row)
                .and_then(|word| Status::from_name(&word))
                .unwrap_or(Status::Started),
            duration: None,
            trigger_id: None,
            trigger_type: text(8, row),
            step_count: None,
            error_type: None,
            error_message: None,
            error_key: None,
            error_step: None,
            retry_of: None,
            parent_execution_id: None,
            subject_id: None,
        };
        let event = Event {
            id: text(2, row).unwrap_or_default(),
            timestamp: Timestamp(times.value(row)),
            source: Arc::from(""),
            environment: text(5, row),
            workflow_id: text(6, row),
            workflow_name: None,
            workflow_version: text(7, row),
            user_id: None,
            metadata: None,
            kind: EventKind::Execution(execution),
        };
        (key, event)
    })
    .collect()
}
