//! Tables: CSV and Parquet. Each row becomes an event, or with `--type log` an event of a case.
//!
//! A column whose header is the name of a field (`executionId`, `execution_id`) fills that field automatically. `--map`
//! maps other columns (`--map executionId=case_id,metadata.region=Region`), and `--constant` sets fields without a column.
//! Empty cells are absent fields. `--status ok=completed` says what the words in a status column mean.
//!
//! A row without an `id` gets one from its content and from the number of identical rows before it. So rows that are equal
//! in every mapped field all count, and importing a file again, or a later export that overlaps it, counts nothing twice.
//!
//! # Logs
//!
//! The fields of a log (`--type log`) are `case`, `activity`, `timestamp`, `startTime`, `lifecycle`, `resource`, `instance`
//! and `status`; the headers that pm4py writes (`case:concept:name`, `org:resource`, ...) fill them automatically. Columns
//! `case:NAME` are attributes of the case, all others are attributes of the event. Rows of a case can be anywhere in the
//! file, so a log is kept in memory until it is read completely. Events are identified by their content, so new rows can be
//! anywhere in a log, and its order can change.

mod csv;
mod fields;
mod ids;
mod log;
mod parquet;
mod plan;
#[cfg(test)]
mod tests;

use ::csv::StringRecord;
use serde_json::{Map, Value};

use crate::error::ImportError;
use crate::input::Input;
use crate::record::{Setting, Sink};

use ids::Ids;
use plan::Plan;

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    name: String,
    /// Whether the file's schema declares its cells to be times; they are then in RFC 3339.
    is_time: bool,
}

/// The next item of a table.
enum Next {
    /// The row was filled; it begins on this line.
    Row(u64),
    /// A row that cannot be read: its line, and the reason.
    Refused(u64, String),
    End,
}

/// A table, row by row.
trait Table {
    fn header(&self) -> &[Header];
    /// Fills `row` with the cells of the next row. Fails if the file cannot be read further.
    fn next(&mut self, row: &mut StringRecord) -> Result<Next, ImportError>;
}

/// Reads every row of a CSV file. Rows that cannot become events are rejected with their line. Fails if the flags do not
/// match the header, the file cannot be read, or the sink fails.
pub(crate) fn read_csv(
    input: &mut Input,
    setting: &Setting<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let mut table = csv::Csv::open(input, setting.args.table.delimiter.as_deref(), sink)?;
    let fault = |detail| table.malformed_header(detail);
    let plan = Plan::new(setting, table.header()).map_err(fault)?;
    let stem = table.stem();
    read(&mut table, &plan, &stem, setting, sink)
}

/// Reads every row of a Parquet file; rows count as lines. Fails as [`read_csv`] does.
pub(crate) fn read_parquet(
    input: &Input,
    setting: &Setting<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let mut table = parquet::Parquet::open(input)?;
    let fault = |detail: String| input.malformed(0, detail);
    let plan = Plan::new(setting, table.header()).map_err(fault)?;
    read(&mut table, &plan, &input.stem(), setting, sink)
}

fn read(
    table: &mut dyn Table,
    plan: &Plan<'_>,
    stem: &str,
    setting: &Setting<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    if plan.is_log() {
        return log::read(table, plan, stem, setting, sink);
    }
    let mut ids = Ids::new(setting.args.memory);
    each_row(table, plan, sink, &mut |event, line, sink| {
        put(event, line, &mut ids, sink)?;
        sink.checkpoint(line);
        Ok(())
    })?;
    ids.note(sink);
    Ok(())
}

/// A callback with the fields of a row, and its line.
type Take<'a> =
    &'a mut dyn FnMut(Map<String, Value>, u64, &mut dyn Sink) -> Result<(), ImportError>;

fn each_row(
    table: &mut dyn Table,
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    take: Take<'_>,
) -> Result<(), ImportError> {
    let width = table.header().len();
    let mut row = StringRecord::new();
    loop {
        let line = match table.next(&mut row)? {
            Next::End => return Ok(()),
            Next::Row(line) => line,
            Next::Refused(line, detail) => {
                sink.count("rows", 1);
                sink.refuse(line, detail);
                continue;
            }
        };
        sink.count("rows", 1);
        if row.len() != width {
            let cells = row.len();
            sink.refuse(
                line,
                format!("the row has {cells} cells, but the header has {width}"),
            );
            continue;
        }
        match plan.event(&row) {
            Ok(event) => take(event, line, sink)?,
            Err(detail) => sink.refuse(line, detail),
        }
    }
}

fn put(
    mut event: Map<String, Value>,
    line: u64,
    ids: &mut Ids,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let json = |event: &Map<String, Value>| {
        serde_json::to_vec(event).map_err(|error| ImportError::Output(error.into()))
    };
    let mut text = json(&event)?;
    if !event.contains_key("id") {
        let id = ids.of(&text, line)?;
        event.insert("id".to_owned(), Value::String(id));
        text = json(&event)?;
    }
    let kind = event
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("unknown");
    sink.event(kind, &text, line)
}
