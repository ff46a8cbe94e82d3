//! Small helpers for reading SQLite.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use crate::MetaError;

/// Reads a UUID that is stored as text.
pub(crate) fn uuid_column(row: &SqliteRow, column: &str) -> Result<Uuid, MetaError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| MetaError::Damaged("public id"))
}

/// Parses JSON that is stored as text.
pub(crate) fn parse_json(text: &str) -> Result<serde_json::Value, MetaError> {
    serde_json::from_str(text).map_err(|_| MetaError::Damaged("JSON"))
}

/// Whether a statement failed because another row has the same unique value, such as a name.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.is_unique_violation())
}

/// Whether a table exists; control data of an earlier version can lack it.
pub(crate) async fn has_table(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<bool, MetaError> {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1")
            .bind(table)
            .fetch_one(connection)
            .await?;
    Ok(count > 0)
}
