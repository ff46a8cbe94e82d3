//! Cases of a log in any format: traces of events, which become executions, steps and activities.
//!
//! # How a log becomes events
//!
//! | log (XES; the columns of a table) | Weir |
//! |---|---|
//! | log | workflow: id = `--workflow`, else the slug of the log's `concept:name`, else the file's stem; name = `--workflow-name`, else the log's `concept:name` |
//! | trace | execution: id = the trace's `concept:name` (a repeated name gets `#2`, `#3`, ...); an `execution` event `started` at its first event, another one at its last event with `duration`, `stepCount` and the trace's attributes as `metadata` |
//! | event | one `activity` event, always: `action` = transition in lower case (`complete` where absent), `resource` = activity, `resourceId` = execution, `userId` = `org:resource`, else `resource`, or what `--resource` names (absent where absent), other attributes as `metadata` |
//! | START + COMPLETE | one `step` event at the COMPLETE: `startTime`, `endTime`, `duration`, user of the COMPLETE (else of the START) |
//! | COMPLETE alone | one `step` event with `endTime` and no `duration`: it happened at an instant |
//! | an event with its own start (`start_timestamp`, or `--start-attribute`) | the same from that start; the execution begins at the first start |
//! | activity in `--goal` | a `goal` event at its first occurrence, with the execution as subject |
//!
//! A trace is `completed` at its last event, unless an activity of `--canceled` or `--failed` occurs in it: the last such
//! activity decides, and a failed one becomes the `errorType` and `errorStep`. If a column gives the `status` of the case, its
//! last value applies where those flags decide nothing; a case that is `started` or `waiting` is open and has no end.
//!
//! **Events that the server would reject** (a time too far ahead, a name too long) do not belong to their case: only they are
//! rejected, with their line, and the case begins and ends with its other events.
//!
//! **Order.** Events with the same time keep the order of the file. A case is sent in one body if it fits.
//!
//! **Pairs.** Within a trace, in order of time, a COMPLETE belongs to the *latest* START of the same activity that is still
//! open (and of the same `concept:instance`, if events have one). Latest, not first: a START that never completes would
//! otherwise shift every later pair. Suspended time (from SUSPEND to RESUME) does not count in `duration`; it is
//! `metadata.suspendedMs`. The time from SCHEDULE to the first START is `metadata.waitMs`. AUTOSKIP, MANUALSKIP and WITHDRAW
//! end a step as `skipped`, ATE_ABORT and PI_ABORT as `failed`. Transitions outside the standard model (`--lifecycle` says
//! what they mean) and STARTs without an end remain activities. Activities that are still open at the end are listed in the
//! execution's `metadata.unfinished`.
//!
//! **Ids** are `workflow/execution/...`. They distinguish events by their position in the trace, or in a table by their
//! content, so importing a file again, under another name or with another compression, counts nothing twice. If a log has
//! grown, its cases get new ends, with new ids and times; nothing else is added twice. Ids do not depend on the outcome flags:
//! to import a log with other `--canceled` or `--failed` activities, give it another `--workflow`.
//!
//! Nested attributes get the path of their keys (`parent/child`) in `metadata`. Extensions, globals and classifiers contain no
//! events and are ignored.

mod check;
mod events;
mod pairs;
mod seen;
mod trace;

use std::collections::HashMap;

use crate::args::LogArgs;
use crate::error::ImportError;
use crate::record::{Setting, Sink};

use check::Check;
use events::Outcomes;
use pairs::TRANSITIONS;
use seen::{Nothing, Seen};

pub(crate) use seen::Ask;
pub(crate) use trace::{Attributes, LogEvent, Trace, Unread};

/// The workflow whose executions are the log's traces.
pub(crate) struct Workflow {
    pub id: String,
    pub name: String,
}

/// What all traces of a log share.
pub(crate) struct LogContext<'a> {
    pub workflow: Workflow,
    pub environment: Option<&'a str>,
    pub outcomes: Outcomes<'a>,
    pub check: Check,
    lifecycle: HashMap<String, &'a str>,
    seen: Seen,
}

/// Turns the cases of one log into events.
pub(crate) struct Cases<'a> {
    context: LogContext<'a>,
    names: Names,
}

impl<'a> Cases<'a> {
    /// For the log with the name `log_name`, if it has one, in the file `stem`; `ask` chooses the words for attributes
    /// or columns. Fails if a `--lifecycle` flag is wrong.
    pub fn new(
        setting: &Setting<'a>,
        log_name: Option<&str>,
        stem: &str,
        ask: Ask,
    ) -> Result<Self, ImportError> {
        let args = &setting.args.log;
        let context = LogContext {
            workflow: workflow(args, log_name, stem),
            environment: setting.args.environment.as_deref(),
            outcomes: Outcomes::new(args),
            check: Check::at(setting.now),
            lifecycle: lifecycle(&args.lifecycle)?,
            seen: Seen::new(ask),
        };
        Ok(Self {
            context,
            names: Names::default(),
        })
    }

    /// Hands the events of one case to `sink`. Fails if the sink does.
    pub fn take(&mut self, mut trace: Trace, sink: &mut dyn Sink) -> Result<(), ImportError> {
        sink.count("traces", 1);
        sink.count(
            "log events",
            trace.events.len() as u64 + trace.refused.len() as u64,
        );
        let nothing = match trace.refused.as_slice() {
            [] => Nothing::Empty,
            refused if refused.iter().all(|unread| unread.of_time) => Nothing::Timeless,
            _ => Nothing::Refused,
        };
        for unread in trace.refused.drain(..) {
            sink.refuse(unread.line, unread.detail);
        }
        if trace.events.is_empty() {
            self.context.seen.nothing(trace.line, &nothing);
            return Ok(());
        }
        for event in &mut trace.events {
            if let Some(meant) = self.context.lifecycle.get(&event.transition) {
                event.transition = (*meant).to_owned();
            }
            self.context.seen.event(event);
        }
        let id = self.names.unique(trace.name.take());
        if !events::write(&mut trace, &id, &mut self.context, sink)? {
            self.context.seen.nothing(trace.line, &Nothing::Refused);
        }
        Ok(())
    }

    /// Adds the notes about the log as a whole.
    pub fn finish(self, sink: &mut dyn Sink) {
        self.context.outcomes.note_unused(sink);
        self.context.seen.note_all(sink);
    }
}

/// What transitions mean according to `--lifecycle`.
fn lifecycle(flags: &[String]) -> Result<HashMap<String, &str>, ImportError> {
    let mut meanings = HashMap::new();
    for flag in flags {
        let (word, transition) = flag
            .split_once('=')
            .filter(|(_, transition)| TRANSITIONS.contains(transition))
            .ok_or_else(|| {
                ImportError::Usage(format!(
                    "--lifecycle {flag}: write it as WORD=TRANSITION, with one of {}",
                    TRANSITIONS.join(", ")
                ))
            })?;
        meanings.insert(word.trim().to_lowercase(), transition);
    }
    Ok(meanings)
}

fn workflow(args: &LogArgs, log_name: Option<&str>, stem: &str) -> Workflow {
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

/// A name for use in URLs: lower case, with a hyphen in place of everything but letters and digits.
fn slug(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Gives every trace a unique execution id, the same each time the file is read.
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
