//! One typed [`Event`], whatever the source.

mod cloudevents;
mod decode;
mod error;
mod identity;
mod seen;
mod text;
mod validate;
mod waiting;
mod wire;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::{Decimal, ExecutionHash, Timestamp};

pub use cloudevents::decode_cloud_event;
pub use decode::{Decoded, Decoder};
pub use error::{EventError, EventErrorCode};
pub use identity::{IdKey, IdSource};
pub use seen::SeenError;
pub use validate::Limits;
pub use waiting::waits;
pub use words::{DocumentStatus, ErrorClass, EventType, QueueAction, Status, StepStatus};

/// An event as it is stored: validated, redacted, with an id.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Sent by the producer, or derived from the event's content. Together with type, timestamp and
    /// environment (for a derived id, the workflow as well) it identifies the event within its
    /// project.
    pub id: String,
    /// How the event got its id.
    pub id_source: IdSource,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Where the event came from, for completeness: `http`, an importer's name, a CloudEvents
    /// source.
    pub source: Arc<str>,
    /// Where the workflow ran.
    pub environment: Option<String>,
    /// The workflow's id.
    pub workflow_id: Option<String>,
    /// The workflow's display name.
    pub workflow_name: Option<String>,
    /// The workflow's version.
    pub workflow_version: Option<String>,
    /// The user who caused it.
    pub user_id: Option<String>,
    /// A JSON object, redacted; at most [`Limits::metadata_bytes`].
    pub metadata: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// The fields of each type of event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// A state of an execution.
    Execution(ExecutionEvent),
    /// A finished step.
    Step(StepEvent),
    /// A cost.
    Cost(CostEvent),
    /// A user's action.
    Activity(ActivityEvent),
    /// A generated document.
    Document(DocumentEvent),
    /// A movement in a queue.
    Queue(QueueEvent),
    /// A goal that was reached.
    Goal(GoalEvent),
}

/// The group and class that an error counts under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorKey {
    /// The id of its error group.
    pub group: Arc<str>,
    /// The error's class.
    pub class: ErrorClass,
}

/// A state of an execution.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionEvent {
    /// The execution's id.
    pub execution_id: String,
    /// Its state from the event's time on.
    pub status: Status,
    /// How long it ran, in milliseconds. Without it, a finished execution ran from its start to its
    /// end.
    pub duration: Option<i64>,
    /// The trigger's id.
    pub trigger_id: Option<String>,
    /// What triggered it: webhook, schedule, manual, api, ...
    pub trigger_type: Option<String>,
    /// The number of steps it ran.
    pub step_count: Option<i64>,
    /// The error's type, as the producer names it.
    pub error_type: Option<String>,
    /// The error's text, redacted.
    pub error_message: Option<String>,
    /// The group and class that a failed or crashed execution counts under; set at intake.
    pub error_key: Option<ErrorKey>,
    /// The step that failed.
    pub error_step: Option<String>,
    /// The `executionId` of the execution of this workflow that this one retries.
    pub retry_of: Option<String>,
    /// The execution that this one retries, by its public id.
    pub retry_of_id: Option<ExecutionHash>,
    /// The `executionId` of the execution that called this one.
    pub parent_execution_id: Option<String>,
    /// The execution that called this one, by its public id.
    pub parent_id: Option<ExecutionHash>,
    /// The workflow of the execution that called this one.
    pub parent_workflow_id: Option<String>,
    /// The subject that is enrolled in it.
    pub subject_id: Option<String>,
}

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepEvent {
    /// The execution it belongs to.
    pub execution_id: String,
    /// The step's id within the workflow.
    pub step_id: String,
    /// Its display name.
    pub step_name: Option<String>,
    /// The step's type: httpRequest, postgres, ...
    pub step_type: Option<String>,
    /// The id of the step of the same execution that contains it: a loop, a sub-process.
    pub parent_step_id: Option<String>,
    /// How it ended.
    pub status: StepStatus,
    /// When it began.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Milliseconds; computed from start and end where the producer sends none.
    pub duration: Option<i64>,
    /// How much of `duration` it waited for a person or for a time, in milliseconds; judged by
    /// [`waits`] where the producer sends none. `None` without a duration.
    pub wait_duration: Option<i64>,
    /// 1 for the first attempt.
    pub attempt: Option<i64>,
    /// Size of the input in bytes.
    pub input_size: Option<i64>,
    /// Size of the output in bytes.
    pub output_size: Option<i64>,
    /// Number of input items.
    pub items_in: Option<i64>,
    /// Number of output items.
    pub items_out: Option<i64>,
    /// Credits used.
    pub credits_used: Option<Decimal>,
    /// Whether a cache answered; `None` where there is no cache.
    pub cache_hit: Option<bool>,
    /// The error's type, as the producer names it.
    pub error_type: Option<String>,
    /// The error's text, redacted.
    pub error_message: Option<String>,
    /// The group and class that a failed step counts under; set at intake.
    pub error_key: Option<ErrorKey>,
}

