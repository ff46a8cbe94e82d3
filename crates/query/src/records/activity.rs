//! What users did: sessions, the usage of each user, the days on which each was active, and the audit
//! trail. Activities without a user appear only in the audit trail.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, Timestamp};

use super::{Cell, RecordError, Table, steps::bucket_start};
use crate::{Dialect, Statement, Writer, buckets::Buckets};

pub mod trail;

/// A column of activities that can be filtered by a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The environment.
    Environment,
    /// The workflow acted on.
    Workflow,
    /// The user who acted.
    User,
    /// The action.
    Action,
    /// The kind of resource acted on.
    Resource,
    /// The id of the resource.
    ResourceId,
    /// The session, as named by the producer.
    Session,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Workflow => "workflow",
            Self::User => "user",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::ResourceId => "resource_id",
            Self::Session => "session_id",
        }
    }
}

/// A selection of activities.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The range in which they began.
    pub range: TimeRange,
    /// The values that columns must have.
    pub filters: Vec<(Column, String)>,
}

impl Selection {
    /// Writes ` FROM activities WHERE` and the conditions.
    fn write(&self, writer: &mut Writer, scope: Scope) {
        writer.text(" FROM \"activities\" WHERE ").scope(scope);
        writer.during(self.range);
        for (column, value) in &self.filters {
            writer.equals(column.name(), Some(value));
        }
    }
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// When its first activity began.
    pub began: Timestamp,
    /// The latest end of its activities.
    pub ended: Timestamp,
    /// How many activities it has.
    pub activities: u64,
}

/// What one user did in the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The user.
    pub user: String,
    /// The number of activities.
    pub activities: u64,
    /// The number of sessions.
    pub sessions: u64,
    /// The time in sessions, in milliseconds.
    pub active_time_ms: i64,
    /// When the first activity began.
    pub first: Timestamp,
    /// When the last activity began.
    pub last: Timestamp,
    /// The number of buckets with activity.
    pub active_days: u64,
    /// The number of distinct pairs of action and kind of resource.
    pub features: u64,
}

/// The activities with `paused`: how long the user was inactive before (null for the first).
fn paused(writer: &mut Writer, scope: Scope, selection: &Selection) {
    writer.text(
        "SELECT *, \"timestamp\" - \"before\" AS \"paused\" FROM (SELECT *, max(\"ended\") OVER \
         (PARTITION BY \"user\" ORDER BY \"timestamp\", \"ended\" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) \
         AS \"before\" FROM (SELECT \"user\", \"timestamp\", \"action\", \"resource\", \
         \"timestamp\" + coalesce(\"duration\", 0) AS \"ended\"",
    );
    selection.write(writer, scope);
    writer.text(" AND \"user\" IS NOT NULL))");
}

/// The statement for the sessions of every user, in the order in which they began. A pause longer
/// than `gap` milliseconds separates two sessions.
pub fn sessions(scope: Scope, selection: &Selection, gap: i64, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text(
        "SELECT min(\"timestamp\"), max(\"ended\"), count(*) FROM (SELECT *, \
         sum(CASE WHEN \"paused\" <= ",
    );
    writer.integer(gap).text(
        " THEN 0 ELSE 1 END) OVER (PARTITION BY \"user\" ORDER BY \"timestamp\", \"ended\" \
         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS \"session\" FROM (",
    );
    paused(&mut writer, scope, selection);
    writer.text(")) GROUP BY \"user\", \"session\" ORDER BY 1, 2, 3");
    writer.finish()
}

/// The sessions that [`sessions`] found.
/// Fails if the store returned other columns than the statement asks for.
pub fn read_sessions(batches: &[RecordBatch]) -> Result<Vec<SessionRow>, RecordError> {
    let mut found = Vec::new();
    for table in batches.iter().map(Table) {
        let (began, ended) = (table.integers(0)?, table.integers(1)?);
        let activities = table.integers(2)?;
        found.extend((0..table.rows()).map(|row| SessionRow {
            began: Timestamp(began.value(row)),
            ended: Timestamp(ended.value(row)),
            activities: activities.value(row).unsigned_abs(),
        }));
    }
    Ok(found)
}

