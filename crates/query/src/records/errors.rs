//! Stored errors: their texts and exact times, which the cubes do not hold.

use std::collections::HashMap;

use arrow::{array::Int64Array, record_batch::RecordBatch};
use weir_model::{Scope, TimeRange, Timestamp, cube::Dimension};

use super::{Cell, NO_COPIES, RecordError, Table, Told};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// Failed and crashed executions, by a dimension of errors.
#[derive(Clone, Debug)]
pub struct ErrorRecords {
    /// [`Dimension::ErrorGroup`], [`Dimension::ErrorClass`] or [`Dimension::ErrorType`].
    pub by: Dimension,
    /// Only these values of the dimension; empty for all.
    pub only: Vec<String>,
    /// The range of time; `None` for all time.
    pub range: Option<TimeRange>,
    /// Only in this environment.
    pub environment: Option<String>,
    /// Only of this workflow.
    pub workflow: Option<String>,
    /// The values that declared dimensions of their executions must have.
    pub told: Vec<Told>,
}

/// When errors were first and last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
}

/// How often and when errors occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrences {
    /// How many there were.
    pub count: u64,
    /// The first and the last time.
    pub seen: Seen,
    /// How many of them there were since a moment.
    pub recent: u64,
}

/// One failed or crashed execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRecord {
    /// When it ended.
    pub timestamp: Timestamp,
    /// Its id.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// The error's type.
    pub error_type: Option<String>,
    /// The error's message.
    pub message: Option<String>,
    /// The step that failed.
    pub error_step: Option<String>,
}

/// Results by value of the dimension; null counts as a value.
pub type ByValue<T> = HashMap<Option<String>, T>;

impl ErrorRecords {
    /// The statement for [`ErrorRecords::seen`].
    pub fn write_seen(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text("SELECT ").name(self.by.name());
        writer.text(", min(\"timestamp\"), max(\"timestamp\")");
        self.source(&mut writer, scope);
        writer.text(" GROUP BY 1");
        writer.finish()
    }

    /// First and last times from the rows of [`ErrorRecords::write_seen`].
    pub fn seen(batches: &[RecordBatch]) -> Result<ByValue<Seen>, RecordError> {
        let mut seen = ByValue::new();
        for batch in batches {
            let table = Table(batch);
            let (values, first, last) = (table.texts(0)?, table.integers(1)?, table.integers(2)?);
            for row in 0..table.rows() {
                if let (Some(first), Some(last)) = (first.at(row), last.at(row)) {
                    let times = Seen {
                        first: Timestamp(first),
                        last: Timestamp(last),
                    };
                    seen.insert(values.at(row), times);
                }
            }
        }
        Ok(seen)
    }

