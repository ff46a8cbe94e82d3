//! Rebuild and verify: cubes from raw rows by SQL, independent of the code that sums partials while
//! committing.

use std::collections::BTreeSet;

use duckdb::Connection;
use weir_model::{
    EventType, Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    time::{DAY, HOUR, Retention},
};
use weir_query::{Dialect, sketch_bucket_sql};
use weir_store::{Difference, StoreError, Verification};

use super::{Part, columns, cube_select, in_transaction, merge::batch_of, replace, trees};
use crate::{
    cube_rows::{SketchColumn, Sum, Sums, encoded_sketch, sums},
    error::Context,
    raw,
};

/// The most differences that a verification lists.
const LISTED_DIFFERENCES: usize = 1_000;

/// The sums that a cube's table should hold, computed from raw rows in SQL: independent of the code
/// that sums partials while committing.
fn raw_sums(connection: &Connection, part: Part) -> Result<Sums, StoreError> {
    let Part {
        cube,
        granularity,
        scope,
        range,
    } = part;
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

/// The time that is rebuilt or compared in one go.
fn part_width(granularity: Granularity) -> i64 {
    match granularity {
        Granularity::Minute => 12 * HOUR,
        Granularity::FiveMinutes => 2 * DAY,
        Granularity::Hour => 8 * DAY,
        Granularity::Day => 128 * DAY,
    }
}

/// Every part of the cubes' tables within `range` that has unexpired rows, or should have.
fn parts(
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
            for &granularity in granularities {
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

/// The days on which the cube has rows at any granularity, or raw facts for them; of a range, the days
/// that it touches.
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
    let tables = Granularity::ALL.map(|granularity| {
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

/// Writes unexpired cube rows anew from raw rows. Returns how many rows were written.
pub(crate) fn rebuild(
    connection: &Connection,
    cubes: &[&'static Cube],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    rebuild_at(connection, cubes, &Granularity::ALL, range, retention, now)
}

/// The same for some granularities only.
pub(crate) fn rebuild_at(
    connection: &Connection,
    cubes: &[&'static Cube],
    granularities: &[Granularity],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for part in parts(connection, cubes, granularities, range, retention, now)? {
        let rows = raw_sums(connection, part)?;
        written += rows.len() as u64;
        let rows = batch_of(part.cube, part.scope, &rows).context("build rows anew")?;
        in_transaction(connection, || replace(connection, part, vec![rows]))?;
    }
    Ok(written)
}

/// The same for cubes of one project, as a part of the caller's transaction.
pub(crate) fn rebuild_within(
    connection: &Connection,
    cubes: &[&'static Cube],
    scope: Scope,
    range: TimeRange,
    retention: Retention,
    now: Timestamp,
) -> Result<(), StoreError> {
    let all = &Granularity::ALL;
    let parts = parts(connection, cubes, all, Some(range), retention, now)?;
    for part in parts.into_iter().filter(|part| part.scope == scope) {
        let rows = raw_sums(connection, part)?;
        let rows = batch_of(part.cube, part.scope, &rows).context("build rows anew")?;
        replace(connection, part, vec![rows])?;
    }
    Ok(())
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
    for part in parts(connection, &cubes, &Granularity::ALL, range, retention, now)? {
        let select = cube_select(part, "");
        let sketch = encoded_sketch(part.cube);
        let held = sums(connection, &select, part.scope, part.cube, sketch)?;
        let due = raw_sums(connection, part)?;
        compare(part.cube, part.granularity, &held, &due, &mut verification);
    }
    for scope in scopes(connection)? {
        let listed = verification.differences.len();
        let room = LISTED_DIFFERENCES.saturating_sub(listed);
        let differences = trees::compare(connection, scope, room)?;
        verification.differences.extend(differences);
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
        let project = into.projects.entry(at.key.scope.project).or_default();
        project.keys += 1;
        into.keys += 1;
        let (held, due) = (
            held.get(at).unwrap_or(&nothing),
            due.get(at).unwrap_or(&nothing),
        );
        if held == due {
            continue;
        }
        project.differences += 1;
        if into.differences.len() < LISTED_DIFFERENCES {
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