/// The statement for what each user did, in the order of users. `days` are the buckets of the selection's
/// range in which active days are counted.
pub fn users(
    scope: Scope,
    selection: &Selection,
    days: &Buckets,
    gap: i64,
    dialect: Dialect,
) -> Statement {
    let day = bucket_start(days, "\"timestamp\"", dialect);
    let mut writer = Writer::new(dialect);
    // What the activity adds to the user's time: from the end of the preceding one, including pauses in
    // a session.
    let added = format!(
        "CASE WHEN \"paused\" <= {gap} THEN greatest(\"ended\" - \"before\", 0) ELSE \"ended\" - \"timestamp\" END"
    );
    writer.text(&format!(
        "SELECT \"user\", count(*), count(CASE WHEN \"paused\" <= {gap} THEN NULL ELSE 1 END), {}, \
         min(\"timestamp\"), max(\"timestamp\"), ",
        dialect.sum(&added, None, false)
    ));
    writer.text(&format!(
        "count(DISTINCT {day}), count(DISTINCT (\"action\", \"resource\")) FROM ("
    ));
    paused(&mut writer, scope, selection);
    writer.text(") GROUP BY \"user\" ORDER BY 1");
    writer.finish()
}

/// The users that [`users`] found. Fails if the store returned other columns than the statement asks for.
pub fn read_users(batches: &[RecordBatch]) -> Result<Vec<UserRow>, RecordError> {
    let mut found = Vec::new();
    for table in batches.iter().map(Table) {
        let users = table.texts(0)?;
        let numbers: Vec<_> = (1..8)
            .map(|column| table.integers(column))
            .collect::<Result<_, _>>()?;
        let count = |column: usize, row: usize| numbers[column].value(row).unsigned_abs();
        let time = |column: usize, row: usize| numbers[column].value(row);
        found.extend((0..table.rows()).map(|row| UserRow {
            user: users.at(row).unwrap_or_default(),
            activities: count(0, row),
            sessions: count(1, row),
            active_time_ms: time(2, row),
            first: Timestamp(time(3, row)),
            last: Timestamp(time(4, row)),
            active_days: count(5, row),
            features: count(6, row),
        }));
    }
    Ok(found)
}

/// The statement for the buckets in which each user was active: one list per user.
pub fn presence(
    scope: Scope,
    selection: &Selection,
    days: &Buckets,
    dialect: Dialect,
) -> Statement {
    let day = bucket_start(days, "\"timestamp\"", dialect);
    let mut writer = Writer::new(dialect);
    writer.text("SELECT ").text(&dialect.distinct_list(&day));
    selection.write(&mut writer, scope);
    writer.text(" AND \"user\" IS NOT NULL GROUP BY \"user\"");
    writer.finish()
}

/// The positions of the buckets that [`presence`] found, ascending, for each user.
/// Fails if the store returned other columns than the statement asks for.
pub fn read_presence(
    batches: &[RecordBatch],
    days: &Buckets,
) -> Result<Vec<Vec<usize>>, RecordError> {
    let mut found = Vec::new();
    for table in batches.iter().map(Table) {
        let lists = table.integer_lists(0)?;
        found.extend((0..table.rows()).map(|row| {
            let starts = lists.at(row).unwrap_or_default();
            let days = starts.iter().map(|&start| days.index_of(Timestamp(start)));
            days.collect()
        }));
    }
    Ok(found)
}

/// The statement for the first and last time that a user was ever active.
pub fn lifetime(scope: Scope, user: &str, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT min(\"timestamp\"), max(\"timestamp\") FROM \"activities\" WHERE ");
    writer.scope(scope).equals("user", Some(user));
    writer.finish()
}

/// The times of the first and last activity that [`lifetime`] found; `None` for a user without activities.
/// Fails if the store returned other columns than the statement asks for.
pub fn read_lifetime(
    batches: &[RecordBatch],
) -> Result<Option<(Timestamp, Timestamp)>, RecordError> {
    let mut tables = batches.iter().map(Table);
    if let Some(table) = tables.find(|table| table.rows() > 0) {
        let first = table.integers(0)?.at(0);
        let last = table.integers(1)?.at(0);
        return Ok(first.zip(last).map(|(f, l)| (Timestamp(f), Timestamp(l))));
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
