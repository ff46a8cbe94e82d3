//! Keys of stored errors, given anew.

use arrow::array::{Array, AsArray, RecordBatch};
use duckdb::{Connection, params};
use weir_model::{
    ErrorKey, Scope, TimeRange,
    cube::{CUBES, Family},
    time::Retention,
};
use weir_store::{ErrorKeying, Rekeyed, StoreError};

use crate::{
    arrays::Columns,
    commit::{Writer, fill_temporary},
    error::Context,
    maintenance::{in_transaction, rebuild_within},
};

/// A table with errors, and the condition by which its rows are errors.
const EXECUTIONS: (&str, &str) = ("executions", "status IN ('failed', 'crashed')");
const STEPS: (&str, &str) = ("steps", "status = 'failed'");

/// Errors of a kind whose key is another one now.
struct Change {
    error_type: Option<String>,
    message: Option<String>,
    key: ErrorKey,
}

impl Writer {
    /// Gives every stored error of a project its key anew, in one transaction.
    pub(crate) fn rekey_errors(
        &mut self,
        scope: Scope,
        keying: &dyn ErrorKeying,
        retention: Retention,
    ) -> Result<Rekeyed, StoreError> {
        self.rollups.flush_now()?;
        let executions = changes(&self.connection, EXECUTIONS, scope, keying)?;
        let steps = changes(&self.connection, STEPS, scope, keying)?;
        if executions.is_empty() && steps.is_empty() {
            return Ok(Rekeyed::default());
        }
        let sequence = self.sequence + 1;
        let now = self.expiry.horizon();
        let connection = &self.connection;
        let rekeyed = in_transaction(connection, || {
            fill(connection, &executions)?;
            let touched = touched(connection, EXECUTIONS, scope)?;
            let executions = update(connection, EXECUTIONS, scope)?;
            if let Some(range) = touched {
                let cubes: Vec<_> = CUBES
                    .iter()
                    .filter(|c| c.family == Family::Errors)
                    .collect();
                rebuild_within(connection, &cubes, scope, range, retention, now)?;
            }
            // No cube holds the keys of steps.
            fill(connection, &steps)?;
            let steps = update(connection, STEPS, scope)?;
            record(connection, scope, sequence)?;
            Ok(Rekeyed { executions, steps })
        })?;
        self.sequence = sequence;
        self.directory.write().add_change(scope, sequence);
        Ok(rekeyed)
    }
}

fn condition((_, errors): (&str, &str), scope: Scope) -> String {
    let (tenant, project) = (scope.tenant.0, scope.project.0);
    format!("t.tenant = {tenant} AND t.project = {project} AND t.{errors}")
}

/// What is stored under another key than it is to have.
fn changes(
    connection: &Connection,
    of: (&str, &str),
    scope: Scope,
    keying: &dyn ErrorKeying,
) -> Result<Vec<Change>, StoreError> {
    let sql = format!(
        "SELECT error_type, error_message, list(DISTINCT coalesce(error_group, '') || ' ' || coalesce(error_class, ''))
         FROM {} AS t WHERE {} GROUP BY error_type, error_message",
        of.0,
        condition(of, scope)
    );
    let mut statement = connection.prepare(&sql).context("read stored errors")?;
    let batches = statement.query_arrow([]).context("read stored errors")?;
    let mut changes = Vec::new();
    for batch in batches {
        collect(&batch, keying, &mut changes);
    }
    Ok(changes)
}

fn collect(batch: &RecordBatch, keying: &dyn ErrorKeying, into: &mut Vec<Change>) {
    let text = |column: usize, row: usize| {
        let values = batch.column(column).as_string::<i32>();
        values.is_valid(row).then(|| values.value(row))
    };
    let held = batch.column(2).as_list::<i32>();
    for row in 0..batch.num_rows() {
        let (error_type, message) = (text(0, row), text(1, row));
        let key = keying.key(error_type, message);
        let due = format!("{} {}", key.group, key.class.name());
        let held = held.value(row);
        if !held
            .as_string::<i32>()
            .iter()
            .all(|held| held == Some(due.as_str()))
        {
            into.push(Change {
                error_type: error_type.map(str::to_owned),
                message: message.map(str::to_owned),
                key,
            });
        }
    }
}

/// Puts the changes into a temporary table.
fn fill(connection: &Connection, changes: &[Change]) -> Result<(), StoreError> {
    let declaration =
        "error_type VARCHAR, error_message VARCHAR, error_group VARCHAR, error_class VARCHAR";
    let mut columns = Columns::default();
    columns.text(
        "error_type",
        changes.iter().map(|c| c.error_type.as_deref()),
    );
    columns.text(
        "error_message",
        changes.iter().map(|c| c.message.as_deref()),
    );
    columns.text("error_group", changes.iter().map(|c| Some(&*c.key.group)));
    columns.text(
        "error_class",
        changes.iter().map(|c| Some(c.key.class.name())),
    );
    fill_temporary(connection, "rekeyed", declaration, columns)
}

const SAME_ERROR: &str = "t.error_type IS NOT DISTINCT FROM r.error_type AND t.error_message IS NOT DISTINCT FROM r.error_message";

/// The time of the rows that change.
fn touched(
    connection: &Connection,
    of: (&str, &str),
    scope: Scope,
) -> Result<Option<TimeRange>, StoreError> {
    let sql = format!(
        "SELECT min(t.timestamp), max(t.timestamp) FROM {} AS t JOIN rekeyed AS r ON {SAME_ERROR} WHERE {}",
        of.0,
        condition(of, scope)
    );
    let (from, to): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .context("find the time of errors")?;
    Ok(from.zip(to).map(|(from, to)| TimeRange::new(from, to + 1)))
}

fn update(connection: &Connection, of: (&str, &str), scope: Scope) -> Result<u64, StoreError> {
    let sql = format!(
        "UPDATE {} AS t SET error_group = r.error_group, error_class = r.error_class FROM rekeyed AS r
         WHERE {SAME_ERROR} AND {} AND (t.error_group IS DISTINCT FROM r.error_group
            OR t.error_class IS DISTINCT FROM r.error_class)",
        of.0,
        condition(of, scope)
    );
    let updated = connection
        .execute(&sql, [])
        .context("give errors their keys")?;
    Ok(updated as u64)
}

fn record(connection: &Connection, scope: Scope, sequence: u64) -> Result<(), StoreError> {
    let insert = "INSERT INTO changes VALUES (?, ?, ?)";
    connection
        .execute(
            insert,
            params![scope.tenant.0, scope.project.0, sequence as i64],
        )
        .context("record the change")?;
    Ok(())
}
