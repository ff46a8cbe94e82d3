//! The fields that columns can fill, by event type.

use weir_model::event::{DocumentStatus, Status, StepStatus};

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Lower,
    /// A status of the type, or a word that a flag maps to one.
    Status,
    Integer,
    Decimal,
    Bool,
    Time,
    Duration,
}

/// Fields of every type.
const COMMON: &[(&str, Kind)] = &[
    ("type", Kind::Lower),
    ("id", Kind::Text),
    ("timestamp", Kind::Time),
    ("environment", Kind::Text),
    ("workflowId", Kind::Text),
    ("workflowName", Kind::Text),
    ("workflowVersion", Kind::Text),
    ("userId", Kind::Text),
];

const EXECUTION: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("status", Kind::Status),
    ("duration", Kind::Duration),
    ("triggerId", Kind::Text),
    ("triggerType", Kind::Text),
    ("stepCount", Kind::Integer),
    ("errorType", Kind::Text),
    ("errorMessage", Kind::Text),
    ("errorStep", Kind::Text),
    ("retryOf", Kind::Text),
    ("retryOfId", Kind::Text),
    ("parentExecutionId", Kind::Text),
    ("parentId", Kind::Text),
    ("parentWorkflowId", Kind::Text),
    ("subjectId", Kind::Text),
];

const STEP: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("stepId", Kind::Text),
    ("stepName", Kind::Text),
    ("stepType", Kind::Text),
    ("parentStepId", Kind::Text),
    ("status", Kind::Status),
    ("startTime", Kind::Time),
    ("endTime", Kind::Time),
    ("duration", Kind::Duration),
    ("waitDuration", Kind::Duration),
    ("attempt", Kind::Integer),
    ("inputSize", Kind::Integer),
    ("outputSize", Kind::Integer),
    ("itemsIn", Kind::Integer),
    ("itemsOut", Kind::Integer),
    ("creditsUsed", Kind::Decimal),
    ("cacheHit", Kind::Bool),
    ("errorType", Kind::Text),
    ("errorMessage", Kind::Text),
];

const COST: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("stepId", Kind::Text),
    ("actionType", Kind::Text),
    ("provider", Kind::Text),
    ("model", Kind::Text),
    ("apiCalls", Kind::Integer),
    ("inputTokens", Kind::Integer),
    ("outputTokens", Kind::Integer),
    ("cacheReadTokens", Kind::Integer),
    ("cacheWriteTokens", Kind::Integer),
    ("reasoningTokens", Kind::Integer),
    ("inputIncludesCache", Kind::Bool),
    ("outputIncludesReasoning", Kind::Bool),
    ("units", Kind::Decimal),
    ("unit", Kind::Text),
    ("credits", Kind::Decimal),
    ("dollarAmount", Kind::Decimal),
    ("amount", Kind::Decimal),
    ("currency", Kind::Text),
    ("partOf", Kind::Text),
];

const ACTIVITY: &[(&str, Kind)] = &[
    ("sessionId", Kind::Text),
    ("action", Kind::Text),
    ("resource", Kind::Text),
    ("resourceId", Kind::Text),
    ("duration", Kind::Duration),
];

const DOCUMENT: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("kind", Kind::Text),
    ("status", Kind::Status),
    ("duration", Kind::Duration),
    ("fileSize", Kind::Integer),
];

const QUEUE: &[(&str, Kind)] = &[
    ("queue", Kind::Text),
    ("action", Kind::Lower),
    ("executionId", Kind::Text),
    ("waitMs", Kind::Duration),
];

const GOAL: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("subjectId", Kind::Text),
    ("goalId", Kind::Text),
    ("value", Kind::Decimal),
];

/// The `--type` of tables whose rows are events of a log.
pub(crate) const LOG: &str = "log";

/// The fields of a log's event, with further headers that fill them (in lower case, letters and digits only).
const LOG_FIELDS: &[(&str, Kind, &[&str])] = &[
    ("case", Kind::Text, &["caseid", "caseconceptname"]),
    ("activity", Kind::Text, &["conceptname", "activityname"]),
    (
        "timestamp",
        Kind::Time,
        &["timetimestamp", "endtime", "completetimestamp"],
    ),
    ("startTime", Kind::Time, &["starttimestamp"]),
    (
        "lifecycle",
        Kind::Lower,
        &["lifecycletransition", "transition"],
    ),
    ("resource", Kind::Text, &["orgresource"]),
    ("instance", Kind::Text, &["conceptinstance"]),
    ("status", Kind::Status, &[]),
];

/// An event type with its own fields and the required ones.
type TypeFields = (
    &'static str,
    &'static [(&'static str, Kind)],
    &'static [&'static str],
);

const TYPES: &[TypeFields] = &[
    ("execution", EXECUTION, &["executionId", "status"]),
    ("step", STEP, &["executionId", "stepId", "status"]),
    ("cost", COST, &[]),
    ("activity", ACTIVITY, &["action"]),
    ("document", DOCUMENT, &[]),
    ("queue", QUEUE, &["queue", "action"]),
    ("goal", GOAL, &["goalId"]),
];

/// The names of the event types.
pub(crate) fn types() -> Vec<&'static str> {
    TYPES.iter().map(|(name, ..)| *name).collect()
}

/// The required fields of `event_type`, except its time.
pub(crate) fn required(event_type: &str) -> &'static [&'static str] {
    if event_type == LOG {
        return &["case", "activity"];
    }
    TYPES
        .iter()
        .find(|(name, ..)| *name == event_type)
        .map_or(&[], |(.., required)| required)
}

/// The fields that can give an event its time; those of all types if the type is not known before the row is read.
pub(crate) fn times(event_type: Option<&str>) -> &'static [&'static str] {
    match event_type {
        None | Some("step") => &["timestamp", "endTime", "startTime"],
        Some(_) => &["timestamp"],
    }
}

/// The possible statuses of `event_type`; none if it has no status.
pub(crate) fn statuses(event_type: &str) -> Vec<&'static str> {
    match event_type {
        "execution" | LOG => Status::ALL.iter().map(|status| status.name()).collect(),
        "step" => StepStatus::ALL.iter().map(|status| status.name()).collect(),
        "document" => DocumentStatus::ALL
            .iter()
            .map(|status| status.name())
            .collect(),
        _ => Vec::new(),
    }
}

/// Further headers that fill a field of a log.
pub(crate) fn aliases(log: bool, field: &str) -> &'static [&'static str] {
    let found = LOG_FIELDS.iter().find(|(name, ..)| log && *name == field);
    found.map_or(&[], |(.., aliases)| aliases)
}

/// The fields that an event of `event_type` can have; those of all types if the type is not known before the row is read.
pub(crate) fn allowed(event_type: Option<&str>) -> Vec<(&'static str, Kind)> {
    if event_type == Some(LOG) {
        return LOG_FIELDS
            .iter()
            .map(|(name, kind, _)| (*name, *kind))
            .collect();
    }
    let of_type = TYPES
        .iter()
        .filter(|(name, ..)| event_type.is_none_or(|wanted| wanted == *name));
    let mut fields = COMMON.to_vec();
    for field in of_type.flat_map(|(_, fields, _)| *fields) {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    fields
}
