//! Events of executions as records: the columns that statements read, and the rows.

use std::collections::BTreeMap;

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, ExecutionId, Identity, ProjectKey, Status, Timestamp};

use super::super::{Cell, RecordError, Table};
use crate::writer::Writer;

/// An event of an execution as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRecord {
    /// The time of the event.
    pub timestamp: Timestamp,
    /// The event's id: together with the timestamp, the sort key of the list.
    pub id: String,
    /// The producer's `executionId`.
    pub execution_id: String,
    /// The identity of the execution.
    pub execution: ExecutionHash,
    /// The state of the execution from this moment on.
    pub status: Status,
    /// Whether it has been open for too long.
    pub stale: bool,
    /// The duration in milliseconds, given or derived.
    pub duration: Option<i64>,
    /// The number of steps that it ran.
    pub step_count: Option<i64>,
    /// The execution that it retries.
    pub retried: Option<ExecutionHash>,
    /// The execution that called it, or the name hash shared by all executions with the given name.
    pub parent: Option<ExecutionHash>,
    /// The texts, in the order of [`TEXTS`].
    texts: [Option<String>; TEXTS.len()],
}

/// The status of an execution that has been open for too long.
pub const STALE: &str = "stale";

/// The text columns besides the keys.
pub(in crate::records) const TEXTS: [&str; 18] = [
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
    "error_group",
    "error_class",
    "retry_of",
    "parent_execution_id",
    "parent_workflow",
    "subject_id",
    "metadata",
    "own",
];

impl ExecutionRecord {
    /// The value of a text column: `workflow`, `version`, `environment`, `user`, `source`,
    /// `trigger_id`, `trigger_type`, `error_type`, `error_message`, `error_step`, `error_group`,
    /// `error_class`, `retry_of`, `parent_execution_id`, `parent_workflow`, `subject_id`, `metadata`, and
    /// `own`: a JSON object of the event's own values in columns that other events of its run changed.
    pub fn text(&self, column: &str) -> Option<&str> {
        let position = TEXTS.iter().position(|&known| known == column)?;
        self.texts[position].as_deref()
    }

    /// The public id of the execution.
    pub fn public_id(&self, project: ProjectKey) -> ExecutionId {
        self.identity(project, self.text("environment")).id()
    }

    /// The public id that the execution has, or had, according to this event alone.
    pub fn own_public_id(&self, project: ProjectKey) -> ExecutionId {
        let own = self
            .text("own")
            .and_then(|own| serde_json::from_str(own).ok());
        let own: BTreeMap<String, Option<String>> = own.unwrap_or_default();
        let environment = match own.get("environment") {
            Some(said) => said.as_deref(),
            None => self.text("environment"),
        };
        self.identity(project, environment).id()
    }

    fn identity<'a>(&'a self, project: ProjectKey, environment: Option<&'a str>) -> Identity<'a> {
        Identity {
            project,
            environment,
            workflow: self.text("workflow").unwrap_or_default(),
            execution_id: &self.execution_id,
        }
    }
}

/// The order of an execution's events, newest first (`weir_store::fold::order`), and of different executions
/// at one moment.
pub(super) const NEWEST_FIRST: &str =
    "\"timestamp\" DESC, \"id\" DESC, \"execution\", left_out_environment(\"own\")";

/// The same order the other way round.
pub(super) const OLDEST_FIRST: &str =
    "\"timestamp\", \"id\", \"execution\" DESC, left_out_environment(\"own\") DESC";

/// The column of counted executions with the reported state, where `status` can be `stale`.
pub(super) const STATE: &str = "state";

/// The columns that [`read_executions`] reads; `status` is the name of the column with the status.
pub(super) fn columns(writer: &mut Writer, status: &str) {
    writer
        .text("\"timestamp\", \"id\", \"execution_id\", ")
        .name(status)
        .text(", \"duration\", \"step_count\", \"execution\", \"retried\", \"parent\", \"stale\"");
    for column in TEXTS {
        writer.text(", ").name(column);
    }
}

/// Reads the rows of statements with these columns. Fails if they have another shape.
pub fn read_executions(batches: &[RecordBatch]) -> Result<Vec<ExecutionRecord>, RecordError> {
    let mut records = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (timestamps, ids, executions) = (table.integers(0)?, table.texts(1)?, table.texts(2)?);
        let (statuses, durations) = (table.texts(3)?, table.integers(4)?);
        let step_counts = table.integers(5)?;
        let [hashes, retried, parents] = [6, 7, 8].map(|column| table.hashes(column));
        let (hashes, retried, parents) = (hashes?, retried?, parents?);
        let stale = table.booleans(9)?;
        let texts: Vec<_> = (10..10 + TEXTS.len())
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let status = Status::from_name(&statuses.at(row).unwrap_or_default());
            records.push(ExecutionRecord {
                timestamp: Timestamp(timestamps.value(row)),
                id: ids.at(row).unwrap_or_default(),
                execution_id: executions.at(row).unwrap_or_default(),
                execution: ExecutionHash(hashes.at(row).unwrap_or_default()),
                status: status.ok_or(RecordError {
                    column: 3,
                    expected: "a status",
                })?,
                stale: stale.at(row) == Some(true),
                duration: durations.at(row),
                step_count: step_counts.at(row),
                retried: retried.at(row).map(ExecutionHash),
                parent: parents.at(row).map(ExecutionHash),
                texts: std::array::from_fn(|position| texts[position].at(row)),
            });
        }
    }
    Ok(records)
}
