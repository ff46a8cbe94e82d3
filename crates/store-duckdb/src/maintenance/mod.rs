//! What keeps the cubes small and proves them right.

mod compact;
mod proof;

use duckdb::Connection;
use weir_model::{Granularity, Scope, TimeRange, cube::Cube};
use weir_store::StoreError;

pub(crate) use compact::compact;
pub(crate) use proof::{rebuild, verify};

use crate::{
    commit::append,
    cube_rows::{SketchColumn, Sums, merged_batch, sums},
    error::Context,
};

/// Puts rows in place of all that a range of a cube's table holds. Returns how many were deleted.
fn replace(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    scope: Scope,
    range: TimeRange,
    rows: &Sums,
) -> Result<u64, StoreError> {
    let table = cube.table(granularity);
    let condition = row_condition(scope, range);
    let deleted = connection
        .execute(&format!("DELETE FROM {table} WHERE {condition}"), [])
        .context("delete rows to replace")?;
    if !rows.is_empty() {
        append(
            connection,
            &table,
            merged_batch(cube, rows).context("build merged rows")?,
        )?;
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

fn row_condition(scope: Scope, range: TimeRange) -> String {
    format!(
        "tenant = {} AND project = {} AND bucket >= {} AND bucket < {}",
        scope.tenant.0, scope.project.0, range.from.0, range.to.0
    )
}

/// The sums that a cube's table holds.
fn cube_sums(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    scope: Scope,
    range: TimeRange,
) -> Result<Sums, StoreError> {
    let mut sql = format!(
        "SELECT bucket, {}",
        columns(cube, |measure| format!("\"{measure}\""))
    );
    let sketch = cube.family.has_sketch();
    sql += if sketch { ", sketch" } else { "" };
    sql += &format!(
        " FROM {} WHERE {}",
        cube.table(granularity),
        row_condition(scope, range)
    );
    let kind = if sketch {
        SketchColumn::Encoded
    } else {
        SketchColumn::None
    };
    sums(connection, &sql, scope, cube, kind)
}

/// The dimensions and the measures of a cube as a list of columns.
fn columns(cube: &Cube, measure: impl Fn(&str) -> String) -> String {
    let dimensions = cube.dimensions.iter().map(|d| format!("\"{}\"", d.name()));
    let measures = cube.family.measures().iter().map(|name| measure(name));
    dimensions.chain(measures).collect::<Vec<_>>().join(", ")
}
