//! Rebuild and verify: cubes from raw rows by SQL, independent of the code that sums partials while
//! committing.

use std::collections::BTreeSet;

use duckdb::Connection;
use weir_model::{
    EventType, Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube, DECLARED_CUBES},
    time::{DAY, HOUR, Retention},
};
use weir_query::{Dialect, sketch_bucket_sql};
use weir_store::{Difference, StoreError, Verification};

use super::{Part, columns, cube_select, in_transaction, merge::batch_of, replace, trees};
use crate::{
    cube_rows::{At, SketchColumn, Sum, Sums, encoded_sketch, sums},
    declared,
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
        " FROM {}({}, {}, {}, {}) GROUP BY timestamp // {width} * {width}{}",
        cube.facts(),
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
    granularities: &[Granularity],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<Verification, StoreError> {
    let cubes: Vec<&'static Cube> = CUBES.iter().collect();
    let mut verification = Verification::default();
    for part in parts(connection, &cubes, granularities, range, retention, now)? {
        let select = cube_select(part, "");
        let sketch = encoded_sketch(part.cube);
        let held = sums(connection, &select, part.scope, part.cube, sketch)?;
        let due = raw_sums(connection, part)?;
        compare(part.cube, part.granularity, &held, &due, &mut verification);
    }
    for scope in scopes(connection)? {
        let window = Window {
            granularities,
            range,
            retention,
            now,
        };
        verify_declared(connection, scope, window, &mut verification)?;
        let listed = verification.differences.len();
        let room = LISTED_DIFFERENCES.saturating_sub(listed);
        let differences = trees::compare(connection, scope, room)?;
        verification.differences.extend(differences);
    }
    Ok(verification)
}

/// Which rows of cubes are compared.
#[derive(Clone, Copy)]
struct Window<'a> {
    granularities: &'a [Granularity],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
}

/// Compares what the cubes of declared dimensions hold of a project, without the time of which they are known
/// to lack something.
fn verify_declared(
    connection: &Connection,
    scope: Scope,
    window: Window<'_>,
    into: &mut Verification,
) -> Result<(), StoreError> {
    let held_keys = declared::held(connection, scope)?;
    if held_keys.is_empty() {
        return Ok(());
    }
    let cubes: Vec<&'static Cube> = DECLARED_CUBES.iter().collect();
    let Window {
        granularities,
        range,
        retention,
        now,
    } = window;
    let all = parts(connection, &cubes, granularities, range, retention, now)?;
    for part in all.into_iter().filter(|part| part.scope == scope) {
        let width = part.granularity.width();
        let is_due = |at: &At| {
            let key = at.key.dimensions.first().and_then(Option::as_deref);
            let bucket = TimeRange::new(at.bucket, at.bucket + width);
            key.and_then(|key| held_keys.get(key))
                .is_some_and(|lacking| {
                    let overlaps = |r: &TimeRange| r.from < bucket.to && bucket.from < r.to;
                    !lacking.iter().any(overlaps)
                })
        };
        let select = cube_select(part, "");
        let sketch = encoded_sketch(part.cube);
        let mut held = sums(connection, &select, part.scope, part.cube, sketch)?;
        let mut due = raw_sums(connection, part)?;
        held.retain(|at, _| is_due(at));
        due.retain(|at, _| is_due(at));
        compare(part.cube, part.granularity, &held, &due, into);
    }
    Ok(())
}

/// The parts of the cubes of declared dimensions in a stretch of whole hours, hours before days.
pub(crate) fn declared_parts(
    connection: &Connection,
    scope: Scope,
    range: TimeRange,
    retention: Retention,
    now: Timestamp,
) -> Result<Vec<Part>, StoreError> {
    let cubes: Vec<&'static Cube> = DECLARED_CUBES.iter().collect();
    let mut found = Vec::new();
    for granularity in [Granularity::Hour, Granularity::Day] {
        let all = parts(
            connection,
            &cubes,
            &[granularity],
            Some(range),
            retention,
            now,
        )?;
        found.extend(all.into_iter().filter(|part| part.scope == scope));
    }
    Ok(found)
}

/// Writes a part of a cube of declared dimensions anew: hours from raw rows, days from their hours where
/// these are kept.
pub(crate) fn refresh_declared(
    connection: &Connection,
    part: Part,
    retention: Retention,
    now: Timestamp,
) -> Result<(), StoreError> {
    let hours_kept = retention.oldest_bucket(Granularity::Hour, now);
    in_transaction(connection, || {
        let rows = match part.granularity {
            Granularity::Day if part.range.from >= hours_kept => sums_of_hours(connection, part)?,
            _ => raw_sums(connection, part)?,
        };
        let rows = batch_of(part.cube, part.scope, &rows).context("build rows anew")?;
        replace(connection, part, vec![rows]).map(|_| ())
    })
}

/// The sums of days, from the hours that the cube holds.
fn sums_of_hours(connection: &Connection, part: Part) -> Result<Sums, StoreError> {
    let hours = Part {
        granularity: Granularity::Hour,
        ..part
    };
    let select = cube_select(hours, "");
    let held = sums(
        connection,
        &select,
        part.scope,
        part.cube,
        encoded_sketch(part.cube),
    )?;
    let mut days = Sums::new();
    for (at, sum) in held {
        let bucket = part.granularity.bucket(Timestamp(at.bucket)).0;
        let day = days.entry(At { bucket, ..at }).or_default();
        day.measures.resize(sum.measures.len(), 0);
        for (total, measure) in day.measures.iter_mut().zip(&sum.measures) {
            *total += measure;
        }
        day.sketch
            .merge_encoded(&sum.sketch.encode())
            .context("read a sketch")?;
    }
    days.retain(|_, sum| !sum.is_zero());
    Ok(days)
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
