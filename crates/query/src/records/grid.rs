//! The steps of many executions at once, summed up per step.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, Timestamp, event::StepStatus, time::DAY};

use super::{
    Cell, NO_COPIES, RecordError, Table,
    executions::ExecutionRecord,
    runs::{self, OWN_PARTS},
};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// How long before the end of an execution its steps are searched for if its start is not known, in
/// milliseconds.
const REACH: i64 = 31 * DAY;
/// How long around executions their steps are searched for, in milliseconds: clocks differ, and steps can be
/// reported late.
const SLACK: i64 = DAY;
/// The most rows of an answer.
const MOST_ROWS: i64 = 100_000;

/// When the steps of any of these runs are searched for; `None` without runs.
fn searched(records: &[ExecutionRecord]) -> Option<TimeRange> {
    let each = records.iter().map(around);
    Some(TimeRange {
        from: each.clone().map(|range| range.from).min()?,
        to: each.map(|range| range.to).max()?,
    })
}

/// From long enough before a run to long enough after it.
fn around(record: &ExecutionRecord) -> TimeRange {
    let ended = record.status.is_terminal();
    let reach = record.duration.filter(|_| ended).unwrap_or(REACH);
    TimeRange {
        from: record.timestamp.plus(-reach - SLACK),
        to: match ended {
            true => record.timestamp.plus(SLACK),
            false => Timestamp(i64::MAX),
        },
    }
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOfRun {
    /// The position of the run among those asked for.
    pub run: usize,
    /// The step.
    pub step: String,
    /// Its type.
    pub step_type: Option<String>,
    /// How it ended the last time.
    pub status: StepStatus,
    /// How long it took in total, in milliseconds; `None` if that was never reported.
    pub duration: Option<i64>,
    /// How often it ran.
    pub runs: i64,
    /// The highest number of an attempt, starting at 1.
    pub attempts: i64,
    /// When it first began.
    pub began: Timestamp,
}

/// The statement for the steps of runs, given by the events that count them; `None` without runs. Each run has its own
/// steps, no matter which other runs of its execution are given. `skew` says how far the clocks of one execution's
/// producers may differ, in milliseconds.
pub fn steps_of_runs(
    scope: Scope,
    dialect: Dialect,
    records: &[ExecutionRecord],
    skew: i64,
) -> Option<Statement> {
    let searched = searched(records)?;
    let mut writer = Writer::new(dialect);
    writer.text("WITH ");
    chosen(&mut writer, records);
    runs::taken(&mut writer, scope, skew);
    let began = "\"timestamp\" - coalesce(\"duration\", 0)";
    writer.text(&format!(
        "\nSELECT \"run\", \"step\", {step_type} AS \"step_type\", {status} AS \"status\", {duration} AS \"duration\", \
         count(*), max(coalesce(\"attempt\", 1)), min({began}) AS \"began\" \
         FROM \"steps\" AS s JOIN taken ON taken.\"execution\" = s.\"execution\" WHERE ",
        step_type = dialect.newest("\"step_type\"", "\"timestamp\""),
        status = dialect.newest("\"status\"", "\"timestamp\""),
        duration = dialect.sum("\"duration\"", None, false),
    ));
    writer.scope(scope).during(searched);
    writer.text(NO_COPIES).text(OWN_PARTS);
    writer.text(" GROUP BY \"run\", \"step\" ORDER BY \"run\", \"began\", \"step\" LIMIT ");
    writer.integer(MOST_ROWS);
    Some(writer.finish())
}

/// Writes `chosen (run, execution, ended, event)`: the runs by their positions.
fn chosen(writer: &mut Writer, records: &[ExecutionRecord]) {
    writer.text("chosen(\"run\", \"execution\", \"ended\", \"event\") AS (VALUES ");
    for (at, record) in records.iter().enumerate() {
        writer.text(if at > 0 { ", (" } else { "(" });
        writer.text(&format!("CAST({at} AS BIGINT), "));
        writer.hash(record.execution).text(", CAST(");
        writer
            .integer(record.timestamp.0)
            .text(" AS BIGINT), CAST(");
        writer.string(&record.id).text(" AS VARCHAR))");
    }
    writer.text(")");
}

/// Reads the rows of [`steps_of_runs`], run by run, each in the order in which its steps began. Fails if they
/// have another shape.
pub fn read_steps_of_runs(batches: &[RecordBatch]) -> Result<Vec<StepOfRun>, RecordError> {
    let mut found = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (runs, steps, types) = (table.integers(0)?, table.texts(1)?, table.texts(2)?);
        let (statuses, durations) = (table.texts(3)?, table.integers(4)?);
        let [counts, attempts, began] = [5, 6, 7].map(|column| table.integers(column));
        let (counts, attempts, began) = (counts?, attempts?, began?);
        for row in 0..table.rows() {
            let status = statuses.at(row).as_deref().and_then(StepStatus::from_name);
            found.push(StepOfRun {
                run: runs
                    .at(row)
                    .and_then(|run| usize::try_from(run).ok())
                    .unwrap_or_default(),
                step: steps.at(row).unwrap_or_default(),
                step_type: types.at(row),
                status: status.ok_or(RecordError {
                    column: 3,
                    expected: "a status",
                })?,
                duration: durations.at(row),
                runs: counts.at(row).unwrap_or_default(),
                attempts: attempts.at(row).unwrap_or(1),
                began: Timestamp(began.at(row).unwrap_or_default()),
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
