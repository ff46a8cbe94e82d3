//! CSV files: each row becomes one event.
//!
//! A column whose header is a field's name (`executionId`, `execution_id`) fills that field by itself; `--map` names the
//! others (`--map executionId=case_id,metadata.region=Region`), `--constant` sets fields that no column holds. Empty cells
//! are absent fields. A row without an `id` gets one from its content, so importing a file again, or a later export that
//! overlaps it, counts nothing twice; two rows that are equal in every mapped field count once.

mod fields;
mod plan;
#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::args::CsvArgs;
use crate::error::ImportError;
use crate::input::{Input, LineCounter};
use crate::record::Sink;

use plan::Plan;

/// Reads every row of `input`; a row that can not be an event is refused with its line, and reading goes on.
pub(crate) fn read(
    input: &mut Input,
    args: &CsvArgs,
    environment: Option<&str>,
    zone: &TimeZone,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let nothing: Box<dyn std::io::Read> = Box::new(std::io::empty());
    let text = std::mem::replace(&mut input.text, LineCounter::new(nothing));
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter(input, args)?)
        .flexible(true)
        .from_reader(text);
    let header = rows
        .headers()
        .map_err(|error| csv_error(input, 1, &error))?
        .clone();
    if header.is_empty() {
        return Err(input.malformed(1, "the file is empty; a CSV file needs a header line"));
    }
    let plan =
        Plan::new(args, environment, zone, &header).map_err(|detail| input.malformed(1, detail))?;
    let mut row = csv::StringRecord::new();
    let mut line = 1;
    loop {
        match rows.read_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => {
                sink.count("rows", 1);
                sink.refuse(
                    error.position().map_or(line, csv::Position::line),
                    "the row is not UTF-8".to_owned(),
                );
                continue;
            }
            Err(error) => return Err(csv_error(input, line, &error)),
        }
        line = row.position().map_or(line, csv::Position::line);
        sink.count("rows", 1);
        if row.len() != header.len() {
            sink.refuse(
                line,
                format!(
                    "the row has {} cells, the header {}",
                    row.len(),
                    header.len()
                ),
            );
            continue;
        }
        match plan.event(&row) {
            Ok(event) => put(event, line, sink)?,
            Err(detail) => sink.refuse(line, detail),
        }
        sink.checkpoint(line);
    }
}

fn put(mut event: Map<String, Value>, line: u64, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let mut json = serde_json::to_vec(&event).map_err(|error| ImportError::Output(error.into()))?;
    if !event.contains_key("id") {
        event.insert("id".to_owned(), Value::String(content_id(&json)));
        json = serde_json::to_vec(&event).map_err(|error| ImportError::Output(error.into()))?;
    }
    let kind = event
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("unknown");
    sink.event(kind, &json, line)
}

/// 128 bits of the event's content.
fn content_id(json: &[u8]) -> String {
    let digest = Sha256::digest(json);
    let hex: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("csv-{hex}")
}

fn delimiter(input: &Input, args: &CsvArgs) -> Result<u8, ImportError> {
    let tsv = input.path.to_string_lossy().contains(".tsv");
    match args.delimiter.as_deref() {
        None => Ok(if tsv { b'\t' } else { b',' }),
        Some("tab" | "\\t") => Ok(b'\t'),
        Some(text) if text.len() == 1 => Ok(text.as_bytes()[0]),
        Some(text) => Err(ImportError::Usage(format!(
            "--delimiter {text:?}: give one character, or \"tab\""
        ))),
    }
}

fn csv_error(input: &Input, line: u64, error: &csv::Error) -> ImportError {
    let line = error.position().map_or(line, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(source) => input.read_error(line, source),
        _ => input.malformed(line, error.to_string()),
    }
}
