//! The schema of events: the words of `weir_model::event`, with what they mean. A test holds every
//! field against the decoder.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema,
        SchemaFormat, Type,
    },
};
use weir_model::event::{DocumentStatus, QueueAction, Status, StepStatus};

/// A field: name, kind, whether it must be there, meaning.
type Field = (&'static str, Kind, bool, &'static str);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
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
        "timestamp",
        Time,
        true,
        "When it happened: RFC 3339 with an offset, or epoch milliseconds.",
    ),
    (
        "environment",
        Text,
        false,
        "Where it ran, for example production.",
    ),
    ("workflowId", Text, false, "The workflow."),
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
        "The execution that this one retries.",
    ),
    (
        "parentExecutionId",
        Text,
        false,
        "The execution that called this one.",
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
    ("credits", Decimal, false, "Credits."),
    ("dollarAmount", Decimal, false, "US dollars."),
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
        "The execution in which it was reached.",
    ),
    ("subjectId", Text, false, "Who reached it."),
    ("goalId", Text, true, "The goal."),
    ("value", Decimal, false, "What it is worth."),
];

/// Every type: its word, its schema's name, its fields beside the common ones.
const TYPES: &[(&str, &str, &[Field])] = &[
    ("execution", "ExecutionEvent", EXECUTION),
    ("step", "StepEvent", STEP),
    ("cost", "CostEvent", COST),
    ("activity", "ActivityEvent", ACTIVITY),
    ("document", "DocumentEvent", DOCUMENT),
    ("queue", "QueueEvent", QUEUE),
    ("goal", "GoalEvent", GOAL),
];

/// The body of `POST /api/v1/events` as JSON: one event, or an array of them.
pub(in crate::http) struct EventInput;

/// One event.
struct AnyEvent;

impl PartialSchema for EventInput {
    fn schema() -> RefOr<Schema> {
        let event = Ref::from_schema_name("Event");
        OneOfBuilder::new()
            .description(Some("One event, or an array of events."))
            .item(event.clone())
            .item(ArrayBuilder::new().items(event).build())
            .into()
    }
}

impl ToSchema for EventInput {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("Event".to_owned(), AnyEvent::schema()));
        for &(word, name, fields) in TYPES {
            schemas.push((name.to_owned(), event(word, fields)));
        }
    }
}

impl PartialSchema for AnyEvent {
    fn schema() -> RefOr<Schema> {
        let types = OneOfBuilder::new().description(Some(
            "An event of one of seven types. Names are camelCase; snake_case is taken too.",
        ));
        TYPES
            .iter()
            .fold(types, |all, &(_, name, _)| {
                all.item(Ref::from_schema_name(name))
            })
            .into()
    }
}

fn event(word: &'static str, fields: &[Field]) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new()
        .property("type", text().enum_values(Some([word])))
        .required("type");
    for &(name, kind, required, meaning) in COMMON.iter().chain(fields) {
        object = object.property(name, property(kind, meaning));
        if required {
            object = object.required(name);
        }
    }
    object.into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn property(kind: Kind, meaning: &'static str) -> Object {
    let number = |kind| ObjectBuilder::new().schema_type(kind);
    let schema = match kind {
        Kind::Text => text(),
        Kind::Whole => number(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0)),
        Kind::Decimal => number(Type::Number),
        Kind::Time => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))),
        Kind::Boolean => number(Type::Boolean),
        Kind::Object => number(Type::Object),
        Kind::Word(words) => text().enum_values(Some(words())),
    };
    schema.description(Some(meaning)).build()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Map, Value, json};
    use weir_model::{
        Timestamp,
        event::{Decoder, EventErrorCode, Limits},
        redact::Redactor,
    };

    use super::*;

    const NOW: Timestamp = Timestamp(1_760_000_000_000);

    fn decode(event: &Map<String, Value>) -> Result<(), (EventErrorCode, Option<String>)> {
        let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        let bytes = serde_json::to_vec(event).unwrap();
        match decoder.decode(&bytes, &"http".into(), NOW) {
            Ok(_) => Ok(()),
            Err(error) => Err((error.code, error.field)),
        }
    }

    fn example(kind: Kind) -> Value {
        match kind {
            Kind::Text => json!("x"),
            Kind::Whole => json!(1),
            Kind::Decimal => json!(1.5),
            Kind::Time => json!(NOW.to_string()),
            Kind::Boolean => json!(true),
            Kind::Object => json!({}),
            Kind::Word(words) => json!(words()[0]),
        }
    }

    fn event_of(word: &str, fields: &[Field], required_only: bool) -> Map<String, Value> {
        let mut event = Map::from_iter([("type".to_owned(), json!(word))]);
        for &(name, kind, required, _) in COMMON.iter().chain(fields) {
            if required || !required_only {
                event.insert(name.to_owned(), example(kind));
            }
        }
        event
    }

    #[test]
    fn the_decoder_takes_what_the_document_describes() {
        for &(word, _, fields) in TYPES {
            assert_eq!(
                decode(&event_of(word, fields, false)),
                Ok(()),
                "{word}, every field"
            );
            assert_eq!(
                decode(&event_of(word, fields, true)),
                Ok(()),
                "{word}, required fields"
            );
        }
    }

    #[test]
    fn the_decoder_knows_every_field_that_the_document_names() {
        for &(word, _, fields) in TYPES {
            for &(name, ..) in COMMON.iter().chain(fields) {
                let mut event = event_of(word, fields, false);
                event.insert(name.to_owned(), json!([1]));
                let wrong = Err((EventErrorCode::WrongType, Some(name.to_owned())));
                assert_eq!(decode(&event), wrong, "{word}.{name}");
            }
        }
    }

    #[test]
    fn what_the_document_requires_the_decoder_requires() {
        for &(word, _, fields) in TYPES {
            for &(name, _, required, _) in COMMON.iter().chain(fields) {
                let mut event = event_of(word, fields, false);
                event.remove(name);
                assert_eq!(decode(&event).is_err(), required, "{word}.{name}");
            }
        }
    }
}
