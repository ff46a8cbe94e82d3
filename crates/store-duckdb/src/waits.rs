//! How long steps waited that were stored before their producers could say so.

use arrow::array::{Array, AsArray};
use duckdb::Connection;
use weir_model::event::waits;
use weir_store::StoreError;

use crate::{arrays::Columns, error::Context, tables::fill_temporary};

/// Fills in what stored steps waited, by the rule for events that do not say it ([`waits`]), within the
/// caller's transaction.
pub(crate) fn judge(connection: &Connection) -> Result<(), StoreError> {
    let types = waiting_types(connection)?;
    if types.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    columns.text("step_type", types.iter().map(|name| Some(name.as_str())));
    fill_temporary(connection, "waiting", "step_type VARCHAR", columns)?;
    connection
        .execute_batch(
            "UPDATE steps SET wait_duration = duration
             WHERE duration > 0 AND step_type IN (SELECT step_type FROM waiting);
             DROP TABLE waiting",
        )
        .context("judge how long stored steps waited")
}

/// The stored types of steps that wait.
fn waiting_types(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT step_type FROM steps WHERE step_type IS NOT NULL";
    let mut statement = connection.prepare(sql).context("read types of steps")?;
    let mut types = Vec::new();
    for batch in statement.query_arrow([]).context("read types of steps")? {
        let names = batch.column(0).as_string::<i32>();
        let known = (0..names.len()).map(|row| names.value(row));
        types.extend(known.filter(|name| waits(name)).map(str::to_owned));
    }
    Ok(types)
}
