//! When the versions of a workflow ran.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, Timestamp};

use super::{Cell, RecordError, Table};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// A query for the first and the last event of each version.
#[derive(Clone, Copy, Debug)]
pub struct VersionTimes<'a> {
    /// The range of time.
    pub range: TimeRange,
    /// The workflow.
    pub workflow: &'a str,
    /// Only in this environment.
    pub environment: Option<&'a str>,
}

impl VersionTimes<'_> {
    /// The statement.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text(
            "SELECT \"version\", min(\"timestamp\"), max(\"timestamp\") FROM \"executions\" WHERE ",
        );
        writer.scope(scope).during(self.range);
        writer.equals("workflow", Some(self.workflow));
        writer.equals("environment", self.environment);
        writer.text(" AND \"version\" IS NOT NULL GROUP BY 1");
        writer.finish()
    }

    /// Reads the rows: the first and the last event, by version. Fails if they have another shape.
    pub fn read(batches: &[RecordBatch]) -> Result<HashMap<String, [Timestamp; 2]>, RecordError> {
        let mut found = HashMap::new();
        for batch in batches {
            let table = Table(batch);
            let (versions, first, last) = (table.texts(0)?, table.integers(1)?, table.integers(2)?);
            for row in 0..table.rows() {
                let times = [first, last].map(|of| Timestamp(of.at(row).unwrap_or_default()));
                found.insert(versions.at(row).unwrap_or_default(), times);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{batch, context, integers, range, texts};

    #[test]
    fn versions_are_read_within_the_scope_the_range_and_the_environment() {
        let question = VersionTimes {
            range: range("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"),
            workflow: "loan",
            environment: Some("production"),
        };
        let statement = question.statement(context().scope, Dialect::DuckDb);
        assert!(
            statement
                .sql
                .ends_with("AND \"environment\" = ? AND \"version\" IS NOT NULL GROUP BY 1")
        );
        assert_eq!(statement.parameters.len(), 6);
    }

    #[test]
    fn times_are_by_version() {
        let rows = batch(vec![
            texts(["1", "2"]),
            integers([10, 30]),
            integers([20, 40]),
        ]);
        let found = VersionTimes::read(&[rows]).unwrap();
        assert_eq!(found["1"], [Timestamp(10), Timestamp(20)]);
        assert_eq!(found["2"], [Timestamp(30), Timestamp(40)]);
    }
}
