//! What keeps the cubes small and proves them right.

mod backlog;
mod compact;
mod merge;
mod proof;
mod trees;

use arrow::array::RecordBatch;
use duckdb::Connection;
use weir_model::{Granularity, Scope, TimeRange, cube::Cube};
use weir_store::StoreError;

pub(crate) use backlog::Backlog;
pub(crate) use compact::{Beside, compact};
pub(crate) use proof::{
    declared_parts, rebuild, rebuild_at, rebuild_within, refresh_declared, scopes, verify,
};
pub(crate) use trees::{resettle, sum_anew};

use crate::{commit::append, error::Context};

/// A part of a cube's table: one project's buckets in a range of time.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    cube: &'static Cube,
    granularity: Granularity,
    scope: Scope,
    range: TimeRange,
}

/// Puts rows in place of all that the part holds. Returns how many were deleted.
fn replace(connection: &Connection, part: Part, rows: Vec<RecordBatch>) -> Result<u64, StoreError> {
    let table = part.cube.table(part.granularity);
    let condition = row_condition(part);
    let deleted = connection
        .execute(&format!("DELETE FROM {table} WHERE {condition}"), [])
        .context("delete rows to replace")?;
    for batch in rows.into_iter().filter(|batch| batch.num_rows() > 0) {
        append(connection, &table, batch)?;
    }
    Ok(deleted as u64)
}

pub(crate) fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection
        .execute_batch("BEGIN")
        .context("begin a transaction")?;
    let result = work().and_then(|value| {
        connection.execute_batch("COMMIT").context("commit")?;
        Ok(value)
    });
    if result.is_err() {
        // The transaction may be gone already; what matters is that none stays open.
        let _ = connection.execute_batch("ROLLBACK");
    }
    result
}

fn row_condition(Part { scope, range, .. }: Part) -> String {
    format!(
        "tenant = {} AND project = {} AND bucket >= {} AND bucket < {}",
        scope.tenant.0, scope.project.0, range.from.0, range.to.0
    )
}

/// The statement that reads the part's rows as they lie, behind other columns if there are any.
fn cube_select(part: Part, before: &str) -> String {
    let cube = part.cube;
    let listed = columns(cube, |measure| format!("\"{measure}\""));
    let sketch = if cube.family.has_sketch() {
        ", sketch"
    } else {
        ""
    };
    format!(
        "SELECT {before}bucket, {listed}{sketch} FROM {} WHERE {}",
        cube.table(part.granularity),
        row_condition(part)
    )
}

/// The dimensions and the measures of a cube as a list of columns.
fn columns(cube: &Cube, measure: impl Fn(&str) -> String) -> String {
    let dimensions = cube.dimensions.iter().map(|d| format!("\"{}\"", d.name()));
    let measures = cube.family.measures().iter().map(|name| measure(name));
    dimensions.chain(measures).collect::<Vec<_>>().join(", ")
}
