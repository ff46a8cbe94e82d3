//! Executions as records: the list behind the figures, with one row for every execution that the
//! metric `executions` counts, and the events of single executions.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, Status, TimeRange, Timestamp};

use super::{Cell, RecordError, Table};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// An event of an execution as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRecord {
    /// When it happened.
    pub timestamp: Timestamp,
    /// The event's id: with the timestamp the key of the list's order.
    pub id: String,
    /// The execution.
    pub execution_id: String,
    /// Its state from this moment on.
    pub status: Status,
    /// Milliseconds, given or derived.
    pub duration: Option<i64>,
    /// How many steps it ran.
    pub step_count: Option<i64>,
    /// The texts, in the order of [`TEXTS`].
    texts: [Option<String>; TEXTS.len()],
}

/// The columns of text beside the keys.
const TEXTS: [&str; 14] = [
    "workflow",
    "version",
    "environment",
    "user",
    "source",
    "trigger_id",
    "trigger_type",
    "error_type",
    "error_message",
    "error_step",
    "retry_of",
    "parent_execution_id",
    "subject_id",
    "metadata",
];

impl ExecutionRecord {
    /// The value of a column of text: `workflow`, `version`, `environment`, `user`, `source`,
    /// `trigger_id`, `trigger_type`, `error_type`, `error_message`, `error_step`, `retry_of`,
    /// `parent_execution_id`, `subject_id`, `metadata`.
    pub fn text(&self, column: &str) -> Option<&str> {
        let position = TEXTS.iter().position(|&known| known == column)?;
        self.texts[position].as_deref()
    }

    /// Takes over from another event of the same execution what this one does not say.
    pub fn fill_in(&mut self, other: &ExecutionRecord) {
        for (own, others) in self.texts.iter_mut().zip(&other.texts) {
            if own.is_none() {
                own.clone_from(others);
            }
        }
        self.step_count = self.step_count.or(other.step_count);
    }
}

/// Which executions are wanted. What is not given is not asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExecutionFilter {
    /// Of one of these states; empty means any.
    pub statuses: Vec<Status>,
    /// Of this workflow.
    pub workflow: Option<String>,
    /// Of this version.
    pub version: Option<String>,
    /// In this environment.
    pub environment: Option<String>,
    /// Of this user.
    pub user: Option<String>,
    /// Started by this trigger.
    pub trigger_id: Option<String>,
    /// Started by this type of trigger.
    pub trigger_type: Option<String>,
    /// With this type of error.
    pub error_type: Option<String>,
    /// With this text in the error's type or message, in any case of letters.
    pub error_text: Option<String>,
    /// That took at least so many milliseconds.
    pub min_duration: Option<i64>,
    /// That took at most so many milliseconds.
    pub max_duration: Option<i64>,
}

/// A page of the list: newest first, then by event id, descending.
#[derive(Clone, Debug)]
pub struct ExecutionPage<'a> {
    /// Which.
    pub filter: &'a ExecutionFilter,
    /// When.
    pub range: TimeRange,
    /// Only what comes after this key.
    pub after: Option<(Timestamp, &'a str)>,
    /// How many at most.
    pub limit: usize,
}

impl ExecutionPage<'_> {
    /// The statement of the page.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let wanted = &self.filter.statuses;
        let any = |terminal: bool| {
            wanted.is_empty() || wanted.iter().any(|status| status.is_terminal() == terminal)
        };
        let mut writer = Writer::new(dialect);
        columns(writer.text("SELECT "));
        writer.text(" FROM (");
        for (position, open) in [false, true]
            .into_iter()
            .filter(|&open| any(!open))
            .enumerate()
        {
            writer.text(if position > 0 { " UNION ALL " } else { "" });
            self.branch(&mut writer, scope, open);
        }
        writer.text(") ORDER BY \"timestamp\" DESC, \"id\" DESC LIMIT ");
        writer.integer(i64::try_from(self.limit).unwrap_or(i64::MAX));
        writer.finish()
    }

    /// Executions that have ended, or those that are open.
    fn branch(&self, writer: &mut Writer, scope: Scope, open: bool) {
        columns(writer.text("SELECT "));
        writer.text(" FROM \"executions\" AS n WHERE ");
        writer.scope(scope).during(self.range);
        writer.text(if open {
            " AND \"status\" IN ('started', 'waiting')"
        } else {
            " AND \"status\" NOT IN ('started', 'waiting')"
        });
        self.filter.write(writer);
        if let Some((timestamp, id)) = self.after {
            writer.text(" AND (\"timestamp\" < ").integer(timestamp.0);
            writer.text(" OR (\"timestamp\" = ").integer(timestamp.0);
            writer.text(" AND \"id\" < ").string(id).text("))");
        }
        if open {
            not_superseded(writer, scope, self.range);
        }
    }
}

