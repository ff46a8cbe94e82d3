//! Re-places every stored event after an earlier version stored them by other rules, or the rules were
//! reconfigured. The result equals folding the events in any order, so it can be repeated
//! after a crash.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use duckdb::{Connection, params};
use rustc_hash::FxHashMap;
use weir_model::{Event, EventType, Scope};
use weir_store::{
    StoreError,
    fold::{Rules, Sighting, Sightings, Told, Whose, key, place, place_record},
};

use crate::{
    arrays::Columns,
    directory::Directory,
    error::Context,
    placing, raw,
    retries::Retries,
    stored,
    tables::{fill_temporary, in_transaction},
};

/// Increment it when the placement of events changes.
const VERSION: u32 = 3;
/// The number of rows processed together.
const PART: u64 = 400_000;

fn name_of(rules: Rules) -> String {
    format!("{VERSION}, clock skew {} ms", rules.skew)
}

/// Whether stored events were placed by these rules.
pub(crate) fn is_placed(connection: &Connection, rules: Rules) -> Result<bool, StoreError> {
    let same: i64 = connection
        .query_row(
            "SELECT count(*) FROM placed_by WHERE rules = ?",
            params![name_of(rules)],
            |row| row.get(0),
        )
        .context("read the rules of placing")?;
    Ok(same > 0)
}

/// Records that stored events are placed by these rules.
pub(crate) fn note(connection: &Connection, rules: Rules) -> Result<(), StoreError> {
    in_transaction(connection, || {
        connection
            .execute_batch("DELETE FROM placed_by")
            .context("note the rules of placing")?;
        connection
            .execute("INSERT INTO placed_by VALUES (?)", params![name_of(rules)])
            .context("note the rules of placing")?;
        Ok(())
    })
}

/// Places every stored event by the rules. The cubes have to be rebuilt afterwards.
pub(crate) fn place_all(
    connection: &Connection,
    directory: &mut Directory,
    rules: Rules,
    sequence: u64,
) -> Result<(), StoreError> {
    in_transaction(connection, || note_environments(connection))?;
    directory.load_workflows(connection)?;
    for part in parts(connection, EventType::Execution)? {
        in_transaction(connection, || place_executions(connection, &part, rules))?;
    }
    let retries = Retries::load(connection)?;
    for event_type in stored::RECORDS {
        for part in parts(connection, event_type)? {
            in_transaction(connection, || {
                let known = Copies {
                    retries: &retries,
                    rules,
                };
                place_records(connection, &known, event_type, &part, sequence)
            })?;
        }
    }
    Ok(())
}

fn note_environments(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "DELETE FROM workflow_environments;
             INSERT INTO workflow_environments SELECT DISTINCT tenant, project, workflow,
                said_itself(own, '$.environment', environment)
             FROM executions WHERE workflow IS NOT NULL",
        )
        .context("note environments of workflows")
}

/// Conditions that split a table into parts, each with all events of its executions.
fn parts(connection: &Connection, event_type: EventType) -> Result<Vec<String>, StoreError> {
    let sql = format!("SELECT count(*) FROM {}", raw::table(event_type));
    let rows: i64 = connection
        .query_row(&sql, [], |row| row.get(0))
        .context("count stored events")?;
    let parts = (rows as u64).div_ceil(PART);
    let part = |number| format!("hash(execution_id) % {parts} = {number}");
    Ok((0..parts).map(part).collect())
}

fn read(connection: &Connection, sql: &str) -> Result<Vec<RecordBatch>, StoreError> {
    let mut statement = connection.prepare(sql).context("read stored events")?;
    Ok(statement
        .query_arrow([])
        .context("read stored events")?
        .collect())
}

fn place_executions(connection: &Connection, part: &str, rules: Rules) -> Result<(), StoreError> {
    let columns = stored::columns(EventType::Execution, "e");
    let sql = format!("SELECT {columns} FROM executions AS e WHERE {part}");
    let mut groups: FxHashMap<u64, (Scope, Vec<Told>)> = FxHashMap::default();
    for batch in read(connection, &sql)? {
        for (scope, told) in stored::executions(&batch) {
            let workflow = told.event.workflow_id.as_deref().unwrap_or_default();
            let key = key(
                scope,
                workflow,
                told.event.execution_id().unwrap_or_default(),
            );
            let group = groups.entry(key).or_insert_with(|| (scope, Vec::new()));
            group.1.push(told);
        }
    }
    let (mut simple, mut others) = (Vec::new(), Vec::new());
    for (scope, told) in groups.into_values() {
        match told.len() {
            1 => simple.extend(place(scope, &told, rules)),
            _ => others.extend(place(scope, &told, rules)),
        }
    }
    // An execution with a single event only gets its identity.
    let mut columns = Columns::default();
    columns.number("row", simple.iter().map(|change| Some(change.row)));
    let execution = simple
        .iter()
        .map(|c| c.placement.execution.map(|hash| hash.0));
    columns.unsigned("execution", execution);
    let links = simple.iter().map(|change| (change.scope, &change.event));
    raw::links(&mut columns, links);
    let declaration =
        "row BIGINT, execution UBIGINT, retried UBIGINT, parent UBIGINT, parent_workflow VARCHAR";
    fill_temporary(connection, "identified", declaration, columns)?;
    connection
        .execute_batch(
            "UPDATE executions AS t SET execution = i.execution, retried = i.retried, parent = i.parent
             FROM identified AS i WHERE t.rowid = i.row",
        )
        .context("identify stored executions")?;
    placing::write(connection, &others, 0)
}

/// What placing records needs to know about executions.
struct Copies<'a> {
    retries: &'a Retries,
    rules: Rules,
}

impl Copies<'_> {
    fn is_copy(&self, whose: Whose, step: &Event) -> bool {
        let life = self.retries.get(whose);
        life.is_some_and(|life| life.is_copy(step, self.rules))
    }
}

fn place_records(
    connection: &Connection,
    known: &Copies<'_>,
    event_type: EventType,
    part: &str,
    sequence: u64,
) -> Result<(), StoreError> {
    let table = raw::table(event_type);
    let columns = stored::columns(EventType::Execution, "e");
    let named = format!("SELECT execution_id FROM {table} WHERE {part}");
    let sql =
        format!("SELECT {columns} FROM executions AS e WHERE {part} AND execution_id IN ({named})");
    let mut sightings: BTreeMap<(Scope, String), Vec<Sighting>> = BTreeMap::new();
    for batch in read(connection, &sql)? {
        for (scope, name, _, sighting) in stored::sightings(&batch) {
            sightings.entry((scope, name)).or_default().push(sighting);
        }
    }
    let each = sightings.into_iter();
    let sightings: BTreeMap<_, Sightings> = each
        .map(|(name, seen)| (name, seen.into_iter().collect()))
        .collect();
    let none = Sightings::default();
    let columns = stored::columns(event_type, "r");
    let sql =
        format!("SELECT {columns} FROM {table} AS r WHERE {part} AND execution_id IS NOT NULL");
    let mut changes = Vec::new();
    for batch in read(connection, &sql)? {
        for record in stored::records(event_type, &batch) {
            let name = record.event.execution_id().unwrap_or_default().to_owned();
            let seen = sightings.get(&(record.scope, name)).unwrap_or(&none);
            let is_copy = |whose, step: &Event| known.is_copy(whose, step);
            changes.push(place_record(record, seen, is_copy));
        }
    }
    placing::write(connection, &changes, sequence)
}
