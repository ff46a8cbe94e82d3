//! The events of one trace.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use weir_model::event::Status;

use crate::args::LogArgs;
use crate::error::ImportError;
use crate::record::{Sink, WireEvent};
use crate::time::{millis_between, rfc3339};

use super::LogContext;
use super::pairs::{Paired, Step, StepEnd, pair};
use super::trace::{LogEvent, Trace, json_length};

/// The most bytes that the names of unfinished activities take in an execution's metadata.
const UNFINISHED: i64 = 2 * 1024;

/// The outcome flags, and which of their activities occurred.
pub(crate) struct Outcomes<'a> {
    /// Activity -> (the flags that name it, whether it occurred).
    named: BTreeMap<&'a str, (Role, bool)>,
    goal_value: Option<&'a str>,
}

#[derive(Default, Clone, Copy)]
struct Role {
    goal: bool,
    end: Option<Status>,
}

impl<'a> Outcomes<'a> {
    pub fn new(args: &'a LogArgs) -> Self {
        let mut named: BTreeMap<&str, (Role, bool)> = BTreeMap::new();
        for goal in &args.goal {
            named.entry(goal).or_default().0.goal = true;
        }
        for (list, end) in [
            (&args.canceled, Status::Canceled),
            (&args.failed, Status::Failed),
        ] {
            for activity in list {
                named.entry(activity).or_default().0.end = Some(end);
            }
        }
        Self {
            named,
            goal_value: args.goal_value.as_deref(),
        }
    }

    /// Notes the flags that matched nothing: most likely they are misspelt.
    pub fn note_unused(&self, sink: &mut dyn Sink) {
        for (activity, _) in self.named.iter().filter(|(_, (_, seen))| !seen) {
            sink.note(format!(
                "no event has the activity {activity:?} of --goal, --canceled or --failed"
            ));
        }
    }

    fn role(&mut self, event: &LogEvent) -> Role {
        self.named
            .get_mut(event.activity.as_str())
            .map_or_else(Role::default, |(role, seen)| {
                *seen = true;
                *role
            })
    }
}

/// Writes a trace's events: started, activities, steps, goals, end. Returns whether there were any. Fails if the sink
/// does.
pub(crate) fn write(
    trace: &mut Trace,
    execution: &str,
    context: &mut LogContext<'_>,
    sink: &mut dyn Sink,
) -> Result<bool, ImportError> {
    refuse(trace, execution, context, sink)?;
    let mut ordered: Vec<&LogEvent> = trace.events.iter().collect();
    ordered.sort_by_key(|event| event.at);
    let Some(last) = ordered.last() else {
        return Ok(false);
    };
    let mut end = End {
        status: trace.status.unwrap_or(Status::Completed),
        by: None,
        last,
    };
    let mut goals: Vec<&LogEvent> = Vec::new();
    for event in &ordered {
        let role = context.outcomes.role(event);
        if role.goal && !goals.iter().any(|goal| goal.activity == event.activity) {
            goals.push(event);
        }
        if let Some(status) = role.end {
            (end.status, end.by) = (status, Some(*event));
        }
    }
    let paired = pair(&ordered);
    let firsts = ordered.iter().map(|event| event.first_moment());
    let mut writer = Writer {
        trace,
        execution,
        context,
        sink,
        began: firsts.min().unwrap_or(last.at),
    };
    writer.started()?;
    let mut activities = trace.events.iter();
    activities.try_for_each(|event| writer.activity(event))?;
    paired.steps.iter().try_for_each(|step| writer.step(step))?;
    goals.iter().try_for_each(|goal| writer.goal(goal))?;
    if end.status != Status::Started {
        writer.ended(&end, &paired)?;
    }
    Ok(true)
}

/// Removes the events that the server would reject, so that one of them cannot be the trace's end.
fn refuse(
    trace: &mut Trace,
    execution: &str,
    context: &LogContext<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    for mut event in std::mem::take(&mut trace.events) {
        let refusal = context
            .check
            .refusal(&activity_of(&event, execution, context))?;
        if let Some(detail) = refusal {
            sink.refuse(event.line, detail);
            continue;
        }
        let start = event.began.filter(|at| context.check.accepts_start(*at));
        event.began = start;
        trace.events.push(event);
    }
    Ok(())
}

/// The activity event of a log event, without its attributes.
fn activity_of<'a>(
    log: &'a LogEvent,
    execution: &'a str,
    context: &'a LogContext<'_>,
) -> WireEvent<'a> {
    WireEvent {
        user_id: log.user.as_deref(),
        action: Some(Cow::Borrowed(&log.transition)),
        resource: Some(&log.activity),
        resource_id: Some(execution),
        ..base(context, execution, "activity", &log.key, log.at)
    }
}

/// The fields that every event has; the id is `workflow/execution/suffix`.
fn base<'a>(
    context: &'a LogContext<'_>,
    execution: &str,
    kind: &'static str,
    suffix: &str,
    at: Timestamp,
) -> WireEvent<'a> {
    WireEvent {
        r#type: kind,
        id: format!("{}/{execution}/{suffix}", context.workflow.id),
        timestamp: rfc3339(at),
        workflow_id: &context.workflow.id,
        environment: context.environment,
        ..WireEvent::default()
    }
}

