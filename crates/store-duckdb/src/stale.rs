//! Executions that have been open for too long: they leave their state and count as stale, until
//! another event of theirs arrives.

use arrow::{array::AsArray, datatypes::Int64Type};
use duckdb::Connection;
use weir_model::{Scope, Timestamp, time::Retention};
use weir_store::{StaleRule, StoreError, facts, fold::Told, fold::key, partials::PartialBuilder};

use crate::{commit::Writer, error::Context, rollups, stored, tables::in_transaction};

/// Executions that become stale in one transaction.
const AT_ONCE: usize = 20_000;

/// The rows of executions that have been open for too long and do not count as stale yet.
pub(crate) fn overdue(
    connection: &Connection,
    rule: StaleRule,
    skew: i64,
    now: Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let (least, otherwise) = (rule.least, rule.otherwise);
    let longest = match rule.after {
        Some(after) => format!("{after}"),
        None => format!(
            "greatest({least}, coalesce((SELECT max(d.duration) FROM executions AS d WHERE d.tenant = o.tenant
                AND d.project = o.project AND d.workflow = o.workflow AND d.superseded IS NOT TRUE
                AND d.status NOT IN ('started', 'waiting')), {otherwise}))"
        ),
    };
    let newest = now.0 - rule.after.unwrap_or(least);
    let sql = format!(
        "WITH o AS (SELECT rowid AS row, n.* FROM executions AS n
            WHERE status IN ('started', 'waiting') AND stale IS NULL AND timestamp < {newest}
            AND NOT EXISTS (SELECT 1 FROM executions AS e WHERE e.tenant = n.tenant AND e.project = n.project
                AND e.execution = n.execution AND e.execution_id = n.execution_id
                AND (comes_after(e.timestamp, e.id, e.own, n.timestamp, n.id, n.own)
                    OR (e.status NOT IN ('started', 'waiting') AND e.timestamp >= n.timestamp - {skew}))))
         SELECT row FROM o WHERE timestamp < {} - {longest} ORDER BY timestamp LIMIT {AT_ONCE}",
        now.0
    );
    let mut statement = connection.prepare(&sql).context("find stale executions")?;
    let batches = statement.query_arrow([]).context("find stale executions")?;
    Ok(batches
        .flat_map(|batch| {
            batch
                .column(0)
                .as_primitive::<Int64Type>()
                .values()
                .to_vec()
        })
        .collect())
}

impl Writer {
    /// Marks rows as stale that still count as open: raw rows and cubes in one transaction. Returns how
    /// many.
    pub(crate) fn mark_stale(
        &mut self,
        rows: &[i64],
        retention: Retention,
    ) -> Result<u64, StoreError> {
        self.rollups.flush_now()?;
        let found = self.still_open(rows)?;
        if found.is_empty() {
            return Ok(0);
        }
        let sequence = self.sequence + 1;
        let mut partials = PartialBuilder::new(retention, self.expiry.horizon());
        for (scope, told) in &found {
            for (stale, weight) in [(false, -1), (true, 1)] {
                facts::run(*scope, &told.event, None, stale, weight, |fact| {
                    partials.add(&fact)
                });
            }
        }
        let numbers: Vec<String> = found
            .iter()
            .filter_map(|(_, told)| told.row)
            .map(|row| row.to_string())
            .collect();
        let mut scopes: Vec<Scope> = found.iter().map(|(scope, _)| *scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let connection = &self.connection;
        in_transaction(connection, || {
            let sql = format!(
                "UPDATE executions SET stale = true, sequence = {sequence} WHERE rowid IN ({})",
                numbers.join(", ")
            );
            connection
                .execute_batch(&sql)
                .context("mark stale executions")?;
            rollups::write(connection, &mut partials, None)?;
            for scope in &scopes {
                let (tenant, project) = (scope.tenant.0, scope.project.0);
                let sql = format!("INSERT INTO changes VALUES ({tenant}, {project}, {sequence})");
                connection
                    .execute_batch(&sql)
                    .context("note stale executions")?;
            }
            rollups::record(connection, sequence)
        })?;
        self.sequence = sequence;
        for (scope, told) in &found {
            let workflow = told.event.workflow_id.as_deref().unwrap_or_default();
            let name = told.event.execution_id().unwrap_or_default();
            self.open.mark_stale(key(*scope, workflow, name));
        }
        let mut directory = self.directory.write();
        scopes
            .into_iter()
            .for_each(|scope| directory.add_change(scope, sequence));
        Ok(found.len() as u64)
    }

    /// The rows that are still open: events may have arrived since they were found.
    fn still_open(&self, rows: &[i64]) -> Result<Vec<(Scope, Told)>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<String> = rows.iter().map(i64::to_string).collect();
        let skew = self.rules.skew;
        let columns = stored::columns(weir_model::EventType::Execution, "n");
        let sql = format!(
            "SELECT {columns} FROM executions AS n WHERE rowid IN ({}) AND stale IS NULL
                AND NOT EXISTS (SELECT 1 FROM executions AS e WHERE e.tenant = n.tenant AND e.project = n.project
                    AND e.execution = n.execution AND e.execution_id = n.execution_id
                    AND (comes_after(e.timestamp, e.id, e.own, n.timestamp, n.id, n.own)
                        OR (e.status NOT IN ('started', 'waiting') AND e.timestamp >= n.timestamp - {skew})))",
            numbers.join(", ")
        );
        let mut statement = self
            .connection
            .prepare(&sql)
            .context("read stale executions")?;
        let batches = statement.query_arrow([]).context("read stale executions")?;
        Ok(batches
            .flat_map(|batch| stored::counted(&batch).collect::<Vec<_>>())
            .collect())
    }
}
