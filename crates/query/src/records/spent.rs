//! What executions cost: of single ones, and what is usual for a workflow.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Decimal, ExecutionHash, Scope, TimeRange};

use super::{Cell, RecordError, Table, costs::beyond_parts};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// What an execution cost in all its runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpentBy {
    /// US dollars.
    pub cost: Decimal,
    /// Credits.
    pub credits: Decimal,
}

/// The statement for [`SpentBy::read`].
pub fn spent_by(scope: Scope, dialect: Dialect, executions: &[ExecutionHash]) -> Statement {
    let mut writer = Writer::new(dialect);
    let cost = dialect.sum(&beyond_parts("amount"), None, false);
    let credits = dialect.sum(&beyond_parts("credits"), None, false);
    writer.text(&format!(
        "SELECT \"execution\", {cost}, {credits} FROM \"costs\" WHERE "
    ));
    writer.scope(scope);
    writer.text(" AND \"execution\"").among(executions);
    writer.text(" GROUP BY 1");
    writer.finish()
}

impl SpentBy {
    /// Reads the rows of [`spent_by`]; executions without costs are absent. Fails if they have another shape.
    pub fn read(batches: &[RecordBatch]) -> Result<HashMap<ExecutionHash, Self>, RecordError> {
        let mut found = HashMap::new();
        for batch in batches {
            let table = Table(batch);
            let executions = table.hashes(0)?;
            let (costs, credits) = (table.integers(1)?, table.integers(2)?);
            for row in 0..table.rows() {
                let Some(execution) = executions.at(row) else {
                    continue;
                };
                let spent = Self {
                    cost: Decimal(costs.at(row).unwrap_or_default()),
                    credits: Decimal(credits.at(row).unwrap_or_default()),
                };
                found.insert(ExecutionHash(execution), spent);
            }
        }
        Ok(found)
    }
}

/// Executions of a workflow in an environment, of a range.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// The range of time.
    pub range: TimeRange,
    /// The workflow.
    pub workflow: &'a str,
    /// The environment.
    pub environment: Option<&'a str>,
}

/// The median and the 95th percentile of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Percentiles {
    /// The number of values.
    pub samples: u64,
    /// The median.
    pub p50: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
}

impl Past<'_> {
    /// The statement for what executions with costs cost in US dollars: one row for [`Past::read_costs`].
    pub fn costs(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        let [p50, p95] = [0.5, 0.95].map(|share| dialect.quantile("\"cost\"", share));
        let cost = dialect.sum(&beyond_parts("amount"), None, true);
        writer.text(&format!(
            "SELECT count(*), {p50} / 1e9, {p95} / 1e9 FROM (SELECT {cost} AS \"cost\" FROM \"costs\" WHERE "
        ));
        self.conditions(&mut writer, scope);
        writer.text(" AND \"execution\" IS NOT NULL GROUP BY \"execution\") AS \"spent\"");
        writer.finish()
    }

    /// Reads the row of [`Past::costs`]. Fails if it has another shape.
    pub fn read_costs(batches: &[RecordBatch]) -> Result<Percentiles, RecordError> {
        let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
            return Ok(Percentiles::default());
        };
        let table = Table(batch);
        let (samples, p50, p95) = (table.integers(0)?, table.floats(1)?, table.floats(2)?);
        Ok(Percentiles {
            samples: samples.at(0).unwrap_or_default().unsigned_abs(),
            p50: p50.at(0),
            p95: p95.at(0),
        })
    }

    /// The statement for how often completed runs of these steps put out no item at all, for
    /// [`Past::read_empty_outputs`].
    pub fn empty_outputs(&self, scope: Scope, dialect: Dialect, steps: &[&str]) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text(
            "SELECT \"step\", count(*), count(*) FILTER (\"items_out\" = 0) FROM \"steps\" WHERE ",
        );
        self.conditions(&mut writer, scope);
        writer.text(super::NO_COPIES);
        writer.text(" AND \"status\" = 'completed' AND \"items_out\" IS NOT NULL");
        writer.one_of("step", steps.iter().copied());
        writer.text(" GROUP BY 1");
        writer.finish()
    }

    /// Reads the rows of [`Past::empty_outputs`]: by step, the runs that reported how many items they put
    /// out, and how many of them put out none. Fails if they have another shape.
    pub fn read_empty_outputs(
        batches: &[RecordBatch],
    ) -> Result<HashMap<String, (u64, u64)>, RecordError> {
        let mut found = HashMap::new();
        for batch in batches {
            let table = Table(batch);
            let (steps, runs, empty) = (table.texts(0)?, table.integers(1)?, table.integers(2)?);
            for row in 0..table.rows() {
                let count =
                    |of: &arrow::array::Int64Array| of.at(row).unwrap_or_default().unsigned_abs();
                found.insert(
                    steps.at(row).unwrap_or_default(),
                    (count(runs), count(empty)),
                );
            }
        }
        Ok(found)
    }

    fn conditions(&self, writer: &mut Writer, scope: Scope) {
        writer.scope(scope).during(self.range);
        writer.equals("workflow", Some(self.workflow));
        match self.environment {
            Some(environment) => writer.equals("environment", Some(environment)),
            None => writer.text(" AND \"environment\" IS NULL"),
        };
    }
}
