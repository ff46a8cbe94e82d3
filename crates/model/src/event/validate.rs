//! Validates the fields as sent and builds an [`Event`] that can be stored.

mod check;
mod cost;
mod step;

use std::sync::Arc;

use super::{
    ActivityEvent, DocumentEvent, DocumentStatus, Event, EventError, EventErrorCode as Code,
    EventKind, EventType, ExecutionEvent, GoalEvent, IdKey, IdSource, QueueAction, QueueEvent,
    Status, identity, wire::Wire,
};
use crate::Timestamp;

pub(super) use check::Check;
pub use check::Limits;
use check::{Checked, missing};

/// Checks the fields and builds the event.
pub(super) fn event(
    wire: Wire,
    check: &Check,
    source: &Arc<str>,
    id_key: &IdKey,
) -> Checked<Event> {
    let event_type: EventType =
        check.word("type", &wire.event_type, EventType::ALL, |t| t.name())?;
    let kind = match event_type {
        EventType::Execution => EventKind::Execution(check.execution(&wire)?),
        EventType::Step => EventKind::Step(check.step(&wire)?),
        EventType::Cost => EventKind::Cost(check.cost(&wire)?),
        EventType::Activity => EventKind::Activity(check.activity(&wire)?),
        EventType::Document => EventKind::Document(check.document(&wire)?),
        EventType::Queue => EventKind::Queue(check.queue(&wire)?),
        EventType::Goal => EventKind::Goal(check.goal(&wire)?),
    };
    let sent = wire.metadata;
    let mut event = Event {
        id: String::new(),
        id_source: IdSource::Sent,
        timestamp: check.timestamp(&wire, &kind)?,
        source: source.clone(),
        environment: check.environment(&wire)?,
        workflow_id: check.text("workflowId", &wire.workflow_id)?,
        workflow_name: check.attribute("workflowName", &wire.workflow_name)?,
        workflow_version: check.text("workflowVersion", &wire.workflow_version)?,
        user_id: check.text("userId", &wire.user_id)?,
        metadata: check.metadata(wire.metadata)?,
        kind,
    };
    if event.workflow_id.is_none() && event_type == EventType::Execution {
        return Err(missing("workflowId", event_type));
    }
    match check.text("id", &wire.id)? {
        Some(id) => event.id = id,
        None => {
            let sent = sent.filter(|_| event.metadata.is_some());
            let sent = sent.and_then(|sent| in_order(sent.get()));
            (event.id, event.id_source) = identity::derive(&event, sent.as_deref(), id_key);
        }
    }
    Ok(event)
}

/// A JSON text with the keys of its objects sorted.
fn in_order(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(value.to_string())
}

impl Check<'_> {
    /// The environment: the one sent, or the one that the decoder is bound to.
    fn environment(&self, wire: &Wire) -> Checked<Option<String>> {
        let sent = self.text("environment", &wire.environment)?;
        match (self.environment, sent) {
            (Some(only), None) => Ok(Some(only.to_string())),
            (Some(only), Some(sent)) if sent != *only => {
                let detail = format!("the API key can only send to the environment {only:?}");
                Err(EventError::new(
                    Code::EnvironmentBound,
                    "environment",
                    detail,
                ))
            }
            (_, sent) => Ok(sent),
        }
    }

    fn execution(&self, wire: &Wire) -> Checked<ExecutionEvent> {
        Ok(ExecutionEvent {
            execution_id: self.needed("executionId", &wire.execution_id, EventType::Execution)?,
            status: self.word("status", &wire.status, Status::ALL, |s| s.name())?,
            duration: self.duration("duration", wire.duration)?,
            trigger_id: self.attribute("triggerId", &wire.trigger_id)?,
            trigger_type: self.text("triggerType", &wire.trigger_type)?,
            step_count: self.count("stepCount", wire.step_count)?,
            error_type: self.attribute("errorType", &wire.error_type)?,
            error_message: self.message(&wire.error_message),
            error_key: None,
            error_step: self.text("errorStep", &wire.error_step)?,
            retry_of: self.text("retryOf", &wire.retry_of)?,
            retry_of_id: self.execution_id("retryOfId", &wire.retry_of_id)?,
            parent_execution_id: self.text("parentExecutionId", &wire.parent_execution_id)?,
            parent_id: self.execution_id("parentId", &wire.parent_id)?,
            parent_workflow_id: self.text("parentWorkflowId", &wire.parent_workflow_id)?,
            subject_id: self.attribute("subjectId", &wire.subject_id)?,
        })
    }

    fn activity(&self, wire: &Wire) -> Checked<ActivityEvent> {
        Ok(ActivityEvent {
            session_id: self.text("sessionId", &wire.session_id)?,
            action: self.needed("action", &wire.action, EventType::Activity)?,
            resource: self.text("resource", &wire.resource)?,
            resource_id: self.text("resourceId", &wire.resource_id)?,
            duration: self.duration("duration", wire.duration)?,
        })
    }

    fn document(&self, wire: &Wire) -> Checked<DocumentEvent> {
        Ok(DocumentEvent {
            execution_id: self.text("executionId", &wire.execution_id)?,
            document_kind: self.needed("kind", &wire.kind, EventType::Document)?,
            status: self.word("status", &wire.status, DocumentStatus::ALL, |s| s.name())?,
            duration: self.duration("duration", wire.duration)?,
            file_size: self.count("fileSize", wire.file_size)?,
        })
    }

    fn queue(&self, wire: &Wire) -> Checked<QueueEvent> {
        Ok(QueueEvent {
            queue: self.needed("queue", &wire.queue, EventType::Queue)?,
            action: self.word("action", &wire.action, QueueAction::ALL, |a| a.name())?,
            execution_id: self.text("executionId", &wire.execution_id)?,
            wait_ms: self.duration("waitMs", wire.wait_ms)?,
        })
    }

    fn goal(&self, wire: &Wire) -> Checked<GoalEvent> {
        let execution_id = self.text("executionId", &wire.execution_id)?;
        let subject_id = self.attribute("subjectId", &wire.subject_id)?;
        if execution_id.is_none() && subject_id.is_none() {
            let detail = "a goal needs executionId or subjectId";
            return Err(EventError::new(Code::MissingField, "executionId", detail));
        }
        Ok(GoalEvent {
            execution_id,
            subject_id,
            goal_id: self.needed("goalId", &wire.goal_id, EventType::Goal)?,
            value: self.amount("value", wire.value)?,
        })
    }

    /// The event's time. A step without one happened at its end, or else its start plus its
    /// duration.
    fn timestamp(&self, wire: &Wire, kind: &EventKind) -> Checked<Timestamp> {
        if let Some(given) = self.moment("timestamp", wire.timestamp)? {
            return Ok(given);
        }
        let of_step = match kind {
            EventKind::Step(step) => step.end_time.or_else(|| {
                let started = step.start_time?;
                Some(started.plus(step.duration.unwrap_or(0)))
            }),
            _ => None,
        };
        of_step.ok_or_else(|| {
            let detail =
                "timestamp is required: when it happened, in RFC 3339 or epoch milliseconds";
            EventError::new(Code::MissingField, "timestamp", detail)
        })
    }
}
