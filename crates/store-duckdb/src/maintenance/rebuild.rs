//! Rebuilds cubes from raw rows in SQL, independently of the code that sums partials during commits.

use duckdb::Connection;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{Cube, DECLARED_CUBES},
    time::Retention,
};
use weir_query::{Dialect, sketch_bucket_sql};
use weir_store::StoreError;

use super::{
    merge::batch_of,
    parts::{Part, columns, cube_select, parts, replace},
};
use crate::{
    cube_rows::{At, SketchColumn, Sums, encoded_sketch, sums},
    error::Context,
    tables::in_transaction,
};

/// The sums that a cube's table should hold, computed from raw rows in SQL, independently of the code that
/// sums partials during commits.
pub(super) fn raw_sums(connection: &Connection, part: Part) -> Result<Sums, StoreError> {
    let Part {
        cube,
        granularity,
        scope,
        range,
    } = part;
    let width = granularity.width();
    let summed = columns(cube, |measure| format!("held(sum(\"{measure}\"))"));
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

/// Rewrites unexpired cube rows from raw rows. Returns how many rows were written.
pub(crate) fn rebuild(
    connection: &Connection,
    cubes: &[&'static Cube],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    rebuild_at(connection, cubes, &Granularity::ALL, range, retention, now)
}

/// The same as [`rebuild`] for some granularities only.
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

/// The same as [`rebuild`] for cubes of one project, within the caller's transaction.
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

/// The parts of the cubes of declared dimensions in a range of whole hours, hours before days.
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

/// Rewrites a part of a cube of declared dimensions: hours from raw rows, days from their hours where those
/// are retained.
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

/// The sums of days, computed from the cube's hours.
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
