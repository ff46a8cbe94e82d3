//! Compares cubes with raw rows.

use std::collections::BTreeMap;

use duckdb::Connection;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube, DECLARED_CUBES},
    time::Retention,
};
use weir_store::{CubeDifference, StoreError, Verification};

use super::{
    parts::{cube_select, parts, scopes},
    rebuild::raw_sums,
    trees,
};
use crate::cube_rows::{At, Sum, Sums, encoded_sketch, sums};

/// The maximum number of differences that a verification lists.
const LISTED_DIFFERENCES: usize = 1_000;

/// For each declared key of a project that is in the cubes, the time ranges that are missing there.
type HeldKeys = fn(&Connection, Scope) -> Result<BTreeMap<String, Vec<TimeRange>>, StoreError>;

/// Compares unexpired cube rows with raw rows.
pub(crate) fn verify(
    connection: &Connection,
    held_keys: HeldKeys,
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
        let held_keys = held_keys(connection, scope)?;
        verify_declared(connection, scope, &held_keys, window, &mut verification)?;
        let listed = verification.differences.len();
        let room = LISTED_DIFFERENCES.saturating_sub(listed);
        let differences = trees::compare(connection, scope, room)?;
        verification.differences.extend(differences);
    }
    Ok(verification)
}

/// Which cube rows are compared.
#[derive(Clone, Copy)]
struct Window<'a> {
    granularities: &'a [Granularity],
    range: Option<TimeRange>,
    retention: Retention,
    now: Timestamp,
}

/// Compares the cubes of declared dimensions of a project with raw rows, except for the time ranges that
/// are known to be missing.
fn verify_declared(
    connection: &Connection,
    scope: Scope,
    held_keys: &BTreeMap<String, Vec<TimeRange>>,
    window: Window<'_>,
    into: &mut Verification,
) -> Result<(), StoreError> {
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
            into.differences.push(CubeDifference {
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
