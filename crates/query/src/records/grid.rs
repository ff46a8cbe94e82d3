//! The steps of many executions at once, summed up per step.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, Scope, TimeRange, Timestamp, event::StepStatus, time::DAY};

use super::{Cell, NO_COPIES, RecordError, Table, executions::ExecutionRecord};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// How long before the end of an execution its steps are searched for if its start is not known, in
/// milliseconds.
const REACH: i64 = 31 * DAY;
/// How long around executions their steps are searched for, in milliseconds: clocks differ, and steps can be
/// reported late.
const SLACK: i64 = DAY;
/// The most rows of an answer.
const MOST_ROWS: i64 = 100_000;

/// A run of an execution, and the time of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunTime {
    /// The execution.
    pub execution: ExecutionHash,
    /// When the steps of this run happened: an execution that ran again has the steps of each run.
    pub steps: TimeRange,
    /// From when to when they are searched for.
    searched: TimeRange,
}

/// The times of runs, in the order of their records. If an execution has several runs, each has what happened
/// from its start to the start of the next one; the first also has what happened earlier, and the last what
/// happened later.
pub fn run_times(records: &[ExecutionRecord]) -> Vec<RunTime> {
    let mut runs: HashMap<ExecutionHash, Vec<usize>> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        runs.entry(record.execution).or_default().push(at);
    }
    let mut times: Vec<RunTime> = records.iter().map(alone).collect();
    for mut of_one in runs.into_values().filter(|of_one| of_one.len() > 1) {
        of_one.sort_by_key(|&at| records[at].timestamp);
        for pair in of_one.windows(2) {
            let ended = records[pair[0]].timestamp.plus(1);
            let begun = begun(&records[pair[1]]).unwrap_or(ended).max(ended);
            times[pair[0]].steps.to = begun;
            times[pair[1]].steps.from = begun;
        }
    }
    times
}

fn alone(record: &ExecutionRecord) -> RunTime {
    let from = begun(record).unwrap_or(record.timestamp.plus(-REACH));
    let to = match record.status.is_terminal() {
        true => record.timestamp.plus(SLACK),
        false => Timestamp(i64::MAX),
    };
    RunTime {
        execution: record.execution,
        steps: TimeRange::new(i64::MIN, i64::MAX),
        searched: TimeRange {
            from: from.plus(-SLACK),
            to,
        },
    }
}

/// When a run began, if it says so.
fn begun(record: &ExecutionRecord) -> Option<Timestamp> {
    let duration = record.duration.filter(|_| record.status.is_terminal());
    duration.map(|duration| record.timestamp.plus(-duration))
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

/// The statement for the steps of these runs; `None` without runs.
pub fn steps_of_runs(scope: Scope, dialect: Dialect, runs: &[RunTime]) -> Option<Statement> {
    let searched = TimeRange {
        from: runs.iter().map(|run| run.searched.from).min()?,
        to: runs.iter().map(|run| run.searched.to).max()?,
    };
    let mut writer = Writer::new(dialect);
    writer.text("WITH \"runs\"(\"run\", \"of\", \"from\", \"to\") AS (VALUES ");
    for (at, run) in runs.iter().enumerate() {
        writer.text(if at > 0 { ", (" } else { "(" });
        writer.text(&format!("CAST({at} AS BIGINT), "));
        writer.hash(run.execution).text(", ");
        writer.integer(run.steps.from.0).text(", ");
        writer.integer(run.steps.to.0).text(")");
    }
    let began = "\"timestamp\" - coalesce(\"duration\", 0)";
    writer.text(") SELECT \"run\", \"step\", ");
    writer.text(&dialect.newest("\"step_type\"", "\"timestamp\""));
    writer.text(" AS \"step_type\", ");
    writer.text(&dialect.newest("\"status\"", "\"timestamp\""));
    writer.text(" AS \"status\", ");
    writer.text(&dialect.sum("\"duration\"", None, false));
    writer.text(" AS \"duration\", count(*), max(coalesce(\"attempt\", 1)), ");
    writer.text(&format!(
        "min({began}) AS \"began\" FROM \"steps\" JOIN \"runs\" ON "
    ));
    writer.text(
        "\"execution\" = \"of\" AND \"timestamp\" >= \"from\" AND \"timestamp\" < \"to\" WHERE ",
    );
    writer.scope(scope).during(searched).text(NO_COPIES);
    writer.text(" GROUP BY \"run\", \"step\" ORDER BY \"run\", \"began\", \"step\" LIMIT ");
    writer.integer(MOST_ROWS);
    Some(writer.finish())
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