    /// The statement for [`ErrorRecords::occurrences`]; recent are those from a moment on.
    pub fn write_occurrences(&self, scope: Scope, dialect: Dialect, since: Timestamp) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text(
            "SELECT count(*), min(\"timestamp\"), max(\"timestamp\"), count(*) FILTER (\"since\" <= \"timestamp\") FROM (SELECT \"timestamp\", ",
        );
        writer.integer(since.0).text(" AS \"since\"");
        self.source(&mut writer, scope);
        writer.text(") AS \"errors\"");
        writer.finish()
    }

    /// The row of [`ErrorRecords::write_occurrences`]; `None` if there were none.
    pub fn occurrences(batches: &[RecordBatch]) -> Result<Option<Occurrences>, RecordError> {
        let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
            return Ok(None);
        };
        let table = Table(batch);
        let [counts, first, last, recent] = [0, 1, 2, 3].map(|column| table.integers(column));
        let count = |of: &Int64Array| of.at(0).unwrap_or_default().unsigned_abs();
        let (count, recent) = (count(counts?), count(recent?));
        let times = first?.at(0).zip(last?.at(0));
        Ok(times.map(|(first, last)| Occurrences {
            count,
            seen: Seen {
                first: Timestamp(first),
                last: Timestamp(last),
            },
            recent,
        }))
    }

    /// The statement for [`ErrorRecords::newest`]: the newest `each` errors of every value. It first
    /// finds the time since which they occurred, so that it has to sort a few rows and not every error
    /// of the range.
    pub fn write_newest(&self, scope: Scope, dialect: Dialect, each: u32) -> Statement {
        const COLUMNS: &str = "\"timestamp\", \"execution_id\", \"workflow\", \"error_type\", \
             \"error_message\", \"error_step\"";
        let mut writer = Writer::new(dialect);
        let by = dialect.identifier(self.by.name());
        let since = dialect.nth_largest("\"timestamp\"", each);
        writer.text(&format!(
            "WITH \"recent\" AS (SELECT {by} AS \"value\", {since} AS \"since\""
        ));
        self.source(&mut writer, scope);
        writer.text(&format!(
            " GROUP BY 1) SELECT \"value\", {COLUMNS} FROM (SELECT \"value\", {COLUMNS}, \
             row_number() OVER (PARTITION BY \"value\" ORDER BY \"timestamp\" DESC, \"id\" DESC) AS \"place\" \
             FROM \"recent\" JOIN (SELECT *"
        ));
        self.source(&mut writer, scope);
        writer.text(&format!(
            ") AS \"errors\" ON {by} IS NOT DISTINCT FROM \"value\" AND \"timestamp\" >= \"since\") AS \"placed\" \
             WHERE \"place\" <= {each} ORDER BY \"timestamp\" DESC, \"execution_id\""
        ));
        writer.finish()
    }

    /// The newest errors from the rows of [`ErrorRecords::write_newest`], newest first.
    pub fn newest(batches: &[RecordBatch]) -> Result<ByValue<Vec<ErrorRecord>>, RecordError> {
        let mut newest: ByValue<Vec<ErrorRecord>> = ByValue::new();
        for batch in batches {
            let table = Table(batch);
            let values = table.texts(0)?;
            let times = table.integers(1)?;
            let executions = table.texts(2)?;
            let (workflows, types) = (table.texts(3)?, table.texts(4)?);
            let (messages, steps) = (table.texts(5)?, table.texts(6)?);
            for row in 0..table.rows() {
                newest.entry(values.at(row)).or_default().push(ErrorRecord {
                    timestamp: Timestamp(times.at(row).unwrap_or_default()),
                    execution_id: executions.at(row).unwrap_or_default(),
                    workflow_id: workflows.at(row),
                    error_type: types.at(row),
                    message: messages.at(row),
                    error_step: steps.at(row),
                });
            }
        }
        Ok(newest)
    }

    /// The statement for [`ErrorRecords::first_after`]: when each of these values first occurred after a moment
    /// of its own, whatever `only` says. `None` without values.
    pub fn write_first_after(
        &self,
        scope: Scope,
        dialect: Dialect,
        moments: &[(&str, Timestamp)],
    ) -> Option<Statement> {
        let earliest = moments.iter().map(|(_, moment)| *moment).min()?;
        let mut writer = Writer::new(dialect);
        writer.text("SELECT \"value\", min(\"timestamp\") FROM (SELECT \"timestamp\", ");
        writer.name(self.by.name()).text(" AS \"found\"");
        self.source(&mut writer, scope);
        writer.text(" AND \"timestamp\" > ").integer(earliest.0);
        writer.text(") AS \"errors\" JOIN (VALUES ");
        for (number, (value, moment)) in moments.iter().enumerate() {
            writer.text(if number == 0 { "(" } else { ", (" });
            writer.string(value).text(", ").integer(moment.0).text(")");
        }
        writer.text(
            ") AS \"moments\"(\"value\", \"moment\") ON \"found\" = \"value\" AND \"timestamp\" > \"moment\" GROUP BY 1",
        );
        Some(writer.finish())
    }

    /// The times from the rows of [`ErrorRecords::write_first_after`].
    pub fn first_after(batches: &[RecordBatch]) -> Result<HashMap<String, Timestamp>, RecordError> {
        let mut times = HashMap::new();
        for batch in batches {
            let table = Table(batch);
            let (values, first) = (table.texts(0)?, table.integers(1)?);
            for row in 0..table.rows() {
                if let (Some(value), Some(first)) = (values.at(row), first.at(row)) {
                    times.insert(value, Timestamp(first));
                }
            }
        }
        Ok(times)
    }

    fn source(&self, writer: &mut Writer, scope: Scope) {
        writer
            .text(" FROM ")
            .name("executions")
            .text(" WHERE ")
            .scope(scope);
        if let Some(range) = self.range {
            writer.during(range);
        }
        writer.text(" AND \"status\" IN ('failed', 'crashed') AND \"superseded\" IS NOT TRUE");
        writer.equals("environment", self.environment.as_deref());
        writer.equals("workflow", self.workflow.as_deref());
        writer.one_of(self.by.name(), self.only.iter().map(String::as_str));
        for told in &self.told {
            told.write(writer, scope);
        }
    }
}

