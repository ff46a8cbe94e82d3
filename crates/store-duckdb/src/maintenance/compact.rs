//! Merges fresh partials and deletes expired ones, beside commits.

use duckdb::Connection;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    time::{DAY, HOUR, Retention},
};
use weir_store::StoreError;

use super::{cube_sums, in_transaction, replace};
use crate::error::Context;

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
