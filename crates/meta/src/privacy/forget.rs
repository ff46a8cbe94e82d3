//! Removing a user's id from the control data.

use serde_json::Value;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{Actor, AuditKind, AuditRecord, MetaError, MetaStore, sqlite::is_taken};

/// Replaces the id of the user in texts.
const GONE: &str = "[erased]";

/// How many names are tried for a row whose name another one has.
const MOST_ATTEMPTS: i64 = 1_000;

/// What the erasure of a user changed in the event store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedUser {
    /// When the erasure finished.
    pub at: Timestamp,
    /// Number of events of the user.
    pub rows: i64,
    /// Number of values and texts in other columns that named the user.
    pub mentions: i64,
    /// Number of cube rows that named the user.
    pub cube_rows: i64,
}

/// Text columns that can name a user: table, column, and the condition that selects the rows of a project. A
/// row is identified by its `rowid`.
const TEXTS: [(&str, &str, &str); 25] = [
    ("segments", "name", "project_key = $1"),
    ("segments", "definition", "project_key = $1"),
    ("error_rules", "rules", "project_key = $1"),
    ("error_rules", "note", "project_key = $1"),
    ("error_groups", "title", "project_key = $1"),
    ("error_group_examples", "message", "project_key = $1"),
    ("budgets", "name", "project_key = $1"),
    ("redaction_rules", "rules", "project_key = $1"),
    ("dimensions", "declared", "project_key = $1"),
    ("process_rules", "rules", "project_key = $1"),
    ("saved_views", "name", "project_key = $1"),
    ("saved_views", "content", "project_key = $1"),
    ("saved_views", "author", "project_key = $1"),
    ("error_triage", "note", "project_key = $1"),
    ("error_triage", "decided_by", "project_key = $1"),
    ("error_triage", "author", "project_key = $1"),
    ("annotations", "title", "project_key = $1"),
    ("annotations", "description", "project_key = $1"),
    ("annotations", "url", "project_key = $1"),
    ("annotations", "workflow", "project_key = $1"),
    ("annotations", "environment", "project_key = $1"),
    ("annotations", "version", "project_key = $1"),
    ("annotations", "author", "project_key = $1"),
    ("audit_log", "subject", "project_key = $1"),
    ("audit_log", "detail", "project_key = $1"),
];

impl MetaStore {
    /// Removes a user's id from a project's control data (segments, error groups, rules, budgets, the audit
    /// log) and from the erasure itself, which is then finished, all in one transaction.
    pub async fn finish_erasure(
        &self,
        scope: Scope,
        id: Uuid,
        user: &str,
        erased: ErasedUser,
    ) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        for (table, column, condition) in TEXTS {
            scrub(&mut transaction, (table, column, condition), scope, user).await?;
        }
        // A budget for the spending of an erased user has no meaning.
        sqlx::query(
            "DELETE FROM budgets WHERE project_key = $1 AND level = 'user' AND subject = $2",
        )
        .bind(scope.project.0)
        .bind(user)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE erasures SET user_id = NULL, finished_at = $3, rows = $4, mentions = $5, cube_rows = $6
             WHERE id = $1 AND project_key = $2",
        )
        .bind(id.to_string())
        .bind(scope.project.0)
        .bind(erased.at.0)
        .bind(erased.rows)
        .bind(erased.mentions)
        .bind(erased.cube_rows)
        .execute(&mut *transaction)
        .await?;
        let detail = serde_json::json!({
            "rows": erased.rows, "mentions": erased.mentions, "cubeRows": erased.cube_rows,
        });
        let record = AuditRecord {
            kind: AuditKind::Change,
            actor: &Actor::system(),
            action: "erasure.finished",
            subject: &id.to_string(),
            detail: &detail.to_string(),
        };
        self.record_audit(&mut transaction, scope.tenant, Some(scope.project), record)
            .await?;
        transaction.commit().await?;
        // The overwritten texts stay in the write-ahead log until a checkpoint.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

