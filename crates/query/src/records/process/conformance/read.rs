//! Rows about rules as values.

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, Timestamp};

use crate::records::{Cell, RecordError, Table};

/// How many executions keep to each rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The number of executions that have ended.
    pub ended: u64,
    /// The number of those that reported steps: only these are judged.
    pub executions: u64,
    /// The rules, in their order.
    pub rules: Vec<Judged>,
}

/// A rule, judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The number of executions that it applies to.
    pub applicable: u64,
    /// The number of those that break it.
    pub violations: u64,
    /// The newest of those that break it.
    pub examples: Vec<Broken>,
}

/// An execution that breaks a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The execution.
    pub execution: ExecutionHash,
    /// When its run ended.
    pub ended: Timestamp,
    /// The id of the event that counts the run.
    pub event: String,
    /// What was measured: the number of visits, the position of a step, or a time in milliseconds, depending on
    /// the rule. `None` if there is nothing to measure.
    pub measured: Option<i64>,
}

/// Reads the rows of [`super::Conformance::statement`] for this many rules. Fails if they have another shape.
pub fn read_conformance(batches: &[RecordBatch], rules: usize) -> Result<Verdict, RecordError> {
    let mut verdict = Verdict {
        rules: vec![Judged::default(); rules],
        ..Verdict::default()
    };
    for batch in batches {
        let table = Table(batch);
        let (numbers, hashes) = (table.integers(0)?, table.hashes(1)?);
        let (ends, events) = (table.integers(2)?, table.texts(3)?);
        let (applicable, violations) = (table.integers(4)?, table.integers(5)?);
        let measured = table.integers(6)?;
        for row in 0..table.rows() {
            let count = |value: i64| value.max(0) as u64;
            let (first, second) = (count(applicable.value(row)), count(violations.value(row)));
            let Ok(number) = usize::try_from(numbers.value(row)) else {
                (verdict.executions, verdict.ended) = (first, second);
                continue;
            };
            let Some(judged) = verdict.rules.get_mut(number) else {
                continue;
            };
            match hashes.at(row) {
                None => (judged.applicable, judged.violations) = (first, second),
                Some(hash) => judged.examples.push(Broken {
                    execution: ExecutionHash(hash),
                    ended: Timestamp(ends.at(row).unwrap_or_default()),
                    event: events.at(row).unwrap_or_default(),
                    measured: measured.at(row),
                }),
            }
        }
    }
    Ok(verdict)
}
