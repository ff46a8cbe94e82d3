//! How far enrolments got, step by step.

use arrow::record_batch::RecordBatch;
use weir_model::Status;

use super::{Enrolled, JourneysRequest, parts};
use crate::{
    dialect::Dialect,
    records::{Cell, NO_COPIES, RecordError, Table},
    statement::Statement,
    writer::Writer,
};

/// A step and the enrolments that ran it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// The step.
    pub step: String,
    /// Enrolments that ran it.
    pub reached: u64,
    /// Of these, enrolments that ran no later step.
    pub last: u64,
    /// Of these last ones, enrolments that are still running or waiting.
    pub active: u64,
    /// Of these last ones, enrolments that failed, crashed or were canceled.
    pub dropped: u64,
}

/// The number of enrolments that ran each step, and for how many it was the last. Skipped steps do not count.
pub fn stops(enrolled: Enrolled<'_>, dialect: Dialect) -> Statement {
    let request = JourneysRequest {
        enrolled,
        by_subject: false,
        group: None,
        steps: &[],
        exclusions: &[],
        everything: false,
        limit: 0,
    };
    let mut writer = Writer::new(dialect);
    writer.text("WITH ");
    parts::enrolments(&mut writer, &request);
    writer.text(",\nran AS (SELECT \"execution\", \"step\", max(\"timestamp\") AS \"at\" FROM \"steps\" WHERE ");
    writer.scope(enrolled.scope);
    writer
        .text(" AND \"timestamp\" >= ")
        .integer(enrolled.range.from.0);
    writer.text(NO_COPIES).text(
        " AND \"status\" <> 'skipped' AND \"execution\" IN (SELECT \"execution\" FROM enrolments) \
         GROUP BY \"execution\", \"step\")",
    );
    let state = parts::state();
    writer.text(&format!(
        ",\nplaced AS (SELECT ran.\"step\", \
         CASE WHEN row_number() OVER (PARTITION BY ran.\"execution\" ORDER BY ran.\"at\" DESC, ran.\"step\" DESC) = 1 \
         THEN {state} END AS \"stood\" \
         FROM ran JOIN enrolments ON enrolments.\"execution\" = ran.\"execution\")"
    ));
    let count = |statuses: &[Status]| {
        let numbers: Vec<_> = statuses
            .iter()
            .map(|&status| parts::state_number(status).to_string())
            .collect();
        format!(
            "count(CASE WHEN \"stood\" IN ({}) THEN 1 END)",
            numbers.join(", ")
        )
    };
    writer.text(&format!(
        "\nSELECT \"step\", count(*), count(\"stood\"), {}, {} FROM placed GROUP BY \"step\" ORDER BY \"step\"",
        count(&[Status::Started, Status::Waiting]),
        count(&[Status::Failed, Status::Crashed, Status::Canceled]),
    ));
    writer.finish()
}

/// The stops that [`stops`] found, by name of the step.
/// Fails if the store returned other columns than the statement asks for.
pub fn stops_of(batches: &[RecordBatch]) -> Result<Vec<Stop>, RecordError> {
    let mut found = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let steps = table.texts(0)?;
        let [reached, last, active, dropped] = [1, 2, 3, 4].map(|column| table.integers(column));
        let (reached, last, active, dropped) = (reached?, last?, active?, dropped?);
        let count = |value: i64| value.max(0) as u64;
        found.extend((0..table.rows()).map(|row| Stop {
            step: steps.at(row).unwrap_or_default(),
            reached: count(reached.value(row)),
            last: count(last.value(row)),
            active: count(active.value(row)),
            dropped: count(dropped.value(row)),
        }));
    }
    Ok(found)
}
