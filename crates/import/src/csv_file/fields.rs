//! The fields a column can fill, by event type.

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Lower,
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
    ("status", Kind::Lower),
    ("duration", Kind::Duration),
    ("triggerId", Kind::Text),
    ("triggerType", Kind::Text),
    ("stepCount", Kind::Integer),
    ("errorType", Kind::Text),
    ("errorMessage", Kind::Text),
    ("errorStep", Kind::Text),
    ("retryOf", Kind::Text),
    ("parentExecutionId", Kind::Text),
    ("subjectId", Kind::Text),
];

const STEP: &[(&str, Kind)] = &[
    ("executionId", Kind::Text),
    ("stepId", Kind::Text),
    ("stepName", Kind::Text),
    ("stepType", Kind::Text),
    ("status", Kind::Lower),
    ("startTime", Kind::Time),
    ("endTime", Kind::Time),
    ("duration", Kind::Duration),
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
    ("status", Kind::Lower),
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

/// The event types, each with its own fields and those an event of it can not do without.
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

/// Fields of `event_type` without which there is no event, beside `timestamp`.
pub(crate) fn required(event_type: &str) -> &'static [&'static str] {
    TYPES
        .iter()
        .find(|(name, ..)| *name == event_type)
        .map_or(&[], |(.., required)| required)
}

/// Fields an event of `event_type` may have; of any type, when it is not known before the row is read.
pub(crate) fn allowed(event_type: Option<&str>) -> Vec<(&'static str, Kind)> {
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