/// As the cubes count: an open event is no execution where a terminal or a newer one of its execution
/// follows.
fn not_superseded(writer: &mut Writer, scope: Scope, range: TimeRange) {
    writer.text(" AND NOT EXISTS (SELECT 1 FROM \"executions\" AS e WHERE e.\"tenant\" = ");
    writer.integer(i64::from(scope.tenant.0));
    writer
        .text(" AND e.\"project\" = ")
        .integer(i64::from(scope.project.0));
    writer
        .text(" AND e.\"timestamp\" >= ")
        .integer(range.from.0);
    writer.text(
        " AND e.\"execution_id\" = n.\"execution_id\" AND e.\"timestamp\" >= n.\"timestamp\" \
         AND (e.\"status\" NOT IN ('started', 'waiting') OR e.\"timestamp\" > n.\"timestamp\" \
         OR (e.\"status\" = 'waiting' AND n.\"status\" = 'started') \
         OR (e.\"status\" = n.\"status\" AND e.\"id\" > n.\"id\")))",
    );
}

impl ExecutionFilter {
    fn write(&self, writer: &mut Writer) {
        writer.one_of("status", self.statuses.iter().map(|status| status.name()));
        for (column, value) in [
            ("workflow", &self.workflow),
            ("version", &self.version),
            ("environment", &self.environment),
            ("user", &self.user),
            ("trigger_id", &self.trigger_id),
            ("trigger_type", &self.trigger_type),
            ("error_type", &self.error_type),
        ] {
            writer.equals(column, value.as_deref());
        }
        if let Some(least) = self.min_duration {
            writer.text(" AND \"duration\" >= ").integer(least);
        }
        if let Some(most) = self.max_duration {
            writer.text(" AND \"duration\" <= ").integer(most);
        }
        if let Some(text) = &self.error_text {
            writer.text(" AND (").contains("error_message", text);
            writer.text(" OR ").contains("error_type", text).text(")");
        }
    }
}

/// Every event of one execution, oldest first.
pub fn events_of(scope: Scope, dialect: Dialect, execution: &str, range: TimeRange) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "));
    writer.text(" FROM \"executions\" WHERE ");
    writer.scope(scope).during(range);
    writer.equals("execution_id", Some(execution));
    writer.text(" ORDER BY \"timestamp\", \"id\" LIMIT 1000");
    writer.finish()
}

/// The events of the executions that an execution is related to: those named (its parent, the one it
/// retries), those that it called and those that retry it; at most `limit` of the latter.
pub fn related_to(
    scope: Scope,
    dialect: Dialect,
    execution: &str,
    named: &[&str],
    limit: usize,
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "));
    writer
        .text(" FROM \"executions\" WHERE ")
        .scope(scope)
        .text(" AND (false");
    for id in named {
        writer.text(" OR \"execution_id\" = ").string(id);
    }
    writer.text(" OR \"execution_id\" IN (SELECT \"execution_id\" FROM \"executions\" WHERE ");
    writer.scope(scope).text(" AND (\"parent_execution_id\" = ");
    writer.string(execution).text(" OR \"retry_of\" = ");
    writer.string(execution);
    writer.text(") GROUP BY 1 ORDER BY min(\"timestamp\"), 1 LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.text(")) ORDER BY \"timestamp\", \"id\"");
    writer.finish()
}

fn columns(writer: &mut Writer) {
    writer
        .text("\"timestamp\", \"id\", \"execution_id\", \"status\", \"duration\", \"step_count\"");
    for column in TEXTS {
        writer.text(", ").name(column);
    }
}

/// Reads the rows of the statements of this file.
pub fn read_executions(batches: &[RecordBatch]) -> Result<Vec<ExecutionRecord>, RecordError> {
    let mut records = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (timestamps, ids, executions) = (table.integers(0)?, table.texts(1)?, table.texts(2)?);
        let (statuses, durations) = (table.texts(3)?, table.integers(4)?);
        let step_counts = table.integers(5)?;
        let texts: Vec<_> = (6..6 + TEXTS.len())
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let status = statuses.at(row).as_deref().and_then(Status::from_name);
            records.push(ExecutionRecord {
                timestamp: Timestamp(timestamps.value(row)),
                id: ids.at(row).unwrap_or_default(),
                execution_id: executions.at(row).unwrap_or_default(),
                status: status.ok_or(RecordError {
                    column: 3,
                    expected: "a status",
                })?,
                duration: durations.at(row),
                step_count: step_counts.at(row),
                texts: std::array::from_fn(|position| texts[position].at(row)),
            });
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests;
