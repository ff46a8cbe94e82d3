//! One typed [`Event`], whatever door it came by.

mod cloudevents;
mod decode;
mod identity;
mod seen;
mod text;
mod validate;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Decimal, ExecutionHash, Timestamp};

pub use cloudevents::decode_cloud_event;
pub use decode::{Decoded, Decoder, EventError, EventErrorCode, Limits};
pub use identity::{IdKey, IdSource};
pub use seen::SeenError;

/// An event as it is stored: validated, redacted, with an id.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Given, or derived from what the event says. With type, timestamp and environment it tells the
    /// event from every other of its project; a derived one with the workflow, too.
    pub id: String,
    /// Where the id came from.
    pub id_source: IdSource,
    /// When it happened.
    pub timestamp: Timestamp,
    /// The door it came by, for completeness: `http`, an importer's name, a CloudEvents source.
    pub source: Arc<str>,
    /// Where the workflow ran.
    pub environment: Option<String>,
    /// The workflow's id.
    pub workflow_id: Option<String>,
    /// The workflow's name for people.
    pub workflow_name: Option<String>,
    /// The workflow's version.
    pub workflow_version: Option<String>,
    /// Who caused it.
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
    /// Something that cost.
    Cost(CostEvent),
    /// Something a user did.
    Activity(ActivityEvent),
    /// A generated document.
    Document(DocumentEvent),
    /// A movement in a queue.
    Queue(QueueEvent),
    /// A goal reached.
    Goal(GoalEvent),
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The word in the API and in storage.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $word,)* } }
            /// The value of a word.
            pub fn from_name(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// The types of events.
    EventType {
        /// A state of an execution.
        Execution = "execution",
        /// A finished step.
        Step = "step",
        /// Something that cost.
        Cost = "cost",
        /// Something a user did.
        Activity = "activity",
        /// A generated document.
        Document = "document",
        /// A movement in a queue.
        Queue = "queue",
        /// A goal reached.
        Goal = "goal",
    }
}

words! {
    /// The state of an execution. The order is the order of precedence at equal times.
    Status {
        /// Running.
        Started = "started",
        /// Waiting for time or for somebody.
        Waiting = "waiting",
        /// Ended well.
        Completed = "completed",
        /// Ended by an error.
        Failed = "failed",
        /// Ended by a decision.
        Canceled = "canceled",
        /// Ended because the engine died.
        Crashed = "crashed",
    }
}

impl Status {
    /// Whether the execution has ended.
    pub fn is_terminal(self) -> bool {
        !matches!(self, Status::Started | Status::Waiting)
    }
}

words! {
    /// How a step ended.
    StepStatus {
        /// Ended well.
        Completed = "completed",
        /// Ended by an error.
        Failed = "failed",
        /// Not run.
        Skipped = "skipped",
    }
}

words! {
    /// How making a document ended.
    DocumentStatus {
        /// Made.
        Completed = "completed",
        /// Not made.
        Failed = "failed",
    }
}

words! {
    /// What happened at a queue.
    QueueAction {
        /// Something came in.
        Enqueued = "enqueued",
        /// Something was taken out.
        Dequeued = "dequeued",
    }
}

words! {
    /// What kind of error it is.
    ErrorClass {
        /// Something did not answer in time.
        Timeout = "timeout",
        /// Something could not be reached, or not safely.
        Network = "network",
        /// Credentials or permissions were refused.
        Auth = "auth",
        /// Too much was asked for in a short time; later it works again.
        RateLimit = "rate_limit",
        /// The input was refused.
        Validation = "validation",
        /// What was named is not there.
        NotFound = "not_found",
        /// The other side failed by itself.
        Server = "server",
        /// An allowance is used up: credits, a plan's limit, connections, memory, space.
        Quota = "quota",
        /// The workflow's own code or expression is wrong.
        Code = "code",
        /// None of the others, as far as the error says.
        Unknown = "unknown",
    }
}

/// What an error is counted under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorKey {
    /// The group that it belongs to.
    pub group: Arc<str>,
    /// What kind of error it is.
    pub class: ErrorClass,
}

/// A state of an execution.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionEvent {
    /// The execution's id.
    pub execution_id: String,
    /// Its state from this moment on.
    pub status: Status,
    /// How long it ran, in milliseconds; of a finished execution without one, the time since its start.
    pub duration: Option<i64>,
    /// The trigger's id.
    pub trigger_id: Option<String>,
    /// webhook, schedule, manual, api, ...
    pub trigger_type: Option<String>,
    /// How many steps it ran.
    pub step_count: Option<i64>,
    /// The error's class.
    pub error_type: Option<String>,
    /// The error's text, redacted.
    pub error_message: Option<String>,
    /// What a failed or crashed execution is counted under; found when the event is taken in.
    pub error_key: Option<ErrorKey>,
    /// The step that failed.
    pub error_step: Option<String>,
    /// The `executionId` of the execution of this workflow that this one retries.
    pub retry_of: Option<String>,
    /// The execution that this one retries, told by its public id.
    pub retry_of_id: Option<ExecutionHash>,
    /// The `executionId` of the execution that called this one.
    pub parent_execution_id: Option<String>,
    /// The execution that called this one, told by its public id.
    pub parent_id: Option<ExecutionHash>,
    /// The workflow of the execution that called this one.
    pub parent_workflow_id: Option<String>,
    /// Who or what is enrolled in it.
    pub subject_id: Option<String>,
}

