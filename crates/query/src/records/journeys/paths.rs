//! The most common path of enrolments through a workflow.

use arrow::{
    array::{Array, AsArray},
    record_batch::RecordBatch,
};
use weir_model::Status;

use super::{Enrolled, JourneysRequest, parts};
use crate::{
    dialect::Dialect,
    records::{Cell, NO_COPIES, RecordError, Texts},
    statement::Statement,
    writer::Writer,
};

/// The steps that most of the completed enrolments ran, in the order of their first completion.
/// Enrolments without steps have no path. Ties go to the first by name.
pub fn most_common_path(enrolled: Enrolled<'_>, dialect: Dialect) -> Statement {
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
    writer.text(&format!(
        ",\nended AS (SELECT \"execution\" FROM enrolments WHERE {} = {})",
        parts::state(),
        parts::state_number(Status::Completed)
    ));
    writer.text(
        ",\nran AS (SELECT \"execution\", \"step\", min(\"timestamp\") AS \"first\" FROM \"steps\" WHERE ",
    );
    writer.scope(enrolled.scope);
    writer
        .text(" AND \"timestamp\" >= ")
        .integer(enrolled.range.from.0);
    writer.text(NO_COPIES).text(
        " AND \"status\" = 'completed' AND \"execution\" IN (SELECT \"execution\" FROM ended) GROUP BY \"execution\", \"step\")",
    );
    let way = dialect.list_in_order("\"step\"", "\"first\", \"step\"");
    writer.text(&format!(
        ",\nways AS (SELECT {way} AS \"way\" FROM ran GROUP BY \"execution\")\n\
         SELECT \"way\" FROM ways GROUP BY \"way\" ORDER BY count(*) DESC, \"way\" LIMIT 1"
    ));
    writer.finish()
}

/// The steps that [`most_common_path`] found; empty if there is no path.
/// Fails if the store returned other columns than the statement asks for.
pub fn path(batches: &[RecordBatch]) -> Result<Vec<String>, RecordError> {
    let wrong = RecordError {
        column: 0,
        expected: "a list of VARCHAR",
    };
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
        return Ok(Vec::new());
    };
    let lists = batch.columns().first();
    let lists = lists.and_then(|array| array.as_list_opt::<i32>());
    let way = lists.ok_or(wrong.clone())?.value(0);
    let steps = Texts::column(way.as_ref()).ok_or(wrong)?;
    Ok((0..way.len()).filter_map(|i| steps.at(i)).collect())
}