/// A cost.
#[derive(Clone, Debug, PartialEq)]
pub struct CostEvent {
    /// The execution that caused it.
    pub execution_id: Option<String>,
    /// The step of the execution that caused it.
    pub step_id: Option<String>,
    /// What was paid for.
    pub action_type: Option<String>,
    /// The provider that was paid.
    pub provider: Option<String>,
    /// The model that was used.
    pub model: Option<String>,
    /// The number of API calls.
    pub api_calls: Option<i64>,
    /// Tokens sent, including those read from or written to a cache, however the producer counts.
    pub input_tokens: Option<i64>,
    /// Tokens received, including reasoning tokens, however the producer counts.
    pub output_tokens: Option<i64>,
    /// Input tokens that were read from a cache.
    pub cache_read_tokens: Option<i64>,
    /// Input tokens that were written to a cache.
    pub cache_write_tokens: Option<i64>,
    /// Output tokens that were spent on reasoning.
    pub reasoning_tokens: Option<i64>,
    /// A quantity of anything other than tokens and calls, such as images or seconds of audio.
    /// Never negative.
    pub units: Option<Decimal>,
    /// The name of that unit.
    pub unit: Option<String>,
    /// Credits spent.
    pub credits: Option<Decimal>,
    /// The cost in US dollars.
    pub dollar_amount: Option<Decimal>,
    /// The amount as sent, where it is not in US dollars; the price book's exchange rates convert
    /// it.
    pub foreign: Option<Foreign>,
    /// The public id of the price from which the dollars were computed; `None` where the producer
    /// sent them.
    pub price: Option<std::sync::Arc<str>>,
    /// The id of the cost that includes this one in its sum.
    pub part_of: Option<String>,
}

/// An amount in a currency other than US dollars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The amount, in `currency`.
    pub amount: Decimal,
    /// The currency: three capital letters (ISO 4217).
    pub currency: String,
}

/// A user's action.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityEvent {
    /// The user's session.
    pub session_id: Option<String>,
    /// What the user did: login, edit, ...
    pub action: String,
    /// The kind of resource.
    pub resource: Option<String>,
    /// The id of the resource.
    pub resource_id: Option<String>,
    /// Duration in milliseconds.
    pub duration: Option<i64>,
}

/// A generated document.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentEvent {
    /// The execution that generated it.
    pub execution_id: Option<String>,
    /// The kind of document: pdf, docx, ...
    pub document_kind: String,
    /// Whether it was generated.
    pub status: DocumentStatus,
    /// Duration in milliseconds.
    pub duration: Option<i64>,
    /// Size of the file in bytes.
    pub file_size: Option<i64>,
}

/// A movement in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueEvent {
    /// The queue's name.
    pub queue: String,
    /// Whether it was added or removed.
    pub action: QueueAction,
    /// The execution that was queued.
    pub execution_id: Option<String>,
    /// How long it waited, in milliseconds.
    pub wait_ms: Option<i64>,
}

/// A goal that was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalEvent {
    /// The execution that reached it.
    pub execution_id: Option<String>,
    /// The subject that reached it.
    pub subject_id: Option<String>,
    /// The goal's id.
    pub goal_id: String,
    /// The goal's value.
    pub value: Option<Decimal>,
}

impl Event {
    /// The event's `executionId`, if it has one.
    pub fn execution_id(&self) -> Option<&str> {
        match &self.kind {
            EventKind::Execution(e) => Some(&e.execution_id),
            EventKind::Step(e) => Some(&e.execution_id),
            EventKind::Cost(e) => e.execution_id.as_deref(),
            EventKind::Document(e) => e.execution_id.as_deref(),
            EventKind::Queue(e) => e.execution_id.as_deref(),
            EventKind::Goal(e) => e.execution_id.as_deref(),
            EventKind::Activity(_) => None,
        }
    }

    /// The state of an execution that the event reports; `None` for other types.
    pub fn execution(&self) -> Option<&ExecutionEvent> {
        match &self.kind {
            EventKind::Execution(e) => Some(e),
            _ => None,
        }
    }

    /// The event's type.
    pub fn event_type(&self) -> EventType {
        match self.kind {
            EventKind::Execution(_) => EventType::Execution,
            EventKind::Step(_) => EventType::Step,
            EventKind::Cost(_) => EventType::Cost,
            EventKind::Activity(_) => EventType::Activity,
            EventKind::Document(_) => EventType::Document,
            EventKind::Queue(_) => EventType::Queue,
            EventKind::Goal(_) => EventType::Goal,
        }
    }
}
