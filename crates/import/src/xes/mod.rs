//! XES (IEEE 1849) event logs, streamed: one trace in memory at a time.
//!
//! # How a log becomes events
//!
//! | log | Weir |
//! |---|---|
//! | log | workflow: id = `--workflow`, else the slug of the log's `concept:name`, else the file's stem; name = `--workflow-name`, else the log's `concept:name` |
//! | trace | execution: id = the trace's `concept:name` (a repeated name gets `#2`, `#3`, ...); an `execution` event `started` at its first event, another one at its last event with `duration`, `stepCount` and the trace's attributes as `metadata` |
//! | event | one `activity` event, always: `action` = transition in lower case (`complete` where absent), `resource` = activity, `resourceId` = execution, `userId` = `org:resource` (absent where absent), other attributes as `metadata` |
//! | START + COMPLETE | one `step` event at the COMPLETE: `startTime`, `endTime`, `duration`, user of the COMPLETE (else of the START) |
//! | COMPLETE alone | one `step` event with `endTime` and no `duration`: it happened at an instant |
//! | activity in `--goal` | a `goal` event at its first occurrence, with the execution as subject |
//!
//! A trace is `completed` at its last event, unless an activity of `--canceled` or `--failed` occurs in it: the last such
//! activity decides, and a failed one is the `errorType` and `errorStep`.
//!
//! **Pairs.** Within a trace, in order of time, a COMPLETE belongs to the *latest* START of the same activity that is still
//! open (and of the same `concept:instance`, when events carry one). Latest, not first: a START that never completes would
//! otherwise shift every later pair. SUSPEND and RESUME between them are not counted in `duration`; the suspended time is
//! `metadata.suspendedMs`. The time from SCHEDULE to the first START is `metadata.waitMs`. AUTOSKIP, MANUALSKIP and WITHDRAW
//! end a step as `skipped`, ATE_ABORT and PI_ABORT as `failed`. Transitions that are not of the standard model, and STARTs that
//! nothing completes, remain as activities; activities still open at the end are listed in the execution's
//! `metadata.unfinished`.
//!
//! **Ids** are `workflow/execution/...`, so importing a file again, under another name or compression, counts nothing twice.
//! They do not depend on the outcome flags: to import a log with other `--canceled` or `--failed` activities, give it another
//! `--workflow`.
//!
//! Nested attributes get the path of their keys (`parent/child`) in `metadata`; extensions, globals and classifiers say
//! nothing about what happened and are passed over.

mod events;
mod pairs;
mod parse;
#[cfg(test)]
mod tests;
mod trace;

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::args::XesArgs;
use crate::error::ImportError;
use crate::input::Input;
use crate::record::Sink;

use events::Outcomes;
use parse::{Item, Parser};
use trace::Trace;

/// The workflow a log's traces are executions of.
pub(crate) struct Workflow {
    pub id: String,
    pub name: String,
}

/// Everything about a log that its traces share.
pub(crate) struct LogContext<'a> {
    pub workflow: Workflow,
    pub environment: Option<&'a str>,
    pub outcomes: Outcomes<'a>,
}

/// Reads a log to its end, handing its events to `sink` trace by trace.
pub(crate) fn read(
    input: &mut Input,
    args: &XesArgs,
    environment: Option<&str>,
    zone: &TimeZone,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let stem = input.stem();
    let mut parser = Parser::new(input, zone.clone());
    let mut names = Names::default();
    let mut log_name = None;
    let mut context = None;
    loop {
        match parser.next()? {
            Item::LogName(name) => log_name = Some(name),
            Item::Trace(trace) => {
                let context = context.get_or_insert_with(|| LogContext {
                    workflow: workflow(args, log_name.as_deref(), &stem),
                    environment,
                    outcomes: Outcomes::new(args),
                });
                one_trace(trace, context, &mut names, sink)?;
            }
            Item::OrphanEvent(line) => {
                sink.refuse(line, "an event outside of any trace".to_owned())
            }
            Item::End => break,
        }
    }
    match context {
        Some(context) => context.outcomes.note_unused(sink),
        None => sink.note(format!("{stem}: the log holds no trace")),
    }
    Ok(())
}

fn one_trace(
    mut trace: Trace,
    context: &mut LogContext<'_>,
    names: &mut Names,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    sink.count("traces", 1);
    sink.count(
        "log events",
        trace.events.len() as u64 + trace.refused.len() as u64,
    );
    for (line, detail) in trace.refused.drain(..) {
        sink.refuse(line, detail);
    }
    if trace.events.is_empty() {
        sink.note(format!(
            "line {}: a trace without events is no execution",
            trace.line
        ));
        return Ok(());
    }
    let id = names.unique(trace.name.take());
    events::write(&trace, &id, context, sink)?;
    sink.checkpoint(trace.end_line);
    Ok(())
}

fn workflow(args: &XesArgs, log_name: Option<&str>, stem: &str) -> Workflow {
    let id = match (&args.workflow, log_name.map(slug)) {
        (Some(id), _) => id.clone(),
        (None, Some(slug)) if !slug.is_empty() => slug,
        (None, _) => stem.to_owned(),
    };
    let name = args
        .workflow_name
        .as_deref()
        .or(log_name)
        .unwrap_or(&id)
        .to_owned();
    Workflow { id, name }
}

/// Lower case, everything but letters and digits as single hyphens: fit for a URL.
fn slug(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Gives every trace an execution id of its own, the same ones each time the file is read.
#[derive(Default)]
struct Names {
    seen: HashMap<String, u32>,
    traces: u64,
}

impl Names {
    fn unique(&mut self, name: Option<String>) -> String {
        self.traces += 1;
        let name = name.unwrap_or_else(|| format!("trace-{}", self.traces));
        let times = self.seen.entry(name.clone()).or_insert(0);
        *times += 1;
        if *times == 1 {
            name
        } else {
            format!("{name}#{times}")
        }
    }
}
