//! Tables: CSV and Parquet. Each row becomes one event, or with `--type log` one event of a log's cases.
//!
//! A column whose header is a field's name (`executionId`, `execution_id`) fills that field by itself; `--map` names the
//! others (`--map executionId=case_id,metadata.region=Region`), `--constant` sets fields that no column holds. Empty cells
//! are absent fields. `--status ok=completed` says what the words of a status column mean.
//!
//! A row without an `id` gets one from its content and from how often that content stood in the file before, so rows that are
//! alike in every mapped field all count, and importing a file again, or a later export that overlaps it, counts nothing
//! twice.
//!
//! # Logs
//!
//! Of a log (`--type log`) the fields are `case`, `activity`, `timestamp`, `startTime`, `lifecycle`, `resource`, `instance`
//! and `status`; the headers that pm4py writes (`case:concept:name`, `org:resource`, ...) fill them by themselves. Columns
//! `case:NAME` are attributes of the case, all others of the event. Rows of a case may stand anywhere, so a log is kept in
//! memory until it is read. An event is known by what it says, so a log may grow anywhere and be sorted anew.

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

/// What a file says of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    name: String,
    /// Its cells are times by the file's own schema, given in RFC 3339.
    is_time: bool,
}

/// What comes next in a table.
enum Next {
    /// The row was filled; it begins on this line.
    Row(u64),
    /// A row that cannot be read: its line, and why.
    Refused(u64, String),
    End,
}

/// A table, row by row.
trait Table {
    fn header(&self) -> &[Header];
    /// Fills `row` with the next row's cells.
    fn next(&mut self, row: &mut StringRecord) -> Result<Next, ImportError>;
}

/// Reads every row of a CSV file; one that cannot be an event is refused with its line, and reading goes on.
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

/// Reads every row of a Parquet file; rows count as lines.
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
    ids.tell(sink);
    Ok(())
}

/// Takes the fields of a row, and its line.
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
                format!("the row has {cells} cells, the header {width}"),
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
