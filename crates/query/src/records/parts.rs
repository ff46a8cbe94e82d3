//! The parts of an execution: its steps and its costs.

use arrow::record_batch::RecordBatch;
use weir_model::{Decimal, ExecutionHash, Scope, TimeRange, Timestamp, event::StepStatus};

use super::{Cell, NO_COPIES, RecordError, Table, costs::beyond_parts};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// A run of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// The time of its event, by default its end.
    pub timestamp: Timestamp,
    /// The step.
    pub step: String,
    /// Its type.
    pub step_type: Option<String>,
    /// How it ended.
    pub status: StepStatus,
    /// When it began, if reported.
    pub start_time: Option<Timestamp>,
    /// When it ended, if reported.
    pub end_time: Option<Timestamp>,
    /// Milliseconds.
    pub duration: Option<i64>,
    /// How much of it the step waited; `None` without a duration.
    pub wait: Option<i64>,
    /// The step of the execution that contains it.
    pub parent: Option<String>,
    /// The number of the attempt, starting at 1.
    pub attempt: Option<i64>,
    /// The size of the input, in bytes.
    pub input_size: Option<i64>,
    /// The size of the output, in bytes.
    pub output_size: Option<i64>,
    /// Items in.
    pub items_in: Option<i64>,
    /// Items out.
    pub items_out: Option<i64>,
    /// Credits used.
    pub credits: Option<Decimal>,
    /// Whether a cache answered.
    pub cache_hit: Option<bool>,
    /// The error's type.
    pub error_type: Option<String>,
    /// The error's message.
    pub error_message: Option<String>,
}

/// A cost of an execution.
#[derive(Clone, Debug, PartialEq)]
pub struct CostRecord {
    /// Its id, as named in `partOf` of other costs.
    pub id: String,
    /// When it arose.
    pub timestamp: Timestamp,
    /// What was paid for.
    pub action_type: Option<String>,
    /// Who was paid.
    pub provider: Option<String>,
    /// The model used.
    pub model: Option<String>,
    /// Number of API calls.
    pub api_calls: Option<i64>,
    /// Tokens sent.
    pub input_tokens: Option<i64>,
    /// Tokens received.
    pub output_tokens: Option<i64>,
    /// Input tokens that were read from a cache.
    pub cache_read_tokens: Option<i64>,
    /// Input tokens that were written to a cache.
    pub cache_write_tokens: Option<i64>,
    /// Output tokens that were spent on reasoning.
    pub reasoning_tokens: Option<i64>,
    /// The number of units other than tokens and calls.
    pub units: Option<Decimal>,
    /// The kind of units.
    pub unit: Option<String>,
    /// Credits.
    pub credits: Option<Decimal>,
    /// US dollars.
    pub amount: Option<Decimal>,
    /// The cost that this one is a part of.
    pub part_of: Option<String>,
    /// The step that caused it, if the producer said so.
    pub step: Option<String>,
    /// Its amounts beyond those of its parts.
    pub counted: Counted,
}

/// What a cost counts: its own amounts minus those of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// US dollars.
    pub amount: Decimal,
    /// Credits.
    pub credits: Decimal,
    /// Number of API calls.
    pub api_calls: i64,
    /// Tokens sent.
    pub input_tokens: i64,
    /// Tokens received.
    pub output_tokens: i64,
    /// Input tokens that were read from a cache.
    pub cache_read_tokens: i64,
    /// Input tokens that were written to a cache.
    pub cache_write_tokens: i64,
    /// Output tokens that were spent on reasoning.
    pub reasoning_tokens: i64,
}

/// The step runs of an execution, oldest first.
pub fn steps_of(
    scope: Scope,
    dialect: Dialect,
    execution: ExecutionHash,
    range: TimeRange,
    limit: usize,
) -> Statement {
    let columns = "\"timestamp\", \"start_time\", \"end_time\", \"duration\", \"attempt\", \
        \"input_size\", \"output_size\", \"items_in\", \"items_out\", \"credits\", \"wait_duration\", \
        \"cache_hit\", \"step\", \"step_type\", \"status\", \"error_type\", \"error_message\", \"parent_step\"";
    let from = ("steps", NO_COPIES);
    of_execution(scope, dialect, (columns, from), execution, range, limit)
}

