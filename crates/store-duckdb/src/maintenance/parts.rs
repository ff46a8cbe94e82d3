//! Parts of the cubes' tables: which exist, and how their rows are read and replaced.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use duckdb::Connection;
use weir_model::{
    EventType, Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    time::{DAY, HOUR, Retention},
};
use weir_store::StoreError;

use crate::{error::Context, raw, tables::append};

/// A part of a cube's table: the buckets of one project in a time range.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(super) cube: &'static Cube,
    pub(super) granularity: Granularity,
    pub(super) scope: Scope,
    pub(super) range: TimeRange,
}

/// Replaces all rows of the part. Returns how many were deleted.
pub(super) fn replace(
    connection: &Connection,
    part: Part,
    rows: Vec<RecordBatch>,
) -> Result<u64, StoreError> {
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

pub(super) fn row_condition(Part { scope, range, .. }: Part) -> String {
    format!(
        "tenant = {} AND project = {} AND bucket >= {} AND bucket < {}",
        scope.tenant.0, scope.project.0, range.from.0, range.to.0
    )
}

/// The statement that reads the part's rows without grouping; `before` can add columns in front.
pub(super) fn cube_select(part: Part, before: &str) -> String {
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

/// The dimensions and measures of a cube as a list of columns.
pub(super) fn columns(cube: &Cube, measure: impl Fn(&str) -> String) -> String {
    let dimensions = cube.dimensions.iter().map(|d| format!("\"{}\"", d.name()));
    let measures = cube.family.measures().iter().map(|name| measure(name));
    dimensions.chain(measures).collect::<Vec<_>>().join(", ")
}

/// The length of time that is rebuilt or compared at once, in milliseconds.
fn part_width(granularity: Granularity) -> i64 {
    match granularity {
        Granularity::Minute => 12 * HOUR,
        Granularity::FiveMinutes => 2 * DAY,
        Granularity::Hour => 8 * DAY,
        Granularity::Day => 128 * DAY,
    }
}

/// Every part of the cubes' tables within `range` that has unexpired rows, or should have.
pub(super) fn parts(
    connection: &Connection,
    cubes: &[&'static Cube],
    granularities: &[Granularity],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<Vec<Part>, StoreError> {
    let mut parts = Vec::new();
    for scope in scopes(connection)? {
        for &cube in cubes {
            let days = days_with_rows(connection, cube, scope, range)?;
            let kept = |granularity: &&Granularity| cube.granularities().contains(granularity);
            for &granularity in granularities.iter().filter(kept) {
                let oldest = retention.oldest_bucket(granularity, now);
                let floor = |moment: Timestamp| moment.floor(granularity.width());
                let asked = range.map_or(TimeRange::new(i64::MIN, i64::MAX), |asked| TimeRange {
                    from: floor(asked.from),
                    to: floor(asked.to.plus(granularity.width() - 1)),
                });
                let width = part_width(granularity);
                let starts: BTreeSet<i64> = days
                    .iter()
                    .flat_map(|day| (0..DAY / width.min(DAY)).map(move |part| day + part * width))
                    .map(|start| Timestamp(start).floor(width).0)
                    .collect();
                for start in starts {
                    let from = start.max(asked.from.0).max(oldest.0);
                    let to = (start + width).min(asked.to.0);
                    if from < to {
                        let range = TimeRange::new(from, to);
                        parts.push(Part {
                            cube,
                            granularity,
                            scope,
                            range,
                        });
                    }
                }
            }
        }
    }
    Ok(parts)
}

/// The days on which the cube has rows at any granularity, or on which there are raw facts for it; with a
/// range, only the days that it touches.
fn days_with_rows(
    connection: &Connection,
    cube: &Cube,
    scope: Scope,
    range: Option<TimeRange>,
) -> Result<BTreeSet<i64>, StoreError> {
    let (tenant, project) = (scope.tenant.0, scope.project.0);
    let (from, to) = range.map_or((i64::MIN, i64::MAX), |range| {
        (range.from.floor(DAY).0, range.to.plus(DAY - 1).floor(DAY).0)
    });
    let raw = format!(
        "SELECT DISTINCT timestamp // {DAY} FROM {}_facts({tenant}, {project}, {from}, {to})",
        cube.family.name(),
    );
    let tables = cube.granularities().iter().map(|&granularity| {
        let table = cube.table(granularity);
        format!(
            "SELECT DISTINCT bucket // {DAY} FROM {table}
             WHERE tenant = {tenant} AND project = {project} AND bucket >= {from} AND bucket < {to}"
        )
    });
    let sql = std::iter::once(raw)
        .chain(tables)
        .collect::<Vec<_>>()
        .join(" UNION ");
    let mut statement = connection.prepare(&sql).context("find days with rows")?;
    let rows = statement
        .query_map([], |row| row.get::<_, i64>(0))
        .context("find days with rows")?;
    let days = rows.map(|day| day.map(|day| day * DAY));
    days.collect::<Result<_, _>>()
        .context("find days with rows")
}

/// Every project that has raw rows or rollup rows.
pub(crate) fn scopes(connection: &Connection) -> Result<Vec<Scope>, StoreError> {
    let raw = EventType::ALL
        .iter()
        .map(|&event_type| raw::table(event_type).to_owned());
    let cubes = CUBES
        .iter()
        .flat_map(|cube| Granularity::ALL.map(|granularity| cube.table(granularity)));
    let all: Vec<String> = raw
        .chain(cubes)
        .map(|table| format!("SELECT DISTINCT tenant, project FROM {table}"))
        .collect();
    let sql = format!("{} ORDER BY ALL", all.join(" UNION "));
    let mut statement = connection.prepare(&sql).context("find projects")?;
    let rows = statement
        .query_map([], |row| Ok(Scope::new(row.get(0)?, row.get(1)?)))
        .context("find projects")?;
    rows.collect::<Result<_, _>>().context("find projects")
}
