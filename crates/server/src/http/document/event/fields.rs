//! The fields of every event type, with their meanings.

use weir_model::event::{DocumentStatus, QueueAction, Status, StepStatus};

/// A field: name, kind, whether it is required, meaning.
pub(super) type Field = (&'static str, Kind, bool, &'static str);

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Currency,
    Whole,
    Decimal,
    Time,
    Boolean,
    Object,
    Word(fn() -> Vec<&'static str>),
}

use Kind::{Boolean, Decimal, Text, Time, Whole, Word};

const COMMON: &[Field] = &[
    (
        "id",
        Text,
        false,
        "The event's id, unique per project and type. Without it, an id is derived from the event's identifying fields, so that a retry counts once.",
    ),
    (
        "environment",
        Text,
        false,
        "The environment, for example production.",
    ),
    ("workflowName", Text, false, "The workflow's display name."),
    ("workflowVersion", Text, false, "The workflow's version."),
    ("userId", Text, false, "The user who caused the event."),
    (
        "metadata",
        Kind::Object,
        false,
        "Any other data, at most 16 KiB. Sensitive keys and values are redacted.",
    ),
];

const WHEN: &str = "When it happened: an RFC 3339 time with an offset, or epoch milliseconds.";
const NEEDS_TIME: &[Field] = &[("timestamp", Time, true, WHEN)];
const HAS_TIME: &[Field] = &[(
    "timestamp",
    Time,
    false,
    "When it happened; by default `endTime`, or `startTime` plus `duration`. One of them is required.",
)];
const NEEDS_WORKFLOW: &[Field] = &[("workflowId", Text, true, "The workflow's id.")];
const HAS_WORKFLOW: &[Field] = &[("workflowId", Text, false, "The workflow's id.")];

const EXECUTION: &[Field] = &[
    ("executionId", Text, true, "The execution's id."),
    (
        "status",
        Word(|| Status::ALL.iter().map(|s| s.name()).collect()),
        true,
        "The state of the execution from this time on.",
    ),
    (
        "duration",
        Whole,
        false,
        "Milliseconds. For a finished execution, the default is the time since its start.",
    ),
    (
        "triggerId",
        Text,
        false,
        "The id of the trigger that started the execution.",
    ),
    (
        "triggerType",
        Text,
        false,
        "The type of trigger: webhook, schedule, manual, api, ...",
    ),
    ("stepCount", Whole, false, "The number of steps that ran."),
    ("errorType", Text, false, "The type of error."),
    (
        "errorMessage",
        Text,
        false,
        "The error message. Sensitive data is redacted.",
    ),
    ("errorStep", Text, false, "The id of the step that failed."),
    (
        "retryOf",
        Text,
        false,
        "The `executionId` of the execution, of the same workflow and environment, that this one retries.",
    ),
    (
        "retryOfId",
        Text,
        false,
        "The `id` of the execution that this one retries, instead of `retryOf`.",
    ),
    (
        "parentExecutionId",
        Text,
        false,
        "The `executionId` of the execution that called this one.",
    ),
    (
        "parentId",
        Text,
        false,
        "The `id` of the execution that called this one, instead of `parentExecutionId`.",
    ),
    (
        "parentWorkflowId",
        Text,
        false,
        "The workflow of the execution that `parentExecutionId` names. Without it, the parent is linked only if a single execution has that `executionId`.",
    ),
    (
        "subjectId",
        Text,
        false,
        "The subject that is enrolled in the workflow.",
    ),
];

const STEP: &[Field] = &[
    (
        "executionId",
        Text,
        true,
        "The execution that the step belongs to.",
    ),
    (
        "stepId",
        Text,
        true,
        "The id of the step, unique in its workflow.",
    ),
    ("stepName", Text, false, "The step's display name."),
    (
        "stepType",
        Text,
        false,
        "The type of step: httpRequest, postgres, openai, ...",
    ),
    (
        "parentStepId",
        Text,
        false,
        "The `stepId` of the step of the same execution that contains this one: a loop, a sub-process, a task group, a parent span.",
    ),
    (
        "status",
        Word(|| StepStatus::ALL.iter().map(|s| s.name()).collect()),
        true,
        "How the step ended.",
    ),
    ("startTime", Time, false, "When the step began."),
    ("endTime", Time, false, "When the step ended."),
    (
        "duration",
        Whole,
        false,
        "Milliseconds; by default, the time from start to end.",
    ),
    (
        "waitDuration",
        Whole,
        false,
        "How much of the duration the step waited for a person or for a time instead of working, in milliseconds; at most `duration`. By default, the whole duration if the words of `stepType` say that the step waits (`wait`, `userTask`, `approval`), otherwise 0.",
    ),
    (
        "attempt",
        Whole,
        false,
        "The number of the attempt; 1 is the first.",
    ),
    ("inputSize", Whole, false, "The size of the input in bytes."),
    (
        "outputSize",
        Whole,
        false,
        "The size of the output in bytes.",
    ),
    ("itemsIn", Whole, false, "The number of input items."),
    ("itemsOut", Whole, false, "The number of output items."),
    (
        "creditsUsed",
        Decimal,
        false,
        "The credits that the step used.",
    ),
    (
        "cacheHit",
        Boolean,
        false,
        "Whether the result came from a cache.",
    ),
    ("errorType", Text, false, "The type of error."),
    (
        "errorMessage",
        Text,
        false,
        "The error message. Sensitive data is redacted.",
    ),
];

