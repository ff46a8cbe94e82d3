//! The kinds of invalid events.

use serde_json::{Value, json};
use weir_e2e::events::execution;

pub const TIME: &str = "2024-03-04T10:00:00Z";

/// An invalid event: what is wrong with it, its text, and the code and field of the response.
pub struct Bad {
    pub what: &'static str,
    pub text: String,
    pub code: &'static str,
    pub field: Option<&'static str>,
}

fn bad(what: &'static str, event: Value, code: &'static str, field: &'static str) -> Bad {
    let (text, field) = (event.to_string(), Some(field));
    Bad {
        what,
        text,
        code,
        field,
    }
}

fn no_event(what: &'static str, text: &str) -> Bad {
    let (text, code, field) = (text.to_owned(), "malformed_json", None);
    Bad {
        what,
        text,
        code,
        field,
    }
}

/// A valid event of an execution with some fields replaced; null removes a field.
pub fn run(fields: Value) -> Value {
    weir_e2e::events::with(execution("flow", "bad", "completed", TIME), fields)
}

fn of_type(kind: &str, fields: Value) -> Value {
    weir_e2e::events::with(json!({"type": kind, "timestamp": TIME}), fields)
}

pub fn not_json() -> Vec<Bad> {
    vec![
        no_event("malformed JSON", r#"{"type":"execution","executionId":}"#),
        no_event("an event that breaks off", r#"{"type":"execution","execu"#),
        no_event("an array in place of an event", "[1,2]"),
        no_event("a number in place of an event", "42"),
        no_event("text that is not JSON", "hello"),
    ]
}

pub fn wrong_types() -> Vec<Bad> {
    let wrong = |what, fields, field| bad(what, run(fields), "wrong_type", field);
    vec![
        wrong(
            "an execution id that is an object",
            json!({"executionId": {}}),
            "executionId",
        ),
        wrong(
            "a duration in words",
            json!({"duration": "fast"}),
            "duration",
        ),
        wrong(
            "a duration with a fraction",
            json!({"duration": 1.5}),
            "duration",
        ),
        wrong(
            "a time in words",
            json!({"timestamp": "yesterday"}),
            "timestamp",
        ),
        wrong(
            "a time without an offset",
            json!({"timestamp": "2024-03-04T10:00:00"}),
            "timestamp",
        ),
        wrong(
            "a boolean step count",
            json!({"stepCount": true}),
            "stepCount",
        ),
        wrong(
            "metadata that is text",
            json!({"metadata": "text"}),
            "metadata",
        ),
        wrong(
            "metadata that is an array",
            json!({"metadata": [1]}),
            "metadata",
        ),
        wrong(
            "a status that is a list",
            json!({"status": ["completed"]}),
            "status",
        ),
        wrong(
            "a field in both spellings",
            json!({"workflow_id": "other"}),
            "workflowId",
        ),
        bad(
            "a cache hit in words",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "completed", "cacheHit": "yes"}),
            ),
            "wrong_type",
            "cacheHit",
        ),
        bad(
            "an amount in words",
            of_type("cost", json!({"dollarAmount": "a lot"})),
            "wrong_type",
            "dollarAmount",
        ),
    ]
}

pub fn unknown_words() -> Vec<Bad> {
    vec![
        bad(
            "an unknown type",
            run(json!({"type": "run"})),
            "unknown_value",
            "type",
        ),
        bad(
            "an unknown status",
            run(json!({"status": "succeeded"})),
            "unknown_value",
            "status",
        ),
        bad(
            "a status in capitals",
            run(json!({"status": "COMPLETED"})),
            "unknown_value",
            "status",
        ),
        bad(
            "a step status that only executions have",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "crashed"}),
            ),
            "unknown_value",
            "status",
        ),
        bad(
            "an unknown action of a queue",
            of_type("queue", json!({"queue": "q", "action": "dropped"})),
            "unknown_value",
            "action",
        ),
    ]
}

