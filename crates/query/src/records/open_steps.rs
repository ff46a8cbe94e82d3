//! The time of steps whose executions have not ended. Sums over steps include it, but an average over
//! executions that have ended must not: a step has its execution's id but not its end.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, time::DAY};

use super::{Cell, NO_COPIES, RecordError, Table};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// How long before a step its execution's end is searched for, in milliseconds: a step may be reported late.
const REACH: i64 = 31 * DAY;

/// A query for one workflow.
#[derive(Clone, Copy, Debug)]
pub struct OpenSteps<'a> {
    /// When the steps ran.
    pub range: TimeRange,
    /// The workflow.
    pub workflow: &'a str,
    /// Only in this environment.
    pub environment: Option<&'a str>,
}

/// Milliseconds by version and step.
pub type OpenTime = HashMap<(Option<String>, String), f64>;

impl OpenSteps<'_> {
    /// The statement that sums the durations.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        let duration = dialect.sum("\"duration\"", None, false);
        writer.text(&format!(
            "SELECT \"version\", \"step\", {duration} FROM \"steps\" WHERE "
        ));
        writer.scope(scope).during(self.range);
        writer.equals("workflow", Some(self.workflow));
        writer.equals("environment", self.environment);
        writer.text(NO_COPIES).text(
            " AND \"duration\" IS NOT NULL AND \"execution\" NOT IN \
             (SELECT \"execution\" FROM \"executions\" WHERE ",
        );
        writer.scope(scope).during(TimeRange {
            from: self.range.from.plus(-REACH),
            to: self.range.to,
        });
        writer.equals("workflow", Some(self.workflow));
        writer.text(" AND \"status\" NOT IN ('started', 'waiting')) GROUP BY 1, 2");
        writer.finish()
    }

    /// Reads the rows. Fails if the store returned other columns than the statement asks for.
    pub fn read(batches: &[RecordBatch]) -> Result<OpenTime, RecordError> {
        let mut found = OpenTime::new();
        for batch in batches {
            let table = Table(batch);
            let (versions, steps) = (table.texts(0)?, table.texts(1)?);
            let times = table.integers(2)?;
            for row in 0..table.rows() {
                let step = steps.at(row).unwrap_or_default();
                let time = times.at(row).unwrap_or_default() as f64;
                found.insert((versions.at(row), step), time);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{batch, context, integers, nullable_texts, range, texts};

    #[test]
    fn ends_are_looked_for_until_the_range_ends() {
        let asked = range("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z");
        let question = OpenSteps {
            range: asked,
            workflow: "loan",
            environment: Some("production"),
        };
        let statement = question.statement(context().scope, Dialect::DuckDb);
        assert!(statement.sql.contains("NOT IN (SELECT \"execution\""));
        let ends = [asked.from.plus(-REACH), asked.to];
        for end in ends {
            assert!(
                format!("{:?}", statement.parameters).contains(&end.0.to_string()),
                "{end}"
            );
        }
    }

    #[test]
    fn times_are_by_version_and_step() {
        let batch = batch(vec![
            nullable_texts([Some("2"), None]),
            texts(["pay", "pay"]),
            integers([30_000, 5]),
        ]);
        let found = OpenSteps::read(&[batch]).unwrap();
        let key = |version: Option<&str>| (version.map(str::to_owned), "pay".to_owned());
        assert_eq!((found[&key(Some("2"))], found[&key(None)]), (30_000.0, 5.0));
    }
}