async fn scrub(
    connection: &mut SqliteConnection,
    (table, column, condition): (&str, &str, &str),
    scope: Scope,
    user: &str,
) -> Result<(), MetaError> {
    let escaped = Value::from(user).to_string();
    let select = format!(
        "SELECT rowid AS row, {column} AS text FROM {table}
         WHERE {condition} AND (instr({column}, $2) OR instr({column}, $3) OR instr({column}, $4)
            OR instr({column}, $5))"
    );
    let rows = sqlx::query(AssertSqlSafe(select))
        .bind(scope.project.0)
        .bind(user)
        .bind(escaped.trim_matches('"'))
        .bind(percent_encoded(user))
        .bind(
            Value::from(escaped.trim_matches('"'))
                .to_string()
                .trim_matches('"'),
        )
        .fetch_all(&mut *connection)
        .await?;
    for row in rows {
        let text: String = row.try_get("text")?;
        let row: i64 = row.try_get("row")?;
        replace(connection, (table, column), row, &without(&text, user)).await?;
    }
    Ok(())
}

/// Replaces a text. Where names must differ, and another row has the same one by now, the row's number follows it.
async fn replace(
    connection: &mut SqliteConnection,
    (table, column): (&str, &str),
    row: i64,
    text: &str,
) -> Result<(), MetaError> {
    let update = format!("UPDATE {table} SET {column} = $1 WHERE rowid = $2");
    let mut name = text.to_owned();
    for attempt in 0.. {
        let replaced = sqlx::query(AssertSqlSafe(update.clone()))
            .bind(&name)
            .bind(row)
            .execute(&mut *connection)
            .await;
        match replaced {
            Err(error) if is_taken(&error) && attempt < MOST_ATTEMPTS => {
                name = format!("{text} {}", row + attempt);
            }
            done => return Ok(done.map(drop)?),
        }
    }
    Ok(())
}

/// A text without a user's id; in JSON, without the id in its string values.
fn without(text: &str, user: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value @ (Value::Object(_) | Value::Array(_))) => {
            remove_from_json(&mut value, user);
            value.to_string()
        }
        _ => replace_id(text, user),
    }
}

fn remove_from_json(value: &mut Value, user: &str) {
    match value {
        // A text can be JSON itself, such as several values of a parameter.
        Value::String(text) => *text = without(text, user),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| remove_from_json(item, user)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| remove_from_json(field, user)),
        _ => {}
    }
}

/// A text without an id, plain or percent-encoded. Occurrences next to a letter, digit or underscore stay.
fn replace_id(text: &str, user: &str) -> String {
    let encoded = percent_encoded(user);
    let mut result = replace_mentions(text, user);
    if encoded != user {
        result = replace_mentions(&result, &encoded);
    }
    result
}

fn replace_mentions(text: &str, id: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(id) {
        let (before, after) = (&rest[..at], &rest[at + id.len()..]);
        let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        result.push_str(before);
        let left = before.chars().next_back().or(result.chars().next_back());
        let stands_alone = !part_of_word(left) && !part_of_word(after.chars().next());
        result.push_str(if stands_alone { GONE } else { id });
        rest = after;
    }
    result.push_str(rest);
    result
}

/// An id as browsers encode it in the path of a URL.
fn percent_encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!*'()".contains(&byte);
    id.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_removed_from_a_text_only_where_it_stands_alone() {
        for (text, left) in [
            ("ada", "[erased]"),
            ("no ada, ada!", "no [erased], [erased]!"),
            ("adam and xada", "adam and xada"),
            ("/users/ada/x", "/users/[erased]/x"),
            (
                r#"{"a":["ada",{"ada":"for ada"}]}"#,
                r#"{"a":["[erased]",{"ada":"for [erased]"}]}"#,
            ),
        ] {
            assert_eq!(without(text, "ada"), left);
        }
        assert_eq!(without("/users/a%40b.io", "a@b.io"), "/users/[erased]");
        let nested = r#"{"users":"[\"CORP\\\\dave\",\"zz\"]"}"#;
        assert_eq!(
            without(nested, r"CORP\dave"),
            r#"{"users":"[\"[erased]\",\"zz\"]"}"#
        );
    }
}