/// Kinds of stored errors: how often a type and message occur at a step of a workflow under a key.
#[derive(Clone, Copy, Debug)]
pub struct ErrorKinds {
    /// The number of kinds, most frequent first.
    pub limit: i64,
}

/// A type and message at a step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorKind {
    /// The step that failed.
    pub step: Option<String>,
    /// The workflow.
    pub workflow: Option<String>,
    /// The error's type.
    pub error_type: Option<String>,
    /// The error's message.
    pub message: Option<String>,
    /// The group that they are counted under.
    pub group: Option<String>,
    /// The class that they are counted under.
    pub class: Option<String>,
    /// Failed and crashed executions.
    pub executions: u64,
    /// Failed steps.
    pub steps: u64,
}

impl ErrorKinds {
    /// The statement for [`ErrorKinds::read`].
    pub fn write(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        let key =
            "\"error_type\", \"error_message\", \"error_group\", \"error_class\", \"workflow\"";
        writer.text("SELECT ").text(key).text(", \"failed\"");
        writer.text(
            ", CAST(sum(\"of_execution\") AS BIGINT), CAST(sum(\"of_step\") AS BIGINT) FROM (SELECT ",
        );
        writer
            .text(key)
            .text(", \"error_step\" AS \"failed\", 1 AS \"of_execution\", 0 AS \"of_step\" FROM ")
            .name("executions");
        writer.text(" WHERE ").scope(scope);
        writer
            .text(" AND \"status\" IN ('failed', 'crashed') UNION ALL SELECT ")
            .text(key);
        writer
            .text(", \"step\", 0, 1 FROM ")
            .name("steps")
            .text(" WHERE ")
            .scope(scope);
        writer.text(NO_COPIES);
        writer.text(" AND \"status\" = 'failed') AS \"errors\" GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY count(*) DESC, 1, 2, 5, 6 LIMIT ");
        writer.integer(self.limit);
        writer.finish()
    }

    /// The kinds, most frequent first. Fails if the store returned other columns than the statement asks for.
    pub fn read(batches: &[RecordBatch]) -> Result<Vec<ErrorKind>, RecordError> {
        let mut kinds = Vec::new();
        for batch in batches {
            let table = Table(batch);
            let (types, messages) = (table.texts(0)?, table.texts(1)?);
            let (groups, classes) = (table.texts(2)?, table.texts(3)?);
            let (workflows, failed) = (table.texts(4)?, table.texts(5)?);
            let (executions, steps) = (table.integers(6)?, table.integers(7)?);
            for row in 0..table.rows() {
                kinds.push(ErrorKind {
                    step: failed.at(row),
                    workflow: workflows.at(row),
                    error_type: types.at(row),
                    message: messages.at(row),
                    group: groups.at(row),
                    class: classes.at(row),
                    executions: executions.at(row).unwrap_or_default().unsigned_abs(),
                    steps: steps.at(row).unwrap_or_default().unsigned_abs(),
                });
            }
        }
        Ok(kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Declared, Operator, statement::Parameter, validate::ValidFilter};

    #[test]
    fn values_are_bound_and_every_read_is_limited_to_one_project() {
        let records = ErrorRecords {
            by: Dimension::ErrorGroup,
            only: vec!["x' OR 1=1 --".to_owned()],
            range: Some(TimeRange::new(5, 6)),
            environment: None,
            workflow: Some("w".to_owned()),
            told: Told::of(&[ValidFilter {
                axis: Axis::Declared(Declared::new("client")),
                op: Operator::In,
                values: vec!["x' OR 1=1 --".to_owned()],
                null: false,
            }]),
        };
        let scope = Scope::new(3, 4);
        let recent = records.write_occurrences(scope, Dialect::DuckDb, Timestamp(9));
        assert_eq!(recent.parameters[0], Parameter::Integer(9));
        assert!(!recent.sql.contains("1=1"), "{}", recent.sql);
        let statements = [
            records.write_seen(scope, Dialect::DuckDb),
            records.write_newest(scope, Dialect::DuckDb, 5),
            ErrorKinds { limit: 9 }.write(scope, Dialect::DuckDb),
        ];
        for statement in statements {
            assert!(!statement.sql.contains("1=1"), "{}", statement.sql);
            let placeholders = statement.sql.matches('?').count();
            assert_eq!(
                placeholders,
                statement.parameters.len(),
                "{}",
                statement.sql
            );
            let scoped = [Parameter::Integer(3), Parameter::Integer(4)];
            assert_eq!(statement.parameters[..2], scoped);
        }
    }
}
