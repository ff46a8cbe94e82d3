//! The executions of a workflow that started just before and just after one, and the first start of a version.

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, Scope, Timestamp};

use super::{
    super::{Cell, RecordError, Table},
    ExecutionRecord,
};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// An execution among those of its workflow and environment. They are ordered by the start of their first run,
/// then by hash.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'a> {
    /// The execution.
    pub of: ExecutionHash,
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

/// The same as an expression, for any event.
const BEGUN: &str = "CASE WHEN \"status\" IN ('started', 'waiting') THEN \"timestamp\" \
    ELSE \"timestamp\" - coalesce(\"duration\", 0) END";

impl Neighbours<'_> {
    /// The statement for [`Neighbours::read`].
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text(&format!(
            "WITH \"runs\" AS (SELECT \"execution\", min(\"execution_id\") AS \"name\", min({BEGUN}) AS \"begun\""
        ));
        self.source(&mut writer, scope);
        writer.text(" GROUP BY 1), \"own\" AS (SELECT \"begun\" AS \"start\" FROM \"runs\" WHERE \"execution\" = ");
        writer.hash(self.of).text(")");
        for (is_after, operator, order) in [(false, "<", "DESC"), (true, ">", "ASC")] {
            writer.text(if is_after { " UNION ALL" } else { "" });
            writer.text(&format!(
                " SELECT * FROM (SELECT {is_after}, \"name\" FROM \"runs\", \"own\" WHERE \"begun\" {operator} \"start\" OR (\"begun\" = \"start\" AND \"execution\" {operator} "
            ));
            writer.hash(self.of).text(&format!(
                ") ORDER BY \"begun\" {order}, \"execution\" {order} LIMIT 1)"
            ));
        }
        writer.finish()
    }

    /// Reads the rows: at most one neighbour on each side. Fails if they have another shape.
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

    /// The statement for whether another execution with a version started before it: one row for
    /// [`Neighbours::read_is_first`].
    pub fn first_of_version(&self, scope: Scope, dialect: Dialect, version: &str) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text(&format!(
            "SELECT min({BEGUN}) FILTER (\"execution\" <> CAST({0} AS UBIGINT)) < min({BEGUN}) FILTER (\"execution\" = CAST({0} AS UBIGINT))",
            self.of.0
        ));
        self.source(&mut writer, scope);
        writer.equals("version", Some(version));
        writer.finish()
    }

    /// Whether it is the first, from the row of [`Neighbours::first_of_version`]. Fails if it has another shape.
    pub fn read_is_first(batches: &[RecordBatch]) -> Result<bool, RecordError> {
        let first = batches.iter().find(|batch| batch.num_rows() > 0);
        let is_later = first.map(|batch| Table(batch).booleans(0)).transpose()?;
        Ok(is_later.and_then(|is_later| is_later.at(0)) != Some(true))
    }

    /// ` FROM ...`: the events of the workflow in the environment.
    fn source(&self, writer: &mut Writer, scope: Scope) {
        writer.text(" FROM \"executions\" WHERE ").scope(scope);
        writer.equals("workflow", Some(self.workflow));
        match self.environment {
            Some(environment) => writer.equals("environment", Some(environment)),
            None => writer.text(" AND \"environment\" IS NULL"),
        };
    }
}