const COST: &[Field] = &[
    (
        "executionId",
        Text,
        false,
        "The execution that caused the cost.",
    ),
    (
        "stepId",
        Text,
        false,
        "The step of the execution that caused the cost. Without it, the cost counts for the step that ran at its time, if only one did.",
    ),
    (
        "actionType",
        Text,
        false,
        "The type of action that was paid for.",
    ),
    ("provider", Text, false, "The provider that was paid."),
    ("model", Text, false, "The model that was used."),
    ("apiCalls", Whole, false, "The number of API calls."),
    ("inputTokens", Whole, false, "The number of input tokens."),
    ("outputTokens", Whole, false, "The number of output tokens."),
    (
        "cacheReadTokens",
        Whole,
        false,
        "The number of input tokens that were read from a cache.",
    ),
    (
        "cacheWriteTokens",
        Whole,
        false,
        "The number of input tokens that were written to a cache.",
    ),
    (
        "reasoningTokens",
        Whole,
        false,
        "The number of output tokens that were used for reasoning.",
    ),
    (
        "inputIncludesCache",
        Boolean,
        false,
        "Whether `inputTokens` includes cached tokens; true by default.",
    ),
    (
        "outputIncludesReasoning",
        Boolean,
        false,
        "Whether `outputTokens` includes reasoning tokens; true by default.",
    ),
    (
        "units",
        Decimal,
        false,
        "The number of units other than tokens and calls, such as images or seconds of audio.",
    ),
    (
        "unit",
        Text,
        false,
        "The unit of `units`: image, second, ...",
    ),
    ("credits", Decimal, false, "The cost in credits."),
    (
        "dollarAmount",
        Decimal,
        false,
        "The cost in `currency`; in US dollars by default.",
    ),
    (
        "amount",
        Decimal,
        false,
        "Another name for `dollarAmount`; if both are sent, they must be equal.",
    ),
    (
        "currency",
        Kind::Currency,
        false,
        "The currency (ISO 4217). The exchange rates of the price book convert it to US dollars.",
    ),
    (
        "partOf",
        Text,
        false,
        "The `id` of the cost that is the sum of this one and others; together they count once.",
    ),
];

const ACTIVITY: &[Field] = &[
    ("sessionId", Text, false, "The id of the user's session."),
    ("action", Text, true, "What the user did: login, edit, ..."),
    (
        "resource",
        Text,
        false,
        "The kind of resource that the user acted on.",
    ),
    ("resourceId", Text, false, "The id of the resource."),
    ("duration", Whole, false, "The duration in milliseconds."),
];

const DOCUMENT: &[Field] = &[
    (
        "executionId",
        Text,
        false,
        "The execution that created the document.",
    ),
    ("kind", Text, true, "The kind of document: pdf, docx, ..."),
    (
        "status",
        Word(|| DocumentStatus::ALL.iter().map(|s| s.name()).collect()),
        true,
        "Whether the document was created.",
    ),
    ("duration", Whole, false, "The duration in milliseconds."),
    ("fileSize", Whole, false, "The size of the file in bytes."),
];

const QUEUE: &[Field] = &[
    ("queue", Text, true, "The queue's name."),
    (
        "action",
        Word(|| QueueAction::ALL.iter().map(|s| s.name()).collect()),
        true,
        "Whether the item entered or left the queue.",
    ),
    ("executionId", Text, false, "The queued execution."),
    (
        "waitMs",
        Whole,
        false,
        "How long the item waited, in milliseconds.",
    ),
];

const GOAL: &[Field] = &[
    (
        "executionId",
        Text,
        false,
        "The execution in which the goal was reached; this or `subjectId` is required.",
    ),
    (
        "subjectId",
        Text,
        false,
        "The subject that reached the goal; this or `executionId` is required.",
    ),
    ("goalId", Text, true, "The goal's id."),
    ("value", Decimal, false, "The value of reaching the goal."),
];

/// Every event type: its name, the name of its schema, its fields in groups.
pub(super) const TYPES: &[(&str, &str, &[&[Field]])] = &[
    (
        "execution",
        "ExecutionEvent",
        &[NEEDS_TIME, NEEDS_WORKFLOW, COMMON, EXECUTION],
    ),
    ("step", "StepEvent", &[HAS_TIME, HAS_WORKFLOW, COMMON, STEP]),
    (
        "cost",
        "CostEvent",
        &[NEEDS_TIME, HAS_WORKFLOW, COMMON, COST],
    ),
    (
        "activity",
        "ActivityEvent",
        &[NEEDS_TIME, HAS_WORKFLOW, COMMON, ACTIVITY],
    ),
    (
        "document",
        "DocumentEvent",
        &[NEEDS_TIME, HAS_WORKFLOW, COMMON, DOCUMENT],
    ),
    (
        "queue",
        "QueueEvent",
        &[NEEDS_TIME, HAS_WORKFLOW, COMMON, QUEUE],
    ),
    (
        "goal",
        "GoalEvent",
        &[NEEDS_TIME, HAS_WORKFLOW, COMMON, GOAL],
    ),
];
