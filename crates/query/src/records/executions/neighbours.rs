//! The executions of a workflow that started just before and just after one, and the first start of a version.

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, Scope, Timestamp};

use super::{
    super::{Cell, RecordError, Table},
    ALWAYS, ExecutionRecord, counted,
};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// An execution among those of its workflow and environment. They are ordered by the start of their newest
/// run, then by hash.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'a> {
    /// The execution.
    pub of: ExecutionHash,
    /// When the run that is shown started ([`begun`]).
    pub start: Timestamp,
    /// The workflow.
    pub workflow: &'a str,
    /// The environment.
    pub environment: Option<&'a str>,
}

/// A neighbour of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Whether it started after the execution.
    pub is_after: bool,
    /// The producer's id for it.
    pub execution_id: String,
}

/// When the run that an event counts started: its end minus its duration; of an open run, the time of the
/// event.
pub fn begun(event: &ExecutionRecord) -> Timestamp {
    let duration = event.duration.filter(|_| event.status.is_terminal());
    event.timestamp.plus(-duration.unwrap_or(0))
}

/// The same as an expression; `status` is the column with the state.
fn begun_sql(status: &str) -> String {
    format!(
        "CASE WHEN \"{status}\" IN ('started', 'waiting') THEN \"timestamp\" \
         ELSE \"timestamp\" - coalesce(\"duration\", 0) END"
    )
}

impl Neighbours<'_> {
    /// The statement for [`Neighbours::read`].
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        let start = dialect.latest(&begun_sql("state"), "\"timestamp\"");
        writer.text(&format!(
            "WITH \"runs\" AS (SELECT \"execution\", min(\"execution_id\") AS \"name\", {start} AS \"begun\""
        ));
        counted(&mut writer, scope, ALWAYS);
        self.elsewhere(&mut writer);
        writer.text(" GROUP BY 1)");
        for (is_after, operator, order) in [("false", "<", "DESC"), ("true", ">", "ASC")] {
            let union = if is_after == "true" { " UNION ALL" } else { "" };
            writer.text(&format!(
                "{union} SELECT * FROM (SELECT {is_after}, \"name\" FROM \"runs\" WHERE (\"begun\", \"execution\") {operator} ("
            ));
            writer.integer(self.start.0).text(", ").hash(self.of);
            writer.text(&format!(
                ") ORDER BY \"begun\" {order}, \"execution\" {order} LIMIT 1)"
            ));
        }
        writer.finish()
    }

    /// Reads the rows: at most one neighbour on each side.
    pub fn read(batches: &[RecordBatch]) -> Result<Vec<Neighbour>, RecordError> {
        let mut found = Vec::new();
        for batch in batches {
            let table = Table(batch);
            let (sides, names) = (table.booleans(0)?, table.texts(1)?);
            for row in 0..table.rows() {
                found.push(Neighbour {
                    is_after: sides.at(row) == Some(true),
                    execution_id: names.at(row).unwrap_or_default(),
                });
            }
        }
        Ok(found)
    }

    /// The statement for the first start of another execution with a version: one integer, or null.
    pub fn first_of_version(&self, scope: Scope, dialect: Dialect, version: &str) -> Statement {
        let mut writer = Writer::new(dialect);
        let start = begun_sql("status");
        writer.text(&format!("SELECT min({start}) FROM \"executions\" WHERE "));
        writer.scope(scope);
        self.elsewhere(&mut writer);
        writer.equals("version", Some(version));
        writer.finish()
    }

    /// Reads the row of [`Neighbours::first_of_version`].
    pub fn read_first(batches: &[RecordBatch]) -> Result<Option<Timestamp>, RecordError> {
        let first = batches.iter().find(|batch| batch.num_rows() > 0);
        let start = first.map(|batch| Table(batch).integers(0)).transpose()?;
        Ok(start.and_then(|start| start.at(0)).map(Timestamp))
    }

    /// The conditions for other executions of the workflow and environment.
    fn elsewhere(&self, writer: &mut Writer) {
        writer.equals("workflow", Some(self.workflow));
        match self.environment {
            Some(environment) => writer.equals("environment", Some(environment)),
            None => writer.text(" AND \"environment\" IS NULL"),
        };
        writer.text(" AND \"execution\" <> ").hash(self.of);
    }
}
