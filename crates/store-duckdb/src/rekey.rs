//! Recomputes the keys of stored errors.

use arrow::array::{Array, AsArray, RecordBatch};
use duckdb::{Connection, params};
use weir_model::{
    ErrorKey, Scope, SeenError, TimeRange,
    cube::{CUBES, Family},
    time::Retention,
};
use weir_store::{ErrorKeying, Rekeyed, StoreError};

use crate::{
    arrays::Columns,
    commit::Writer,
    error::Context,
    maintenance::rebuild_within,
    tables::{fill_temporary, in_transaction},
};

/// A table with errors.
#[derive(Clone, Copy)]
struct Errors {
    table: &'static str,
    /// The condition by which its rows are errors.
    condition: &'static str,
    /// The column of the step that failed.
    step: &'static str,
}

const EXECUTIONS: Errors = Errors {
    table: "executions",
    condition: "status IN ('failed', 'crashed')",
    step: "error_step",
};
const STEPS: Errors = Errors {
    table: "steps",
    condition: "status = 'failed'",
    step: "step",
};

/// An error, identified by everything that a keying uses.
struct Kind {
    error_type: Option<String>,
    message: Option<String>,
    step: Option<String>,
    workflow: Option<String>,
    /// The keys under which it is stored, as `group class`.
    held: Vec<Option<String>>,
}

/// Errors of a kind whose key has changed.
struct Change {
    kind: Kind,
    key: ErrorKey,
}

impl Writer {
    /// Recomputes the key of every stored error of a project, in one transaction.
    pub(crate) fn rekey_errors(
        &mut self,
        scope: Scope,
        keying: &dyn ErrorKeying,
        retention: Retention,
    ) -> Result<Rekeyed, StoreError> {
        self.rollups.flush_now()?;
        let executions = self.changes(EXECUTIONS, scope, keying)?;
        let steps = self.changes(STEPS, scope, keying)?;
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

    /// The errors that are stored under an outdated key.
    fn changes(
        &self,
        of: Errors,
        scope: Scope,
        keying: &dyn ErrorKeying,
    ) -> Result<Vec<Change>, StoreError> {
        let sql = format!(
            "SELECT error_type, error_message, {}, workflow,
                list(DISTINCT coalesce(error_group, '') || ' ' || coalesce(error_class, ''))
             FROM {} AS t WHERE {} GROUP BY 1, 2, 3, 4",
            of.step,
            of.table,
            condition(of, scope)
        );
        let mut statement = self
            .connection
            .prepare(&sql)
            .context("read stored errors")?;
        let batches = statement.query_arrow([]).context("read stored errors")?;
        let mut changes = Vec::new();
        for batch in batches {
            let kinds = kinds(&batch);
            let steps = kinds.iter().filter_map(|kind| kind.step.clone());
            let workflows = kinds.iter().filter_map(|kind| kind.workflow.clone());
            let (steps, workflows) = (steps.collect(), workflows.collect());
            let known = self.directory.read().known(scope, &steps, &workflows);
            changes.extend(kinds.into_iter().filter_map(|kind| {
                let told = SeenError::told(kind.error_type.as_deref(), kind.message.as_deref());
                let seen = known.seen(told, kind.step.as_deref(), kind.workflow.as_deref());
                let key = keying.key(&seen);
                let due = format!("{} {}", key.group, key.class.name());
                let stays = kind.held.iter().all(|held| held.as_ref() == Some(&due));
                (!stays).then_some(Change { kind, key })
            }));
        }
        Ok(changes)
    }
}

fn condition(of: Errors, scope: Scope) -> String {
    let (tenant, project) = (scope.tenant.0, scope.project.0);
    format!(
        "t.tenant = {tenant} AND t.project = {project} AND t.{}",
        of.condition
    )
}

/// The kinds of errors in a batch.
fn kinds(batch: &RecordBatch) -> Vec<Kind> {
    let text = |column: usize, row: usize| {
        let values = batch.column(column).as_string::<i32>();
        values.is_valid(row).then(|| values.value(row).to_owned())
    };
    let held = batch.column(4).as_list::<i32>();
    let kind = |row: usize| {
        let held = held.value(row);
        let held = held.as_string::<i32>().iter();
        Kind {
            error_type: text(0, row),
            message: text(1, row),
            step: text(2, row),
            workflow: text(3, row),
            held: held.map(|key| key.map(str::to_owned)).collect(),
        }
    };
    (0..batch.num_rows()).map(kind).collect()
}

/// Writes the changes to a temporary table.
fn fill(connection: &Connection, changes: &[Change]) -> Result<(), StoreError> {
    let declaration = "error_type VARCHAR, error_message VARCHAR, step VARCHAR, workflow VARCHAR,
        error_group VARCHAR, error_class VARCHAR";
    let mut columns = Columns::default();
    let mut text = |name, of: fn(&Kind) -> Option<&str>| {
        columns.text(name, changes.iter().map(|change| of(&change.kind)));
    };
    text("error_type", |kind| kind.error_type.as_deref());
    text("error_message", |kind| kind.message.as_deref());
    text("step", |kind| kind.step.as_deref());
    text("workflow", |kind| kind.workflow.as_deref());
    columns.text("error_group", changes.iter().map(|c| Some(&*c.key.group)));
    columns.text(
        "error_class",
        changes.iter().map(|c| Some(c.key.class.name())),
    );
    fill_temporary(connection, "rekeyed", declaration, columns)
}

fn same_error(of: Errors) -> String {
    format!(
        "t.error_type IS NOT DISTINCT FROM r.error_type
         AND t.error_message IS NOT DISTINCT FROM r.error_message
         AND t.{} IS NOT DISTINCT FROM r.step AND t.workflow IS NOT DISTINCT FROM r.workflow",
        of.step
    )
}

/// The time range of the rows that change.
fn touched(
    connection: &Connection,
    of: Errors,
    scope: Scope,
) -> Result<Option<TimeRange>, StoreError> {
    let sql = format!(
        "SELECT min(t.timestamp), max(t.timestamp) FROM {} AS t JOIN rekeyed AS r ON {} WHERE {}",
        of.table,
        same_error(of),
        condition(of, scope)
    );
    let (from, to): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .context("find the time of errors")?;
    Ok(from.zip(to).map(|(from, to)| TimeRange::new(from, to + 1)))
}

fn update(connection: &Connection, of: Errors, scope: Scope) -> Result<u64, StoreError> {
    let sql = format!(
        "UPDATE {} AS t SET error_group = r.error_group, error_class = r.error_class FROM rekeyed AS r
         WHERE {} AND {} AND (t.error_group IS DISTINCT FROM r.error_group
            OR t.error_class IS DISTINCT FROM r.error_class)",
        of.table,
        same_error(of),
        condition(of, scope)
    );
    let updated = connection.execute(&sql, []).context("rekey errors")?;
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
