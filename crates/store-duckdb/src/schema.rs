//! Tables: migrations for raw events, and cube tables created from their declarations.

use duckdb::{Connection, params};
use weir_model::cube::{CUBES, Cube, DECLARED_CUBES};
use weir_store::{StoreError, fold::Rules};

use crate::{connect::quoted, declared, error::Context, tables::in_transaction, waits};

/// Every migration, in order. Append only.
const MIGRATIONS: &[(i32, &str)] = &[
    (1, include_str!("../migrations/0001_raw_events.sql")),
    (2, include_str!("../migrations/0002_error_groups.sql")),
    (3, include_str!("../migrations/0003_prices.sql")),
    (4, include_str!("../migrations/0004_identity.sql")),
    (5, include_str!("../migrations/0005_costs.sql")),
    (6, include_str!("../migrations/0006_hardening.sql")),
    (7, include_str!("../migrations/0007_dimensions.sql")),
    (8, include_str!("../migrations/0008_worth.sql")),
    (9, include_str!("../migrations/0009_steps.sql")),
    (10, include_str!("../migrations/0010_cost_steps.sql")),
];

/// Fills new columns from stored rows, by rules that are not SQL.
type Fill = fn(&Connection) -> Result<(), StoreError>;

/// What belongs to a migration beyond its SQL.
const FILLS: &[(i32, Fill)] = &[(9, waits::judge)];

/// The database in memory that has the facts functions. It is made anew with every start, all connections share it, and
/// it never writes to the log.
const FUNCTIONS: &str = "facts_functions";

/// The raw source of each family.
const FACTS: &str = include_str!("../migrations/facts.sql");

/// The raw source of each cube of declared dimensions.
const DECLARED_FACTS: &str = include_str!("../migrations/declared_facts.sql");

/// Migrates the tables. Returns the cubes whose tables were recreated and are empty; once they are filled,
/// [`note_filled`] has to be told.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Vec<&'static Cube>, StoreError> {
    connection
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at TIMESTAMP DEFAULT current_timestamp)",
        )
        .context("create schema_migrations")?;
    for (version, sql) in MIGRATIONS {
        let transaction = connection.transaction().context("begin a migration")?;
        let applied: i64 = transaction
            .query_row(
                "SELECT count(*) FROM schema_migrations WHERE version = ?",
                params![version],
                |row| row.get(0),
            )
            .context("read schema_migrations")?;
        if applied == 0 {
            transaction
                .execute_batch(sql)
                .context("apply a migration")?;
            for (_, fill) in FILLS.iter().filter(|(of, _)| of == version) {
                fill(&transaction)?;
            }
            transaction
                .execute(
                    "INSERT INTO schema_migrations (version) VALUES (?)",
                    params![version],
                )
                .context("record a migration")?;
        }
        transaction.commit().context("commit a migration")?;
    }
    let mut fresh = Vec::new();
    for cube in CUBES {
        if make_cube_tables(connection, cube)? {
            fresh.push(cube);
        }
    }
    for cube in DECLARED_CUBES {
        if make_cube_tables(connection, cube)? {
            // A job fills them while the store is open.
            declared::forget_cubes(connection)?;
            note_filled(connection, &[cube])?;
        }
    }
    Ok(fresh)
}

/// Creates the facts functions. This connection sees them; each further one needs [`use_functions`].
pub(crate) fn create_functions(connection: &Connection, rules: Rules) -> Result<(), StoreError> {
    let store = current_database(connection)?;
    let mut sql = format!("ATTACH ':memory:' AS {FUNCTIONS};");
    sql += &searched(&[FUNCTIONS, &store]);
    sql += &FACTS.replace("{skew}", &rules.skew.to_string());
    for cube in DECLARED_CUBES {
        sql += &DECLARED_FACTS.replace("{family}", cube.family.name());
    }
    sql += &searched(&[&store, FUNCTIONS]);
    connection
        .execute_batch(&sql)
        .context("create the facts functions")
}

/// Lets a connection see the facts functions.
pub(crate) fn use_functions(connection: &Connection) -> Result<(), StoreError> {
    let store = current_database(connection)?;
    connection
        .execute_batch(&searched(&[&store, FUNCTIONS]))
        .context("use the facts functions")
}

fn current_database(connection: &Connection) -> Result<String, StoreError> {
    connection
        .query_row("SELECT current_database()", [], |row| row.get(0))
        .context("read the name of the database")
}

/// A statement by which names are looked up in these databases, the first of which new objects belong to.
fn searched(databases: &[&str]) -> String {
    let schemas = databases
        .iter()
        .map(|name| format!("\"{}\".main", name.replace('"', "\"\"")));
    let path = schemas.collect::<Vec<_>>().join(",");
    format!("SET search_path = {};", quoted(&path))
}

/// Notes that the tables of these cubes hold what they declare: until then, each start creates them again.
pub(crate) fn note_filled(connection: &Connection, cubes: &[&Cube]) -> Result<(), StoreError> {
    in_transaction(connection, || {
        for cube in cubes {
            connection
                .execute(
                    "INSERT OR REPLACE INTO cube_tables VALUES (?, ?)",
                    params![cube.name, cube_columns(cube)],
                )
                .context("note a cube")?;
        }
        Ok(())
    })
}

/// Creates the tables of a cube if they are missing, not filled, or their declaration changed.
fn make_cube_tables(connection: &Connection, cube: &Cube) -> Result<bool, StoreError> {
    let columns = cube_columns(cube);
    let stored: Option<String> = connection
        .query_row(
            "SELECT max(columns) FROM cube_tables WHERE name = ?",
            params![cube.name],
            |row| row.get(0),
        )
        .context("read cube_tables")?;
    if stored.as_deref() == Some(columns.as_str()) {
        return Ok(false);
    }
    let mut sql = String::from("BEGIN;");
    for &granularity in cube.granularities() {
        let table = cube.table(granularity);
        sql += &format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns});");
    }
    sql += &format!(
        "DELETE FROM cube_tables WHERE name = '{}'; COMMIT;",
        cube.name
    );
    connection
        .execute_batch(&sql)
        .context("create cube tables")?;
    Ok(true)
}

/// The columns of a cube's tables. `merged` distinguishes rows written by compaction from fresh partials.
fn cube_columns(cube: &Cube) -> String {
    let mut columns =
        String::from("tenant INTEGER NOT NULL, project INTEGER NOT NULL, bucket BIGINT NOT NULL");
    for dimension in cube.dimensions {
        columns += &format!(", \"{}\" VARCHAR", dimension.name());
    }
    for measure in cube.family.measures() {
        columns += &format!(", \"{measure}\" BIGINT NOT NULL");
    }
    if cube.family.has_sketch() {
        // Its own encoding is compact; compressing it again would save little and slow down every report.
        columns += ", sketch BLOB USING COMPRESSION uncompressed";
    }
    columns + ", merged BOOLEAN NOT NULL"
}
