//! XES (IEEE 1849) event logs, streamed: one trace in memory at a time.
//!
//! `cases` describes how traces become executions.

mod event;
mod parse;
#[cfg(test)]
mod tests;

use crate::cases::{Ask, Cases};
use crate::error::ImportError;
use crate::input::Input;
use crate::record::{Setting, Sink};

use parse::{Item, Parser};

/// Reads a log to its end, and hands its events to `sink` trace by trace. Fails if the file is not a complete XES log or
/// the sink fails.
pub(crate) fn read(
    input: &mut Input,
    setting: &Setting<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let stem = input.stem();
    let mut parser = Parser::new(input, setting);
    let mut log_name = None;
    let mut cases = None;
    loop {
        match parser.next()? {
            Item::LogName(name) => log_name = Some(name),
            Item::Trace(trace) => {
                let cases = match &mut cases {
                    Some(cases) => cases,
                    None => {
                        cases.insert(Cases::new(setting, log_name.as_deref(), &stem, Ask::Xes)?)
                    }
                };
                let end = trace.end_line;
                cases.take(trace, sink)?;
                sink.checkpoint(end);
            }
            Item::OrphanEvent(line) => {
                sink.refuse(line, "an event outside of any trace".to_owned())
            }
            Item::End => break,
        }
    }
    match cases {
        Some(cases) => cases.finish(sink),
        None => sink.note(format!("{stem}: the log contains no traces")),
    }
    Ok(())
}
