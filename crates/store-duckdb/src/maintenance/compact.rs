//! Merges fresh partials and deletes expired ones, alongside commits.

use std::time::Instant;

use duckdb::Connection;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    time::{DAY, HOUR, Retention},
};
use weir_store::StoreError;

use super::{
    backlog::{Backlog, WORTH_MERGING},
    merge::{Merged, merged_batches},
    parts::{Part, cube_select},
};
use crate::{
    arrays::Columns,
    error::Context,
    tables::{append, fill_temporary, in_transaction},
};

/// The time span whose rows are merged together, sorted by key.
fn chunk_width(granularity: Granularity) -> i64 {
    match granularity {
        Granularity::Minute => 2 * HOUR,
        Granularity::FiveMinutes => DAY,
        Granularity::Hour => 8 * DAY,
        Granularity::Day => 64 * DAY,
    }
}

/// The number of merged batches committed together while no events are arriving. Finding the rows to delete
/// scans the whole table, so a few large commits finish sooner.
const CALM_BATCHES: usize = 32;

/// How compaction gives way to other work.
pub(crate) struct Beside<'a> {
    /// Waits until more urgent work is done.
    pub give_way: &'a dyn Fn(),
    /// Whether no events are arriving, so that no commit would wait for a long transaction.
    pub is_calm: &'a dyn Fn() -> bool,
}

/// Merges fresh partials into one row per key, and deletes expired rows. Returns by how many rows the tables
/// shrank. Before each piece of work, it waits until more urgent work is done.
pub(crate) fn compact(
    connection: &Connection,
    backlog: &Backlog,
    retention: Retention,
    now: Timestamp,
    beside: &Beside<'_>,
) -> Result<u64, StoreError> {
    let mut fewer = 0;
    for cube in CUBES {
        for granularity in Granularity::ALL {
            // Deleting a little at a time would cost more than keeping it for a while.
            let oldest = retention.oldest_bucket(granularity, now);
            let oldest = oldest.floor(chunk_width(granularity));
            if backlog.expire(cube, granularity, oldest) {
                (beside.give_way)();
                fewer += expire(connection, cube, granularity, oldest)?;
            }
            let Some(range) = backlog.take(cube, granularity) else {
                continue;
            };
            (beside.give_way)();
            for (scope, chunk) in chunks_to_merge(connection, cube, granularity, range)? {
                let range = TimeRange::new(chunk, chunk + chunk_width(granularity));
                let part = Part {
                    cube,
                    granularity,
                    scope,
                    range,
                };
                (beside.give_way)();
                fewer += merge_chunk(connection, part, beside)?;
            }
            backlog.looked(cube, granularity);
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
    let table = cube.table(granularity);
    let oldest = oldest.0;
    let count = format!("SELECT count(*) FROM {table} WHERE bucket < {oldest}");
    let expired: i64 = connection
        .query_row(&count, [], |row| row.get(0))
        .context("count expired rows")?;
    if expired > 0 {
        connection
            .execute_batch(&format!("DELETE FROM {table} WHERE bucket < {oldest}"))
            .context("delete expired rows")?;
    }
    Ok(expired as u64)
}

/// The chunks of a range with enough fresh partials. In a chunk with many merged rows, these must be at
/// least a quarter as many, so that each row is rewritten only a few times.
fn chunks_to_merge(
    connection: &Connection,
    cube: &Cube,
    granularity: Granularity,
    range: TimeRange,
) -> Result<Vec<(Scope, i64)>, StoreError> {
    let width = chunk_width(granularity);
    let table = cube.table(granularity);
    // Whole chunks: earlier rows in them count, too.
    let (from, last) = (range.from.floor(width).0, range.to.0);
    let sql = format!(
        "SELECT tenant, project, bucket // {width} * {width} AS chunk FROM {table}
         WHERE bucket >= {from} AND bucket // {width} * {width} < {last} GROUP BY ALL
         HAVING count(*) FILTER (NOT merged) >= greatest({WORTH_MERGING}, count(*) FILTER (merged) // 4)"
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

/// Merges a chunk in transactions of some thousand rows, or more while no events are arriving. Nothing else
/// deletes cube rows or checkpoints the log at the same time, so row ids stay valid.
fn merge_chunk(
    connection: &Connection,
    part: Part,
    beside: &Beside<'_>,
) -> Result<u64, StoreError> {
    let cube = part.cube;
    // Afterwards, the rows of one workflow lie together, so a report on it skips the others.
    let order = cube
        .dimensions
        .iter()
        .map(|d| format!("\"{}\" NULLS FIRST, ", d.name()));
    let sql = format!(
        "{} ORDER BY {}bucket",
        cube_select(part, "rowid, "),
        order.collect::<String>()
    );
    let (table, begin) = (cube.table(part.granularity), Instant::now());
    let mut fewer = 0;
    let mut batches = merged_batches(connection, &sql, part.scope, cube)?.into_iter();
    while let Some(first) = batches.next() {
        (beside.give_way)();
        let more = if (beside.is_calm)() {
            CALM_BATCHES - 1
        } else {
            0
        };
        let merged = batches.by_ref().take(more).fold(first, Merged::and);
        let (before, after) = (merged.from.len(), merged.count());
        in_transaction(connection, || {
            delete(connection, &table, &merged.from)?;
            let mut rows = merged.rows.into_iter().filter(|rows| rows.num_rows() > 0);
            rows.try_for_each(|rows| append(connection, &table, rows))
        })?;
        fewer += (before - after.min(before)) as u64;
    }
    let took = begin.elapsed();
    tracing::debug!(table, fewer, ?took, "rollup rows were merged");
    Ok(fewer)
}

/// Deletes rows by their ids.
fn delete(connection: &Connection, table: &str, rows: &[i64]) -> Result<(), StoreError> {
    let mut columns = Columns::default();
    columns.number("id", rows.iter().map(|&row| Some(row)));
    fill_temporary(connection, "merged_rows", "id BIGINT", columns)?;
    connection
        .execute_batch(&format!(
            "DELETE FROM {table} WHERE rowid IN (SELECT id FROM merged_rows)"
        ))
        .context("delete rows that were merged")
}
