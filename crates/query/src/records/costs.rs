//! The outcome of the executions that were paid for: the one query about money that sums by
//! dimension cannot answer, because a cost has its execution's id but not its end.

use arrow::record_batch::RecordBatch;
use weir_model::{Scope, TimeRange, cube::Dimension, time::DAY};

use super::{Cell, RecordError, Table};
use crate::{Dialect, Statement, Writer};

/// How long before and after a cost its execution's end and retries are searched for, in milliseconds.
pub const REACH: i64 = 31 * DAY;

/// The outcome of an execution, as far as costs are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It completed and was not retried.
    Completed,
    /// It failed or crashed and was not retried.
    Failed,
    /// Another execution retried it (`retryOf`), however it ended.
    Retried,
    /// It was canceled.
    Canceled,
    /// It is running or waiting, or its end did not arrive.
    Open,
    /// The cost names no execution, or one that was never reported.
    Unattributed,
}

impl Outcome {
    const ALL: [(Outcome, &'static str); 6] = [
        (Outcome::Completed, "completed"),
        (Outcome::Failed, "failed"),
        (Outcome::Retried, "retried"),
        (Outcome::Canceled, "canceled"),
        (Outcome::Open, "open"),
        (Outcome::Unattributed, "unattributed"),
    ];

    fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == word);
        found.map(|&(outcome, _)| outcome)
    }
}

/// A selection of costs.
#[derive(Clone, Debug)]
pub struct Request {
    /// The range of time.
    pub range: TimeRange,
    /// The values that dimensions must have.
    pub filters: Vec<(Dimension, String)>,
}

/// Costs of one workflow with one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Spent {
    /// The workflow; `None` if the costs name none.
    pub workflow: Option<String>,
    /// The outcome of the executions.
    pub outcome: Outcome,
    /// The number of executions with costs.
    pub executions: u64,
    /// US dollars.
    pub cost: f64,
    /// Credits.
    pub credits: f64,
}

/// The statement that sums costs by workflow and outcome.
pub fn statement(scope: Scope, request: &Request, dialect: Dialect) -> Statement {
    let near = TimeRange {
        from: request.range.from.plus(-REACH),
        to: request.range.to.plus(REACH),
    };
    let mut writer = Writer::new(dialect);
    writer.text("WITH paid AS (");
    paid(&mut writer, scope, request);
    writer.text(
        "), known AS (SELECT \"execution\", arg_max(\"status\", \"timestamp\") \
         FILTER (\"status\" NOT IN ('started', 'waiting')) AS \"status\" FROM \"executions\" WHERE ",
    );
    writer.scope(scope).during(near);
    writer.text(
        " AND \"superseded\" IS NOT TRUE AND \"execution\" IN (SELECT \"execution\" FROM paid) GROUP BY 1), \
         again AS (SELECT DISTINCT \"retried\" FROM \"executions\" WHERE ",
    );
    writer.scope(scope).during(near);
    writer.text(" AND \"retried\" IN (SELECT \"execution\" FROM paid) UNION SELECT \"retried\"");
    loose_retries(&mut writer, scope);
    let amount = dialect.sum("p.\"amount\"", None, true);
    let credits = dialect.sum("p.\"credits\"", None, true);
    writer.text(&format!(
        ")
        SELECT p.\"workflow\", {OUTCOME} AS \"outcome\",
            count(DISTINCT k.\"execution\") AS \"executions\", {amount} AS \"amount\", {credits} AS \"credits\"
        FROM paid p LEFT JOIN known k ON k.\"execution\" = p.\"execution\"
            LEFT JOIN again a ON a.\"retried\" = p.\"execution\"
        GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2"
    ));
    writer.finish()
}

/// ` FROM "loose_retries"(?, ?)`: retries by their `execution` that omit the environment, with the only
/// execution that they can mean, `retried`.
pub(super) fn loose_retries(writer: &mut Writer, scope: Scope) {
    writer.text(" FROM ").name("loose_retries").text("(");
    writer.integer(i64::from(scope.tenant.0)).text(", ");
    writer.integer(i64::from(scope.project.0)).text(")");
}

const OUTCOME: &str = "CASE WHEN k.\"execution\" IS NULL THEN 'unattributed'
    WHEN a.\"retried\" IS NOT NULL THEN 'retried'
    WHEN k.\"status\" IN ('failed', 'crashed') THEN 'failed'
    WHEN k.\"status\" IS NULL THEN 'open'
    ELSE k.\"status\" END";

/// Costs of the request by workflow and execution.
fn paid(writer: &mut Writer, scope: Scope, request: &Request) {
    writer.text(&format!(
        "SELECT \"workflow\", \"execution\", sum({}) AS \"amount\", sum({}) AS \"credits\" FROM \"costs\" WHERE ",
        beyond_parts("amount"),
        beyond_parts("credits")
    ));
    writer.scope(scope).during(request.range);
    for (dimension, value) in &request.filters {
        writer.equals(dimension.name(), Some(value));
    }
    writer.text(" GROUP BY 1, 2");
}

/// The expression for what a stored cost counts of a kind of amount: the amount beyond its parts.
pub fn beyond_parts(kind: &str) -> String {
    format!("\"beyond_parts\"(\"{kind}\", \"covered_{kind}\")")
}

/// Reads the rows of [`statement`]. Fails if they have another shape.
pub fn decode(batches: &[RecordBatch]) -> Result<Vec<Spent>, RecordError> {
    let mut spent = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (workflows, outcomes) = (table.texts(0)?, table.texts(1)?);
        let executions = table.integers(2)?;
        let (costs, credits) = (table.floats(3)?, table.floats(4)?);
        for row in 0..table.rows() {
            let outcome = outcomes.at(row).and_then(|word| Outcome::parse(&word));
            spent.push(Spent {
                workflow: workflows.at(row),
                outcome: outcome.ok_or(RecordError {
                    column: 1,
                    expected: "an outcome",
                })?,
                executions: executions.at(row).unwrap_or(0).max(0) as u64,
                cost: costs.at(row).unwrap_or(0.0) / 1e9,
                credits: credits.at(row).unwrap_or(0.0) / 1e9,
            });
        }
    }
    Ok(spent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameter;

    #[test]
    fn every_table_is_read_within_the_scope_and_values_are_bound() {
        let request = Request {
            range: TimeRange::new(5, 6),
            filters: vec![(Dimension::Workflow, "x' OR 1=1 --".to_owned())],
        };
        let statement = statement(Scope::new(3, 4), &request, Dialect::DuckDb);
        assert!(!statement.sql.contains("1=1"));
        let placeholders = statement.sql.matches('?').count();
        assert_eq!(placeholders, statement.parameters.len());
        assert_eq!(statement.sql.matches("\"tenant\" = ?").count(), 3);
        assert_eq!(statement.sql.matches("\"loose_retries\"(?, ?)").count(), 1);
        let scopes = statement.parameters.windows(2);
        let scoped = scopes.filter(|pair| *pair == [Parameter::Integer(3), Parameter::Integer(4)]);
        assert_eq!(scoped.count(), 4);
    }
}
