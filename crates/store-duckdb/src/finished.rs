//! Finished executions in the order of commits.
//!
//! Rows are stored in the order of commits, so zone maps skip all but the requested commits. A
//! reader that is far behind gets a range of commits at a time: sorting everything that remains
//! would make every page expensive.

use std::sync::Arc;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int32Type, Int64Type},
};
use weir_model::{ProjectKey, Scope, Status, Timestamp};
use weir_query::{Parameter, Statement};
use weir_store::{Finished, FinishedPage, Position, StoreError};

use crate::read::Readers;

/// The number of commits in the first range; each further one is twice as long.
const STRETCH: u64 = 64;

/// At most `limit` executions after a position; `last` is the last commit.
pub(crate) async fn page(
    readers: &Arc<Readers>,
    scopes: &[Scope],
    after: Position,
    last: u64,
    limit: usize,
) -> Result<FinishedPage, StoreError> {
    let mut rows: Vec<Finished> = Vec::new();
    let mut from = after;
    let mut stretch = STRETCH;
    // One more than requested shows whether the last one ends its commit.
    while from.sequence < last && rows.len() <= limit {
        let to = last.min(from.sequence.saturating_add(stretch));
        let wanted = limit + 1 - rows.len();
        let batches = readers.read(statement(scopes, from, to, wanted)).await?;
        rows.extend(batches.iter().flat_map(finished));
        from = Position::after(to);
        stretch = stretch.saturating_mul(2);
    }
    Ok(numbered(rows, after, last, limit))
}

/// Assigns each execution its position and truncates the page.
fn numbered(mut rows: Vec<Finished>, after: Position, last: u64, limit: usize) -> FinishedPage {
    let more = rows.len() > limit;
    let commits: Vec<u64> = rows.iter().map(|row| row.position.sequence).collect();
    rows.truncate(limit);
    let (mut commit, mut seen) = (after.sequence + 1, after.within);
    for (at, row) in rows.iter_mut().enumerate() {
        if commits[at] != commit {
            (commit, seen) = (commits[at], 0);
        }
        seen += 1;
        row.position = match commits.get(at + 1) {
            Some(&next) if next == commit => Position {
                sequence: commit - 1,
                within: seen,
            },
            _ => Position::after(commit),
        };
    }
    let next = match rows.last() {
        Some(row) if more => row.position,
        _ => Position::after(last).max(after),
    };
    FinishedPage {
        executions: rows,
        next,
        more,
    }
}

fn statement(scopes: &[Scope], after: Position, to: u64, limit: usize) -> Statement {
    let tenant = scopes.first().map_or(0, |scope| scope.tenant.0);
    let projects: Vec<String> = scopes
        .iter()
        .filter(|scope| scope.tenant.0 == tenant)
        .map(|scope| scope.project.0.to_string())
        .collect();
    let sql = format!(
        "SELECT sequence, project, execution_id, workflow, environment, status, timestamp, duration
         FROM executions
         WHERE tenant = {tenant} AND project IN ({}) AND sequence > ? AND sequence <= ?
            AND status NOT IN ('started', 'waiting')
         ORDER BY sequence, project, id LIMIT ? OFFSET ?",
        projects.join(", ")
    );
    let numbers = [after.sequence, to, limit as u64, after.within];
    let parameters = numbers
        .into_iter()
        .map(|number| Parameter::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    Statement {
        sql,
        parameters: parameters.collect(),
    }
}

/// The rows as read: the position is that of their commit.
fn finished(batch: &RecordBatch) -> Vec<Finished> {
    let number = |column: usize| batch.column(column).as_primitive::<Int64Type>();
    let text = |column: usize, row: usize| {
        let values = batch.column(column).as_string::<i32>();
        values.is_valid(row).then(|| values.value(row).to_owned())
    };
    let projects = batch.column(1).as_primitive::<Int32Type>();
    let durations = number(7);
    (0..batch.num_rows())
        .map(|row| Finished {
            position: Position::after(number(0).value(row) as u64),
            project: ProjectKey(projects.value(row)),
            execution_id: text(2, row).unwrap_or_default(),
            workflow: text(3, row),
            environment: text(4, row),
            status: text(5, row)
                .and_then(|word| Status::from_name(&word))
                .unwrap_or(Status::Completed),
            timestamp: Timestamp(number(6).value(row)),
            duration: durations.is_valid(row).then(|| durations.value(row)),
        })
        .collect()
}