pub fn missing_fields() -> Vec<Bad> {
    let missing = |what, fields, field| bad(what, run(fields), "missing_field", field);
    let lacks = |what, event, field| bad(what, event, "missing_field", field);
    vec![
        missing("no type", json!({"type": null}), "type"),
        missing(
            "no execution id",
            json!({"executionId": null}),
            "executionId",
        ),
        missing(
            "an empty execution id",
            json!({"executionId": ""}),
            "executionId",
        ),
        missing("no workflow", json!({"workflowId": null}), "workflowId"),
        missing("no status", json!({"status": null}), "status"),
        missing("no time", json!({"timestamp": null}), "timestamp"),
        lacks(
            "a step without its id",
            of_type("step", json!({"executionId": "e", "status": "completed"})),
            "stepId",
        ),
        lacks(
            "a wait without a duration",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "completed", "waitDuration": 5}),
            ),
            "duration",
        ),
        lacks(
            "an activity without an action",
            of_type("activity", json!({})),
            "action",
        ),
        lacks(
            "a document without a kind",
            of_type("document", json!({"status": "completed"})),
            "kind",
        ),
        lacks(
            "a queue without a name",
            of_type("queue", json!({"action": "enqueued"})),
            "queue",
        ),
        lacks(
            "a goal without an execution or a subject",
            of_type("goal", json!({"goalId": "g"})),
            "executionId",
        ),
        lacks(
            "a goal without its id",
            of_type("goal", json!({"executionId": "e"})),
            "goalId",
        ),
    ]
}

pub fn out_of_bounds() -> Vec<Bad> {
    let outside = |what, fields, code, field| bad(what, run(fields), code, field);
    let long = "x".repeat(257);
    vec![
        outside(
            "a negative duration",
            json!({"duration": -1}),
            "out_of_range",
            "duration",
        ),
        outside(
            "a duration of ten thousand years",
            json!({"duration": 315_576_000_000_000_i64}),
            "out_of_range",
            "duration",
        ),
        outside(
            "a negative step count",
            json!({"stepCount": -3}),
            "out_of_range",
            "stepCount",
        ),
        outside(
            "a time far in the future",
            json!({"timestamp": "2999-01-01T00:00:00Z"}),
            "timestamp_too_far_ahead",
            "timestamp",
        ),
        outside(
            "a time in the last century",
            json!({"timestamp": "1999-12-31T23:59:59Z"}),
            "timestamp_too_old",
            "timestamp",
        ),
        outside(
            "a time in seconds, which is January 1970",
            json!({"timestamp": 1_709_546_400}),
            "timestamp_too_old",
            "timestamp",
        ),
        outside(
            "metadata of 1 MB",
            json!({"metadata": {"text": "x".repeat(1 << 20)}}),
            "metadata_too_large",
            "metadata",
        ),
        outside(
            "a workflow of 257 bytes",
            json!({"workflowId": long}),
            "invalid_text",
            "workflowId",
        ),
        outside(
            "a control character",
            json!({"executionId": "a\u{1}b"}),
            "invalid_text",
            "executionId",
        ),
        outside(
            "a control character that is not ASCII",
            json!({"executionId": "a\u{85}b"}),
            "invalid_text",
            "executionId",
        ),
        bad(
            "a step that ends before it starts",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "completed",
                "startTime": "2024-03-04T10:00:01Z", "endTime": "2024-03-04T10:00:00Z"}),
            ),
            "out_of_range",
            "endTime",
        ),
        bad(
            "a step that waits longer than it takes",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "completed", "duration": 10, "waitDuration": 11}),
            ),
            "out_of_range",
            "waitDuration",
        ),
        bad(
            "a step that contains itself",
            of_type(
                "step",
                json!({"executionId": "e", "stepId": "s", "status": "completed", "parentStepId": "s"}),
            ),
            "out_of_range",
            "parentStepId",
        ),
        bad(
            "an amount beyond the limit",
            of_type("cost", json!({"dollarAmount": "10000001"})),
            "out_of_range",
            "dollarAmount",
        ),
    ]
}