/// How a trace ends.
struct End<'a> {
    status: Status,
    /// The event that decides it, if a flag names its activity.
    by: Option<&'a LogEvent>,
    last: &'a LogEvent,
}

struct Writer<'a, 'c> {
    trace: &'a Trace,
    execution: &'a str,
    context: &'a LogContext<'c>,
    sink: &'a mut dyn Sink,
    /// When the execution began.
    began: Timestamp,
}

impl<'a> Writer<'a, '_> {
    fn started(&mut self) -> Result<(), ImportError> {
        let event = WireEvent {
            workflow_name: Some(&self.context.workflow.name),
            execution_id: Some(self.execution),
            subject_id: Some(self.execution),
            status: Some("started"),
            ..self.base("execution", "started", self.began)
        };
        self.put(&event, self.trace.line)
    }

    fn activity(&mut self, log: &'a LogEvent) -> Result<(), ImportError> {
        let event = WireEvent {
            metadata: log.attributes.metadata(),
            ..activity_of(log, self.execution, self.context)
        };
        self.put(&event, log.line)
    }

    fn step(&mut self, step: &Step<'a>) -> Result<(), ImportError> {
        let (status, error_type) = match step.how {
            StepEnd::Completed => ("completed", None),
            StepEnd::Skipped => ("skipped", None),
            StepEnd::Aborted => ("failed", Some(step.end.transition.as_str())),
        };
        let starter = step.start.and_then(|start| start.user.as_deref());
        let event = WireEvent {
            workflow_name: Some(&self.context.workflow.name),
            execution_id: Some(self.execution),
            step_id: Some(&step.end.activity),
            step_name: Some(&step.end.activity),
            status: Some(status),
            user_id: step.end.user.as_deref().or(starter),
            start_time: step.began().map(rfc3339),
            end_time: Some(rfc3339(step.end.at)),
            duration: step.duration(),
            error_type,
            metadata: step_metadata(step),
            ..self.base("step", &format!("step/{}", step.end.key), step.end.at)
        };
        self.put(&event, step.end.line)
    }

    fn goal(&mut self, goal: &'a LogEvent) -> Result<(), ImportError> {
        let value = self
            .context
            .outcomes
            .goal_value
            .and_then(|key| self.trace.attributes.number(key));
        let event = WireEvent {
            execution_id: Some(self.execution),
            subject_id: Some(self.execution),
            goal_id: Some(&goal.activity),
            user_id: goal.user.as_deref(),
            value,
            ..self.base("goal", &format!("goal/{}", goal.activity), goal.at)
        };
        self.put(&event, goal.line)
    }

    fn ended(&mut self, end: &End<'a>, paired: &Paired<'a>) -> Result<(), ImportError> {
        let failed = end.by.filter(|_| end.status == Status::Failed);
        let (word, duration) = match end.status {
            Status::Waiting => ("waiting", None),
            _ => ("end", Some(millis_between(self.began, end.last.at))),
        };
        let event = WireEvent {
            workflow_name: Some(&self.context.workflow.name),
            execution_id: Some(self.execution),
            subject_id: Some(self.execution),
            status: Some(end.status.name()),
            duration,
            step_count: Some(paired.steps.len() as u64),
            error_type: failed.map(|event| event.activity.as_str()),
            error_message: failed.map(|event| format!("ended by {}", event.activity)),
            error_step: failed.map(|event| event.activity.as_str()),
            metadata: end_metadata(self.trace, paired),
            // If the log grows, the case ends later, and that end needs a separate id.
            ..self.base(
                "execution",
                &format!("{word}/{}", self.trace.events.len()),
                end.last.at,
            )
        };
        self.put(&event, end.last.line)
    }

    fn base(&self, kind: &'static str, suffix: &str, at: Timestamp) -> WireEvent<'a> {
        base(self.context, self.execution, kind, suffix, at)
    }

    fn put(&mut self, event: &WireEvent<'_>, line: u64) -> Result<(), ImportError> {
        let json = serde_json::to_vec(event).map_err(|error| ImportError::Output(error.into()))?;
        self.sink.event(event.r#type, &json, line)
    }
}

fn step_metadata(step: &Step<'_>) -> Option<Map<String, Value>> {
    let mut metadata = Map::new();
    if let Some(wait) = step.wait_ms {
        metadata.insert("waitMs".to_owned(), wait.into());
    }
    if step.suspended_ms > 0 {
        metadata.insert("suspendedMs".to_owned(), step.suspended_ms.into());
    }
    (!metadata.is_empty()).then_some(metadata)
}

fn end_metadata(trace: &Trace, paired: &Paired<'_>) -> Option<Map<String, Value>> {
    let mut metadata = trace.attributes.metadata().unwrap_or_default();
    let mut room = UNFINISHED;
    let names: Vec<Value> = paired
        .unfinished
        .iter()
        .take_while(|name| {
            room -= json_length(name) as i64 + 1;
            room >= 0
        })
        .map(|name| Value::from(*name))
        .collect();
    if !names.is_empty() {
        metadata.insert("unfinished".to_owned(), Value::Array(names));
    }
    (!metadata.is_empty()).then_some(metadata)
}
