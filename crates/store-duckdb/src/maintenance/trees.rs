//! Recomputes trees of costs in SQL, independently of the code that maintains them during commits.

use duckdb::Connection;
use weir_model::{
    Scope, TimeRange, Timestamp,
    cube::{CUBES, Family},
    time::Retention,
};
use weir_store::{
    CubeDifference, StoreError,
    trees::{HIGHEST, KINDS},
};

use super::rebuild::rebuild_within;
use crate::{error::Context, raw::covered};

fn condition(scope: Scope) -> String {
    format!(
        "tenant = {} AND project = {}",
        scope.tenant.0, scope.project.0
    )
}

/// Writes every cost of the project that is a part or has parts to the table `settled`, with its correct
/// position. Returns whether there are any.
fn settle(connection: &Connection, scope: Scope) -> Result<bool, StoreError> {
    let run = |sql: &str| connection.execute(sql, []).context("settle trees of costs");
    let of = condition(scope);
    let due = KINDS
        .map(|kind| format!("NULL::BIGINT AS due_{kind}"))
        .join(", ");
    run(&format!(
        "CREATE OR REPLACE TEMP TABLE settled AS
         SELECT rowid AS row, id, part_of, {}, 0::BIGINT AS due_height, {due},
            row_number() OVER (PARTITION BY id ORDER BY timestamp,
                CASE WHEN own IS NOT NULL AND json_exists(own, '$.environment')
                    THEN json_extract_string(own, '$.environment') ELSE environment END NULLS FIRST,
                part_of NULLS FIRST) = 1 AS is_first
         FROM costs WHERE {of} AND (part_of IS NOT NULL
            OR id IN (SELECT part_of FROM costs WHERE {of} AND part_of IS NOT NULL))",
        KINDS.join(", ")
    ))?;
    let any: bool = connection
        .query_row("SELECT count(*) > 0 FROM settled", [], |row| row.get(0))
        .context("settle trees of costs")?;
    let mut top = 0;
    for height in 1..=HIGHEST {
        let raised = run(&format!(
            "UPDATE settled SET due_height = {height} WHERE due_height < {height}
                AND id IN (SELECT part_of FROM settled WHERE due_height >= {height} - 1)"
        ))?;
        if raised == 0 {
            break;
        }
        top = height;
    }
    let set = KINDS
        .map(|kind| format!("due_{kind} = p.{kind}"))
        .join(", ");
    let sums = KINDS.map(|kind| {
        format!(
            "held(coalesce(sum(CASE WHEN due_{kind} IS NULL THEN coalesce({kind}, 0)
                ELSE greatest({kind}, due_{kind}) END) FILTER (due_height < {HIGHEST}), 0)) AS {kind}"
        )
    });
    for height in 1..=top {
        run(&format!(
            "UPDATE settled SET {set} FROM (SELECT part_of AS of, {} FROM settled WHERE part_of IS NOT NULL GROUP BY 1) AS p
             WHERE settled.id = p.of AND due_height = {height} AND is_first",
            sums.join(", ")
        ))?;
    }
    Ok(any)
}

/// Rows in a wrong position, as a source to select from, each with its current and its correct position.
fn wrong(scope: Scope) -> String {
    let due = KINDS.map(|kind| format!("s.due_{kind}")).join(", ");
    let differ = KINDS.map(|kind| {
        let column = covered(kind);
        format!("c.{column} IS DISTINCT FROM s.due_{kind}")
    });
    format!(
        "(SELECT c.rowid AS row, nullif(s.due_height, 0) AS due_height, {due}
          FROM costs AS c LEFT JOIN settled AS s ON s.row = c.rowid
          WHERE {} AND (s.row IS NOT NULL OR c.height IS NOT NULL OR c.covered_amount IS NOT NULL)
            AND (c.height IS DISTINCT FROM nullif(s.due_height, 0) OR {}))",
        condition(scope)
            .replace("tenant", "c.tenant")
            .replace("project", "c.project"),
        differ.join(" OR ")
    )
}

/// The costs of a project in a wrong position, up to a maximum.
pub(super) fn compare(
    connection: &Connection,
    scope: Scope,
    most: usize,
) -> Result<Vec<CubeDifference>, StoreError> {
    if !has_parts(connection, scope)? {
        return Ok(Vec::new());
    }
    settle(connection, scope)?;
    let sql = format!(
        "SELECT c.id, c.timestamp, coalesce(c.height, 0), coalesce(w.due_height, 0), c.covered_amount, w.due_amount
         FROM {} AS w JOIN costs AS c ON c.rowid = w.row ORDER BY c.timestamp, c.id LIMIT {most}",
        wrong(scope)
    );
    let mut statement = connection.prepare(&sql).context("compare trees of costs")?;
    let rows = statement
        .query_map([], |row| {
            let (held, due): (Option<i64>, Option<i64>) = (row.get(4)?, row.get(5)?);
            Ok(CubeDifference {
                table: "costs".to_owned(),
                key: format!(
                    "project {} {} id={}",
                    scope.project.0,
                    Timestamp(row.get(1)?),
                    row.get::<_, String>(0)?
                ),
                detail: format!(
                    "height: row {}, tree {}; covered amount: row {held:?}, tree {due:?}",
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?
                ),
            })
        })
        .context("compare trees of costs")?;
    rows.collect::<Result<_, _>>()
        .context("compare trees of costs")
}

fn has_parts(connection: &Connection, scope: Scope) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS (FROM costs WHERE {} AND (part_of IS NOT NULL OR height IS NOT NULL))",
        condition(scope)
    );
    connection
        .query_row(&sql, [], |row| row.get(0))
        .context("look for parts of costs")
}

/// Recomputes the position of every cost of a project. Rows that change take the sequence. Returns whether
/// the project has trees at all.
pub(crate) fn resettle(
    connection: &Connection,
    scope: Scope,
    sequence: u64,
) -> Result<bool, StoreError> {
    if !has_parts(connection, scope)? {
        return Ok(false);
    }
    settle(connection, scope)?;
    let set = KINDS.map(|kind| format!("{} = w.due_{kind}", covered(kind)));
    let sql = format!(
        "CREATE OR REPLACE TEMP TABLE moved AS FROM {};
         UPDATE costs SET height = w.due_height, {}, sequence = {sequence} FROM moved AS w WHERE costs.rowid = w.row",
        wrong(scope),
        set.join(", ")
    );
    connection
        .execute_batch(&sql)
        .context("settle trees of costs")?;
    Ok(true)
}

/// Recomputes the cubes of costs for the time range of the rows with the sequence, within the caller's
/// transaction.
pub(crate) fn sum_anew(
    connection: &Connection,
    scope: Scope,
    sequence: u64,
    retention: Retention,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT min(timestamp), max(timestamp) FROM costs WHERE {} AND sequence = {sequence}",
        condition(scope)
    );
    let (from, to): (Option<i64>, Option<i64>) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .context("find the time of costs")?;
    let Some((from, to)) = from.zip(to) else {
        return Ok(());
    };
    let cubes = CUBES.iter().filter(|cube| cube.family == Family::Costs);
    let cubes: Vec<_> = cubes.collect();
    let range = TimeRange::new(from, to + 1);
    rebuild_within(connection, &cubes, scope, range, retention, now)
}
