//! Cases of a log, whatever it is written in: traces of events that become executions, steps and activities.
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
//! | an event with a start of its own (`start_timestamp`, or `--start-attribute`) | the same from that start; the execution begins at the first start |
//! | activity in `--goal` | a `goal` event at its first occurrence, with the execution as subject |
//!
//! A trace is `completed` at its last event, unless an activity of `--canceled` or `--failed` occurs in it: the last such
//! activity decides, and a failed one is the `errorType` and `errorStep`. Where a column gives the case's `status`, its last
//! value decides, after those flags; a case that is `started` or `waiting` is open and has no end.
//!
//! **What the server would refuse** (a time too far ahead, a name too long) is no part of its case: it is refused alone, with
//! its line, and the case begins and ends with its other events.
//!
//! **Order.** Events of one instant keep the order of the file, and a case goes in one body, as far as it fits.
//!
//! **Pairs.** Within a trace, in order of time, a COMPLETE belongs to the *latest* START of the same activity that is still
//! open (and of the same `concept:instance`, when events carry one). Latest, not first: a START that never completes would
//! otherwise shift every later pair. SUSPEND and RESUME between them are not counted in `duration`; the suspended time is
//! `metadata.suspendedMs`. The time from SCHEDULE to the first START is `metadata.waitMs`. AUTOSKIP, MANUALSKIP and WITHDRAW
//! end a step as `skipped`, ATE_ABORT and PI_ABORT as `failed`. Transitions that are not of the standard model (`--lifecycle` says what they mean), and STARTs that
//! nothing completes, remain as activities; activities still open at the end are listed in the execution's
//! `metadata.unfinished`.
//!
//! **Ids** are `workflow/execution/...` and tell events by their place in the trace, or in a table by what they say, so importing a file again, under another name or compression, counts nothing twice.
//! A log that has grown brings its cases' ends anew, with an id and a time of their own, and nothing else twice.
//! Ids do not depend on the outcome flags: to import a log with other `--canceled` or `--failed` activities, give it another
//! `--workflow`.
//!
//! Nested attributes get the path of their keys (`parent/child`) in `metadata`; extensions, globals and classifiers say
//! nothing about what happened and are passed over.

mod door;
mod events;
mod pairs;
mod seen;
mod trace;

use std::collections::HashMap;

use crate::args::LogArgs;
use crate::error::ImportError;
use crate::record::{Setting, Sink};

use door::Door;
use events::Outcomes;
use pairs::TRANSITIONS;
use seen::{Nothing, Seen};

pub(crate) use seen::Ask;
pub(crate) use trace::{Attributes, LogEvent, Trace, Unread};

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
    pub door: Door,
    lifecycle: HashMap<String, &'a str>,
    seen: Seen,
}

/// Takes the cases of one log.
pub(crate) struct Cases<'a> {
    context: LogContext<'a>,
    names: Names,
}

impl<'a> Cases<'a> {
    /// Of the log that calls itself `log_name`, in the file `stem`; `ask` is how its columns or attributes are named.
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
            door: Door::at(setting.now),
            lifecycle: lifecycle(&args.lifecycle)?,
            seen: Seen::new(ask),
        };
        Ok(Self {
            context,
            names: Names::default(),
        })
    }

    /// Hands over the events of one case.
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

    /// Tells what the log as a whole gives reason to.
    pub fn finish(self, sink: &mut dyn Sink) {
        self.context.outcomes.note_unused(sink);
        self.context.seen.tell(sink);
    }
}

/// What the flags say that a log's transitions mean.
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
