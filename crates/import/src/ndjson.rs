//! NDJSON: each line is an event.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use serde::Deserialize;

use crate::error::ImportError;
use crate::input::Input;
use crate::record::Sink;

/// The longest accepted line, in bytes; an event's metadata is at most 16 KiB.
const MAX_LINE: u64 = 1024 * 1024;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    r#type: Option<Cow<'a, str>>,
}

/// Hands every line of `input` to `sink` unchanged; the server derives an `id` for events without one. Lines that are not
/// JSON objects are rejected. Fails if the file cannot be read or the sink fails.
pub(crate) fn read(input: &mut Input, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let mut line = Vec::new();
    loop {
        let number = input.text.line();
        line.clear();
        let read = (&mut input.text)
            .take(MAX_LINE)
            .read_until(b'\n', &mut line);
        match read {
            Err(error) => return Err(input.read_error(number, &error)),
            Ok(0) => return Ok(()),
            Ok(_) => {}
        }
        if line.len() as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            skip_line(input, number)?;
            sink.refuse(number, format!("the line is longer than {MAX_LINE} bytes"));
            continue;
        }
        take_line(line.trim_ascii(), number, sink)?;
        sink.checkpoint(number);
    }
}

fn take_line(line: &[u8], number: u64, sink: &mut dyn Sink) -> Result<(), ImportError> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    if line.is_empty() {
        return Ok(());
    }
    if line[0] != b'{' {
        sink.refuse(number, "the line is not a JSON object".to_owned());
        return Ok(());
    }
    match serde_json::from_slice::<Head>(line) {
        Ok(head) => sink.event(head.r#type.as_deref().unwrap_or("unknown"), line, number),
        Err(error) => {
            sink.refuse(number, format!("not a JSON event: {error}"));
            Ok(())
        }
    }
}

fn skip_line(input: &mut Input, number: u64) -> Result<(), ImportError> {
    loop {
        let buffer = match input.text.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) => return Err(input.read_error(number, &error)),
        };
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |at| at + 1);
        input.text.consume(taken);
        if end.is_some() {
            return Ok(());
        }
    }
}
