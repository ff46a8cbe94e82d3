//! Rows that are events of a log.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use weir_model::event::Status;

use crate::cases::{Ask, Attributes, Cases, LogEvent, Trace};
use crate::error::ImportError;
use crate::record::{Setting, Sink};

use super::plan::{CASE_ATTRIBUTES, Plan};
use super::{Table, each_row};

/// The size of an event in memory without its texts, in bytes.
const EVENT: usize = 400;

/// Reads all rows, and then hands over the cases in the order of their first rows. Fails if a row does not fit into
/// memory, the file cannot be read to its end, or the sink fails.
pub(super) fn read(
    table: &mut dyn Table,
    plan: &Plan<'_>,
    stem: &str,
    setting: &Setting<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let mut cases = Cases::new(setting, None, stem, Ask::Table)?;
    let mut held = Held {
        room: (setting.args.memory as usize).saturating_mul(1024 * 1024),
        memory: setting.args.memory,
        ..Held::default()
    };
    each_row(table, plan, sink, &mut |row, line, _| held.add(row, line)).map_err(unsent)?;
    for trace in held.traces {
        cases.take(trace, sink)?;
        // Rows of later cases may be among those of this one, so no line is complete yet.
        sink.checkpoint(0);
    }
    sink.checkpoint(held.last_line);
    cases.finish(sink);
    Ok(())
}

/// The error for a truncated log: cases that end too early must not be sent.
fn unsent(error: ImportError) -> ImportError {
    match error {
        ImportError::Truncated {
            path, line, detail, ..
        } => ImportError::Malformed {
            path,
            line,
            detail: format!(
                "the file is truncated: {detail}; nothing was sent, because the cases of a log are sent after all its rows are read"
            ),
        },
        other => other,
    }
}

/// The cases read so far.
#[derive(Default)]
struct Held {
    traces: Vec<Trace>,
    by_name: HashMap<String, usize>,
    /// The time of each case's current status.
    status_at: HashMap<usize, Timestamp>,
    /// How often a case has contained an event with this digest.
    occurrences: HashMap<(usize, u64), u32>,
    room: usize,
    memory: u32,
    last_line: u64,
}

impl Held {
    fn add(&mut self, mut row: Map<String, Value>, line: u64) -> Result<(), ImportError> {
        let size = EVENT + size(&row);
        self.room = self.room.checked_sub(size).ok_or_else(|| self.full(line))?;
        self.last_line = line;
        let name = text(&mut row, "case").unwrap_or_default();
        let case = self.case(name, line);
        for (key, value) in attributes(&mut row, CASE_ATTRIBUTES) {
            self.traces[case].attributes.add_first(&key, value);
        }
        let status = text(&mut row, "status");
        let (mut event, mark) = event(row, line);
        let times = self.occurrences.entry((case, mark)).or_insert(0);
        *times += 1;
        if *times > 1 {
            event.key += &format!("-{times}");
        }
        let trace = &mut self.traces[case];
        if let Some(status) = status.as_deref().and_then(Status::from_name)
            && self.status_at.get(&case).is_none_or(|at| *at <= event.at)
        {
            trace.status = Some(status);
            self.status_at.insert(case, event.at);
        }
        trace.end_line = line;
        trace.events.push(event);
        Ok(())
    }

    fn case(&mut self, name: String, line: u64) -> usize {
        if let Some(case) = self.by_name.get(&name) {
            return *case;
        }
        self.by_name.insert(name.clone(), self.traces.len());
        self.traces.push(Trace {
            line,
            name: Some(name),
            ..Trace::default()
        });
        self.traces.len() - 1
    }

    fn full(&self, line: u64) -> ImportError {
        let memory = self.memory;
        ImportError::Usage(format!(
            "line {line}: the rows of the log do not fit into {memory} MB, and a log must be kept until all its rows \
             are read; allow more memory (--memory), or split the file by case. Nothing was sent"
        ))
    }
}

/// A row's event, and the digest of its content, which is its key.
fn event(mut row: Map<String, Value>, line: u64) -> (LogEvent, u64) {
    let mut content = Sha256::new();
    let mut field = |name: &str| {
        let value = text(&mut row, name);
        content.update(value.as_deref().unwrap_or_default());
        content.update([0]);
        value
    };
    let moment = |text: Option<String>| text.and_then(|text| text.parse::<Timestamp>().ok());
    let activity = field("activity").unwrap_or_default();
    // The plan has already parsed both times.
    let at = moment(field("timestamp")).unwrap_or_default();
    let began = moment(field("startTime"));
    let transition = field("lifecycle").unwrap_or_else(|| "complete".to_owned());
    let (instance, user) = (field("instance"), field("resource"));
    let digest = content.finalize();
    let mark = digest[..8]
        .iter()
        .fold(0, |mark: u64, byte| (mark << 8) | u64::from(*byte));
    let mut others = Attributes::default();
    for (key, value) in attributes(&mut row, "metadata") {
        others.add(&key, value);
    }
    let mut event = LogEvent {
        line,
        key: format!("{mark:016x}"),
        at,
        began: None,
        odd_start: false,
        activity,
        transition,
        instance,
        user,
        attributes: others,
    };
    event.began_at(began);
    (event, mark)
}

fn text(row: &mut Map<String, Value>, field: &str) -> Option<String> {
    match row.remove(field)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn attributes(row: &mut Map<String, Value>, field: &str) -> Map<String, Value> {
    match row.remove(field) {
        Some(Value::Object(attributes)) => attributes,
        _ => Map::new(),
    }
}

/// The size of a row's texts in bytes.
fn size(row: &Map<String, Value>) -> usize {
    let of = |(key, value): (&String, &Value)| {
        key.len()
            + match value {
                Value::String(text) => text.len(),
                Value::Object(inner) => size(inner),
                _ => 8,
            }
    };
    row.iter().map(of).sum()
}