/// A finished step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepEvent {
    /// The execution it belongs to.
    pub execution_id: String,
    /// The step's id within the workflow.
    pub step_id: String,
    /// Its name for people.
    pub step_name: Option<String>,
    /// httpRequest, postgres, ...
    pub step_type: Option<String>,
    /// How it ended.
    pub status: StepStatus,
    /// When it began.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Milliseconds; from start and end where it is not given.
    pub duration: Option<i64>,
    /// 1 for the first try.
    pub attempt: Option<i64>,
    /// Bytes in.
    pub input_size: Option<i64>,
    /// Bytes out.
    pub output_size: Option<i64>,
    /// Items in.
    pub items_in: Option<i64>,
    /// Items out.
    pub items_out: Option<i64>,
    /// Credits it used.
    pub credits_used: Option<Decimal>,
    /// Whether a cache answered; absent where there is no cache.
    pub cache_hit: Option<bool>,
    /// The error's class.
    pub error_type: Option<String>,
    /// The error's text, redacted.
    pub error_message: Option<String>,
    /// What a failed step is counted under; found when the event is taken in.
    pub error_key: Option<ErrorKey>,
}

/// Something that cost.
#[derive(Clone, Debug, PartialEq)]
pub struct CostEvent {
    /// The execution that caused it.
    pub execution_id: Option<String>,
    /// What was paid for.
    pub action_type: Option<String>,
    /// Who was paid.
    pub provider: Option<String>,
    /// The model used.
    pub model: Option<String>,
    /// Number of API calls.
    pub api_calls: Option<i64>,
    /// Tokens sent, those read from a cache or written to it among them, however the producer counts.
    pub input_tokens: Option<i64>,
    /// Tokens received, those of reasoning among them, however the producer counts.
    pub output_tokens: Option<i64>,
    /// Those of the input that were read from a cache.
    pub cache_read_tokens: Option<i64>,
    /// Those of the input that were written to a cache.
    pub cache_write_tokens: Option<i64>,
    /// Those of the output that were reasoning.
    pub reasoning_tokens: Option<i64>,
    /// What is neither a token nor a call: images, seconds of sound. Never negative.
    pub units: Option<Decimal>,
    /// What the units are.
    pub unit: Option<String>,
    /// Credits.
    pub credits: Option<Decimal>,
    /// US dollars.
    pub dollar_amount: Option<Decimal>,
    /// The producer's own amount where it is not in US dollars; the exchange rates of the price book
    /// make dollars of it.
    pub foreign: Option<Foreign>,
    /// The price that gave it its dollars, by public id; `None` where they are the producer's own.
    pub price: Option<std::sync::Arc<str>>,
    /// The id of the cost that is the sum of this one and others.
    pub part_of: Option<String>,
}

/// Money that is not in US dollars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// How much.
    pub amount: Decimal,
    /// In what: three capital letters (ISO 4217).
    pub currency: String,
}

/// Something a user did.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityEvent {
    /// The user's session.
    pub session_id: Option<String>,
    /// login, edit, ...
    pub action: String,
    /// The kind of thing.
    pub resource: Option<String>,
    /// Which of them.
    pub resource_id: Option<String>,
    /// Milliseconds.
    pub duration: Option<i64>,
}

/// A generated document.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentEvent {
    /// The execution that made it.
    pub execution_id: Option<String>,
    /// pdf, docx, ...
    pub document_kind: String,
    /// Whether it was made.
    pub status: DocumentStatus,
    /// Milliseconds.
    pub duration: Option<i64>,
    /// Bytes.
    pub file_size: Option<i64>,
}

/// A movement in a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueEvent {
    /// The queue's name.
    pub queue: String,
    /// In or out.
    pub action: QueueAction,
    /// The execution that was queued.
    pub execution_id: Option<String>,
    /// How long it waited, in milliseconds.
    pub wait_ms: Option<i64>,
}

/// A goal reached.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalEvent {
    /// The execution in which it was reached.
    pub execution_id: Option<String>,
    /// Who reached it.
    pub subject_id: Option<String>,
    /// The goal.
    pub goal_id: String,
    /// What it is worth.
    pub value: Option<Decimal>,
}

impl Event {
    /// The `executionId` that it names.
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

    /// What it says as a state of an execution.
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
