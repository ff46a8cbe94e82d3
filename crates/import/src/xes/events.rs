//! The events of one trace.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::args::XesArgs;
use crate::error::ImportError;
use crate::record::{Sink, WireEvent};
use crate::time::{millis_between, rfc3339};

use super::LogContext;
use super::pairs::{Paired, Step, StepEnd, pair};
use super::trace::{LogEvent, Trace};

/// What the outcome flags say, and which of their activities occurred.
pub(crate) struct Outcomes<'a> {
    /// Activity -> (flags that name it, has it occurred).
    named: BTreeMap<&'a str, (Role, bool)>,
    goal_value: Option<&'a str>,
}

#[derive(Default, Clone, Copy)]
struct Role {
    goal: bool,
    end: Option<End>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Canceled,
    Failed,
}

impl<'a> Outcomes<'a> {
    pub fn new(args: &'a XesArgs) -> Self {
        let mut named: BTreeMap<&str, (Role, bool)> = BTreeMap::new();
        for goal in &args.goal {
            named.entry(goal).or_default().0.goal = true;
        }
        for (list, end) in [(&args.canceled, End::Canceled), (&args.failed, End::Failed)] {
            for activity in list {
                named.entry(activity).or_default().0.end = Some(end);
            }
        }
        Self {
            named,
            goal_value: args.goal_value.as_deref(),
        }
    }

    /// Tells of flags that matched nothing: most likely a typing error.
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

/// Writes a trace's events: started, activities, steps, goals, end.
pub(crate) fn write(
    trace: &Trace,
    execution: &str,
    context: &mut LogContext<'_>,
    sink: &mut dyn Sink,
) -> Result<(), ImportError> {
    let mut ordered: Vec<&LogEvent> = trace.events.iter().collect();
    ordered.sort_by_key(|event| event.at);
    let (Some(first), Some(last)) = (ordered.first(), ordered.last()) else {
        return Ok(());
    };
    let mut outcome = None;
    let mut goals: Vec<&LogEvent> = Vec::new();
    for event in &ordered {
        let role = context.outcomes.role(event);
        if role.goal && !goals.iter().any(|goal| goal.activity == event.activity) {
            goals.push(event);
        }
        if let Some(end) = role.end {
            outcome = Some((end, *event));
        }
    }
    let paired = pair(&ordered);
    let mut writer = Writer {
        trace,
        execution,
        context,
        sink,
    };
    writer.started(first)?;
    trace
        .events
        .iter()
        .try_for_each(|event| writer.activity(event))?;
    paired.steps.iter().try_for_each(|step| writer.step(step))?;
    goals.iter().try_for_each(|goal| writer.goal(goal))?;
    writer.ended(first, last, &paired, outcome)
}

struct Writer<'a, 'c> {
    trace: &'a Trace,
    execution: &'a str,
    context: &'a LogContext<'c>,
    sink: &'a mut dyn Sink,
}

impl<'a> Writer<'a, '_> {
    fn started(&mut self, first: &'a LogEvent) -> Result<(), ImportError> {
        let event = WireEvent {
            workflow_name: Some(&self.context.workflow.name),
            execution_id: Some(self.execution),
            subject_id: Some(self.execution),
            status: Some("started"),
            ..self.base("execution", "started", first.at)
        };
        self.put(&event, self.trace.line)
    }

    fn activity(&mut self, log: &'a LogEvent) -> Result<(), ImportError> {
        let event = WireEvent {
            user_id: log.user.as_deref(),
            action: Some(Cow::Borrowed(&log.transition)),
            resource: Some(&log.activity),
            resource_id: Some(self.execution),
            metadata: log.attributes.metadata(),
            ..self.base("activity", &log.index.to_string(), log.at)
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
            start_time: step.start.map(|start| rfc3339(start.at)),
            end_time: Some(rfc3339(step.end.at)),
            duration: step.duration(),
            error_type,
            metadata: step_metadata(step),
            ..self.base("step", &format!("step/{}", step.end.index), step.end.at)
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

    fn ended(
        &mut self,
        first: &'a LogEvent,
        last: &'a LogEvent,
        paired: &Paired<'a>,
        outcome: Option<(End, &'a LogEvent)>,
    ) -> Result<(), ImportError> {
        let status = match outcome {
            None => "completed",
            Some((End::Canceled, _)) => "canceled",
            Some((End::Failed, _)) => "failed",
        };
        let failed = outcome
            .filter(|(end, _)| *end == End::Failed)
            .map(|(_, event)| event);
        let event = WireEvent {
            workflow_name: Some(&self.context.workflow.name),
            execution_id: Some(self.execution),
            subject_id: Some(self.execution),
            status: Some(status),
            duration: Some(millis_between(first.at, last.at)),
            step_count: Some(paired.steps.len() as u64),
            error_type: failed.map(|event| event.activity.as_str()),
            error_message: failed.map(|event| format!("ended by {}", event.activity)),
            error_step: failed.map(|event| event.activity.as_str()),
            metadata: end_metadata(self.trace, paired),
            // A log that has grown since ends later, and that end must count as news.
            ..self.base(
                "execution",
                &format!("end/{}", self.trace.events.len()),
                last.at,
            )
        };
        self.put(&event, last.line)
    }

    /// The fields every event has; its id is `workflow/execution/suffix`.
    fn base(&self, kind: &'static str, suffix: &str, at: Timestamp) -> WireEvent<'a> {
        WireEvent {
            r#type: kind,
            id: format!("{}/{}/{suffix}", self.context.workflow.id, self.execution),
            timestamp: rfc3339(at),
            workflow_id: &self.context.workflow.id,
            environment: self.context.environment,
            ..WireEvent::default()
        }
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
    if !paired.unfinished.is_empty() {
        let names = paired
            .unfinished
            .iter()
            .take(20)
            .map(|name| Value::from(*name))
            .collect();
        metadata.insert("unfinished".to_owned(), Value::Array(names));
    }
    (!metadata.is_empty()).then_some(metadata)
}