/// The costs of an execution, oldest first.
pub fn costs_of(
    scope: Scope,
    dialect: Dialect,
    execution: ExecutionHash,
    range: TimeRange,
    limit: usize,
) -> Statement {
    let counted = [
        "amount",
        "credits",
        "api_calls",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "reasoning_tokens",
    ];
    let counted = counted.map(beyond_parts).join(", ");
    let columns = format!(
        "\"timestamp\", \"api_calls\", \"input_tokens\", \"output_tokens\", \"credits\", \
        \"amount\", \"cache_read_tokens\", \"cache_write_tokens\", \"reasoning_tokens\", \"units\", {counted}, \
        \"action_type\", \"provider\", \"model\", \"unit\", \"part_of\", \"id\", \"step\""
    );
    of_execution(
        scope,
        dialect,
        (&columns, ("costs", "")),
        execution,
        range,
        limit,
    )
}

fn of_execution(
    scope: Scope,
    dialect: Dialect,
    (columns, (table, which)): (&str, (&str, &str)),
    execution: ExecutionHash,
    range: TimeRange,
    limit: usize,
) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT ").text(columns).text(" FROM ");
    writer.name(table).text(" WHERE ");
    writer.scope(scope).during(range);
    writer.text(" AND \"execution\" = ").hash(execution);
    writer
        .text(which)
        .text(" ORDER BY \"timestamp\", \"id\", left_out_environment(\"own\") LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

/// Reads the rows of [`steps_of`]. Fails if the store returned other columns than the statement asks for.
pub fn read_steps(batches: &[RecordBatch]) -> Result<Vec<StepRecord>, RecordError> {
    let mut records = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let numbers: Vec<_> = (0..11)
            .map(|column| table.integers(column))
            .collect::<Result<_, _>>()?;
        let cache_hits = table.booleans(11)?;
        let texts: Vec<_> = (12..18)
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let number = |column: usize| numbers[column].at(row);
            let text = |column: usize| texts[column].at(row);
            let status = text(2).as_deref().and_then(StepStatus::from_name);
            records.push(StepRecord {
                timestamp: Timestamp(number(0).unwrap_or_default()),
                start_time: number(1).map(Timestamp),
                end_time: number(2).map(Timestamp),
                duration: number(3),
                // A wait of nothing is stored as null.
                wait: number(3).map(|_| number(10).unwrap_or(0)),
                parent: text(5),
                attempt: number(4),
                input_size: number(5),
                output_size: number(6),
                items_in: number(7),
                items_out: number(8),
                credits: number(9).map(Decimal),
                cache_hit: cache_hits.at(row),
                step: text(0).unwrap_or_default(),
                step_type: text(1),
                status: status.ok_or(RecordError {
                    column: 14,
                    expected: "a status",
                })?,
                error_type: text(3),
                error_message: text(4),
            });
        }
    }
    Ok(records)
}

/// Reads the rows of [`costs_of`]. Fails if the store returned other columns than the statement asks for.
pub fn read_costs(batches: &[RecordBatch]) -> Result<Vec<CostRecord>, RecordError> {
    let mut records = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let numbers: Vec<_> = (0..18)
            .map(|column| table.integers(column))
            .collect::<Result<_, _>>()?;
        let texts: Vec<_> = (18..25)
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let number = |column: usize| numbers[column].at(row);
            let counted = |column: usize| number(column).unwrap_or_default();
            let text = |column: usize| texts[column].at(row);
            records.push(CostRecord {
                timestamp: Timestamp(number(0).unwrap_or_default()),
                api_calls: number(1),
                input_tokens: number(2),
                output_tokens: number(3),
                credits: number(4).map(Decimal),
                amount: number(5).map(Decimal),
                cache_read_tokens: number(6),
                cache_write_tokens: number(7),
                reasoning_tokens: number(8),
                units: number(9).map(Decimal),
                counted: Counted {
                    amount: Decimal(counted(10)),
                    credits: Decimal(counted(11)),
                    api_calls: counted(12),
                    input_tokens: counted(13),
                    output_tokens: counted(14),
                    cache_read_tokens: counted(15),
                    cache_write_tokens: counted(16),
                    reasoning_tokens: counted(17),
                },
                action_type: text(0),
                provider: text(1),
                model: text(2),
                unit: text(3),
                part_of: text(4),
                id: text(5).unwrap_or_default(),
                step: text(6),
            });
        }
    }
    Ok(records)
}
