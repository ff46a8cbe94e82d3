//! Compaction, retention, rebuild and verify: what keeps the cubes small and proves them right.

use std::collections::BTreeSet;

use duckdb::Connection;
use weir_model::{
    EventType, Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    time::{DAY, HOUR, Retention},
};
use weir_query::{Dialect, sketch_bucket_sql};
use weir_store::{Difference, StoreError, Verification};

use crate::{
    commit::append,
    cube_rows::{SketchColumn, Sum, Sums, merged_batch, sums},
    error::Context,
    raw,
};

/// The most differences that a verification lists.
const LISTED_DIFFERENCES: usize = 1_000;
/// Fresh partials in a chunk below which merging waits, unless they outnumber the merged rows.
const WORTH_MERGING: i64 = 2_000;

/// The time that is merged in one go.
fn chunk_width(granularity: Granularity) -> i64 {
    match granularity {
        Granularity::Minute => 2 * HOUR,
        Granularity::FiveMinutes => 12 * HOUR,
        Granularity::Hour => 2 * DAY,
        Granularity::Day => 32 * DAY,
    }
}

/// Merges fresh partials into one row per key, and deletes what has expired. Returns how many rows
/// fewer there are.
pub(crate) fn compact(
    connection: &Connection,
    retention: Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut fewer = 0;
    for cube in CUBES {
        for granularity in Granularity::ALL {
            let oldest = retention.oldest_bucket(granularity, now);
            fewer += expire(connection, cube, granularity, oldest)?;
            for (scope, chunk) in chunks_to_merge(connection, cube, granularity)? {
                fewer += merge_chunk(connection, cube, granularity, scope, chunk)?;
            }
        }
    }
    Ok(fewer)
}

fn expire(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    oldest: Timestamp,
) -> Result<u64, StoreError> {
    if oldest.0 == i64::MIN {
        return Ok(0);
    }
    let table = cube.table(granularity);
    // Deleting a little at a time would cost more than keeping it for a while.
    let chunk = oldest.floor(chunk_width(granularity)).0;
    let count = format!("SELECT count(*) FROM {table} WHERE bucket < {chunk}");
    let expired: i64 = connection
        .query_row(&count, [], |row| row.get(0))
        .context("count expired rows")?;
    if expired > 0 {
        connection
            .execute_batch(&format!("DELETE FROM {table} WHERE bucket < {chunk}"))
            .context("delete expired rows")?;
    }
    Ok(expired as u64)
}

/// Chunks with enough fresh partials.
fn chunks_to_merge(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
) -> Result<Vec<(Scope, i64)>, StoreError> {
    let width = chunk_width(granularity);
    let sql = format!(
        "SELECT tenant, project, bucket // {width} * {width} AS chunk FROM {} GROUP BY ALL
         HAVING count(*) FILTER (NOT merged) >= least({WORTH_MERGING}, greatest(64, count(*) FILTER (merged)))",
        cube.table(granularity)
    );
    let mut statement = connection.prepare(&sql).context("find partials to merge")?;
    let rows = statement
        .query_map([], |row| {
            Ok((Scope::new(row.get(0)?, row.get(1)?), row.get(2)?))
        })
        .context("find partials to merge")?;
    rows.collect::<Result<_, _>>()
        .context("find partials to merge")
}

fn merge_chunk(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    scope: Scope,
    chunk: i64,
) -> Result<u64, StoreError> {
    let range = TimeRange::new(chunk, chunk + chunk_width(granularity));
    in_transaction(connection, || {
        let merged = cube_sums(connection, cube, granularity, scope, range)?;
        let deleted = replace(connection, cube, granularity, scope, range, &merged)?;
        Ok(deleted.saturating_sub(merged.len() as u64))
    })
}

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

fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection
        .execute_batch("BEGIN")
        .context("begin maintenance")?;
    let result = work().and_then(|value| {
        connection
            .execute_batch("COMMIT")
            .context("commit maintenance")?;
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

/// The sums that a cube's table should hold, computed from raw rows in SQL: independent of the code
/// that sums partials while committing.
fn raw_sums(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    scope: Scope,
    range: TimeRange,
) -> Result<Sums, StoreError> {
    let width = granularity.width();
    let summed = columns(cube, |measure| format!("sum(\"{measure}\")::BIGINT"));
    let mut sql = format!("SELECT timestamp // {width} * {width} AS bucket, {summed}");
    let sketch = cube.family.has_sketch();
    if sketch {
        let bucket = sketch_bucket_sql(Dialect::DuckDb, "value");
        sql += &format!(", histogram(({bucket})::BIGINT) FILTER (WHERE value IS NOT NULL)");
    }
    let dimensions = cube
        .dimensions
        .iter()
        .map(|d| format!(", \"{}\"", d.name()));
    sql += &format!(
        " FROM {}_facts({}, {}, {}, {}) GROUP BY timestamp // {width} * {width}{}",
        cube.family.name(),
        scope.tenant.0,
        scope.project.0,
        range.from.0,
        range.to.0,
        dimensions.collect::<String>()
    );
    let kind = if sketch {
        SketchColumn::Histogram
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

/// A part of a cube's table.
struct Part {
    cube: &'static Cube,
    granularity: Granularity,
    scope: Scope,
    range: TimeRange,
}

/// The time that is rebuilt or compared in one go.
fn part_width(granularity: Granularity) -> i64 {
    match granularity {
        Granularity::Minute => 12 * HOUR,
        Granularity::FiveMinutes => 2 * DAY,
        Granularity::Hour => 32 * DAY,
        Granularity::Day => 512 * DAY,
    }
}

/// Every part of the cubes' tables within `range` that has unexpired rows, or should have.
fn parts(
    connection: &Connection,
    cubes: &[&'static Cube],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<Vec<Part>, StoreError> {
    let mut parts = Vec::new();
    for scope in scopes(connection)? {
        for &cube in cubes {
            let days = days_with_rows(connection, cube, scope)?;
            for granularity in Granularity::ALL {
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

/// The days on which the cube has rows at any granularity, or raw facts for them.
fn days_with_rows(
    connection: &Connection,
    cube: &Cube,
    scope: Scope,
) -> Result<BTreeSet<i64>, StoreError> {
    let (tenant, project) = (scope.tenant.0, scope.project.0);
    let raw = format!(
        "SELECT DISTINCT timestamp // {DAY} FROM {}_facts({tenant}, {project}, {}, {})",
        cube.family.name(),
        i64::MIN,
        i64::MAX
    );
    let tables = Granularity::ALL.map(|granularity| {
        let table = cube.table(granularity);
        format!("SELECT DISTINCT bucket // {DAY} FROM {table} WHERE tenant = {tenant} AND project = {project}")
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
fn scopes(connection: &Connection) -> Result<Vec<Scope>, StoreError> {
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

/// Writes unexpired cube rows anew from raw rows. Returns how many rows were written.
pub(crate) fn rebuild(
    connection: &Connection,
    cubes: &[&'static Cube],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for part in parts(connection, cubes, range, retention, now)? {
        let Part {
            cube,
            granularity,
            scope,
            range,
        } = part;
        let rows = raw_sums(connection, cube, granularity, scope, range)?;
        written += rows.len() as u64;
        in_transaction(connection, || {
            replace(connection, cube, granularity, scope, range, &rows)
        })?;
    }
    Ok(written)
}

/// Compares unexpired cube rows with raw rows.
pub(crate) fn verify(
    connection: &Connection,
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let cubes: Vec<&'static Cube> = CUBES.iter().collect();
    let mut verification = Verification::default();
    for part in parts(connection, &cubes, range, retention, now)? {
        let Part {
            cube,
            granularity,
            scope,
            range,
        } = part;
        let held = cube_sums(connection, cube, granularity, scope, range)?;
        let due = raw_sums(connection, cube, granularity, scope, range)?;
        compare(cube, granularity, &held, &due, &mut verification);
    }
    Ok(verification)
}

fn compare(
    cube: &Cube,
    granularity: Granularity,
    held: &Sums,
    due: &Sums,
    into: &mut Verification,
) {
    let nothing = Sum::default();
    let absent = held.keys().filter(|at| !due.contains_key(at));
    for at in due.keys().chain(absent) {
        into.keys += 1;
        let (held, due) = (
            held.get(at).unwrap_or(&nothing),
            due.get(at).unwrap_or(&nothing),
        );
        if held != due && into.differences.len() < LISTED_DIFFERENCES {
            let dimensions = cube.dimensions.iter().zip(&at.key.dimensions);
            let dimensions = dimensions
                .map(|(d, value)| format!(" {}={}", d.name(), value.as_deref().unwrap_or("null")));
            into.differences.push(Difference {
                table: cube.table(granularity),
                key: format!(
                    "project {} {}{}",
                    at.key.scope.project.0,
                    Timestamp(at.bucket),
                    dimensions.collect::<String>()
                ),
                detail: describe(cube, held, due),
            });
        }
    }
}

fn describe(cube: &Cube, held: &Sum, due: &Sum) -> String {
    let of = |sum: &Sum, position: usize| sum.measures.get(position).copied().unwrap_or(0);
    let names = cube.family.measures().iter().enumerate();
    let mut parts: Vec<String> = names
        .filter(|&(position, _)| of(held, position) != of(due, position))
        .map(|(position, name)| {
            format!(
                "{name}: cube {}, raw {}",
                of(held, position),
                of(due, position)
            )
        })
        .collect();
    if held.sketch != due.sketch {
        parts.push("the sketch differs".to_owned());
    }
    parts.join("; ")
}
