//! The fields of every type of event, in words.

use weir_model::event::{DocumentStatus, QueueAction, Status, StepStatus};

/// A field: name, kind, whether it must be there, meaning.
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
        "Unique per project and type. Without one it is derived from the event's own identity, so that a retry counts once.",
    ),
    (
        "environment",
        Text,
        false,
        "Where it ran, for example production.",
    ),
    ("workflowName", Text, false, "Its name for people."),
    ("workflowVersion", Text, false, "Its version."),
    ("userId", Text, false, "Who caused it."),
    (
        "metadata",
        Kind::Object,
        false,
        "Anything else, at most 16 KiB; sensitive keys and values are redacted.",
    ),
];

const WHEN: &str = "When it happened: RFC 3339 with an offset, or epoch milliseconds.";
const NEEDS_TIME: &[Field] = &[("timestamp", Time, true, WHEN)];
const HAS_TIME: &[Field] = &[(
    "timestamp",
    Time,
    false,
    "When it happened; without it `endTime`, or `startTime` and `duration`, say so. One of them is needed.",
)];
const NEEDS_WORKFLOW: &[Field] = &[("workflowId", Text, true, "The workflow.")];
const HAS_WORKFLOW: &[Field] = &[("workflowId", Text, false, "The workflow.")];

const EXECUTION: &[Field] = &[
    ("executionId", Text, true, "The execution."),
    (
        "status",
        Word(|| Status::ALL.iter().map(|s| s.name()).collect()),
        true,
        "Its state from this moment on.",
    ),
    (
        "duration",
        Whole,
        false,
        "Milliseconds. Without one, a finished execution's is the time since its start.",
    ),
    ("triggerId", Text, false, "What started it."),
    (
        "triggerType",
        Text,
        false,
        "webhook, schedule, manual, api, ...",
    ),
    ("stepCount", Whole, false, "How many steps it ran."),
    ("errorType", Text, false, "The error's class."),
    ("errorMessage", Text, false, "The error's text; redacted."),
    ("errorStep", Text, false, "The step that failed."),
    (
        "retryOf",
        Text,
        false,
        "The `executionId` of the execution of the same workflow and environment that this one retries.",
    ),
    (
        "retryOfId",
        Text,
        false,
        "The `id` of the execution that this one retries, in place of `retryOf`.",
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
        "The `id` of the execution that called this one, in place of `parentExecutionId`.",
    ),
    (
        "parentWorkflowId",
        Text,
        false,
        "The workflow of the execution that `parentExecutionId` names; without it the name has to be that of one execution alone.",
    ),
    ("subjectId", Text, false, "Who or what is enrolled in it."),
];

const STEP: &[Field] = &[
    ("executionId", Text, true, "The execution it belongs to."),
    ("stepId", Text, true, "The step within its workflow."),
    ("stepName", Text, false, "Its name for people."),
    (
        "stepType",
        Text,
        false,
        "httpRequest, postgres, openai, ...",
    ),
    (
        "status",
        Word(|| StepStatus::ALL.iter().map(|s| s.name()).collect()),
        true,
        "How it ended.",
    ),
    ("startTime", Time, false, "When it began."),
    ("endTime", Time, false, "When it ended."),
    (
        "duration",
        Whole,
        false,
        "Milliseconds; from start and end where it is not given.",
    ),
    ("attempt", Whole, false, "1 for the first try."),
    ("inputSize", Whole, false, "Bytes in."),
    ("outputSize", Whole, false, "Bytes out."),
    ("itemsIn", Whole, false, "Items in."),
    ("itemsOut", Whole, false, "Items out."),
    ("creditsUsed", Decimal, false, "Credits it used."),
    ("cacheHit", Boolean, false, "Whether a cache answered."),
    ("errorType", Text, false, "The error's class."),
    ("errorMessage", Text, false, "The error's text; redacted."),
];

const COST: &[Field] = &[
    ("executionId", Text, false, "The execution that caused it."),
    ("actionType", Text, false, "What was paid for."),
    ("provider", Text, false, "Who was paid."),
    ("model", Text, false, "The model used."),
    ("apiCalls", Whole, false, "Number of API calls."),
    ("inputTokens", Whole, false, "Tokens sent."),
    ("outputTokens", Whole, false, "Tokens received."),
    (
        "cacheReadTokens",
        Whole,
        false,
        "Tokens sent that were read from a cache.",
    ),
    (
        "cacheWriteTokens",
        Whole,
        false,
        "Tokens sent that were written to a cache.",
    ),
    (
        "reasoningTokens",
        Whole,
        false,
        "Tokens received that were reasoning.",
    ),
    (
        "inputIncludesCache",
        Boolean,
        false,
        "Whether `inputTokens` counts the cached ones, too; true without it.",
    ),
    (
        "outputIncludesReasoning",
        Boolean,
        false,
        "Whether `outputTokens` counts those of reasoning, too; true without it.",
    ),
    (
        "units",
        Decimal,
        false,
        "What is neither a token nor a call: images, seconds of sound.",
    ),
    (
        "unit",
        Text,
        false,
        "What the units are: image, second, ...",
    ),
    ("credits", Decimal, false, "Credits."),
    (
        "dollarAmount",
        Decimal,
        false,
        "Money, in `currency` or else in US dollars.",
    ),
    (
        "amount",
        Decimal,
        false,
        "Another name of `dollarAmount`; where both are sent they must be equal.",
    ),
    (
        "currency",
        Kind::Currency,
        false,
        "What the money is in (ISO 4217). The exchange rates of the price book make US dollars of it.",
    ),
    (
        "partOf",
        Text,
        false,
        "The `id` of the cost that is the sum of this one and others: together they count once.",
    ),
];

const ACTIVITY: &[Field] = &[
    ("sessionId", Text, false, "The user's session."),
    ("action", Text, true, "login, edit, ..."),
    ("resource", Text, false, "The kind of thing."),
    ("resourceId", Text, false, "Which of them."),
    ("duration", Whole, false, "Milliseconds."),
];

const DOCUMENT: &[Field] = &[
    ("executionId", Text, false, "The execution that made it."),
    ("kind", Text, true, "pdf, docx, ..."),
    (
        "status",
        Word(|| DocumentStatus::ALL.iter().map(|s| s.name()).collect()),
        true,
        "Whether it was made.",
    ),
    ("duration", Whole, false, "Milliseconds."),
    ("fileSize", Whole, false, "Bytes."),
];

const QUEUE: &[Field] = &[
    ("queue", Text, true, "The queue's name."),
    (
        "action",
        Word(|| QueueAction::ALL.iter().map(|s| s.name()).collect()),
        true,
        "In or out.",
    ),
    ("executionId", Text, false, "The execution that was queued."),
    (
        "waitMs",
        Whole,
        false,
        "How long it waited, in milliseconds.",
    ),
];

const GOAL: &[Field] = &[
    (
        "executionId",
        Text,
        false,
        "The execution in which it was reached; it or `subjectId` is needed.",
    ),
    (
        "subjectId",
        Text,
        false,
        "Who reached it; it or `executionId` is needed.",
    ),
    ("goalId", Text, true, "The goal."),
    ("value", Decimal, false, "What it is worth."),
];

/// Every type: its word, its schema's name, its fields in groups.
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
