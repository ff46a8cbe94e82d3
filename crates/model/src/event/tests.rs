use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Decoder, Event, EventError, EventErrorCode as Code, EventKind, Limits, decode_cloud_event,
};
use crate::{Decimal, Timestamp};

const NOW: Timestamp = Timestamp(1_773_576_000_000);

fn decoder() -> Decoder {
    Decoder::new(Limits::default(), Arc::default())
}

fn decode(value: &Value) -> Result<Event, EventError> {
    decoder().decode(value.to_string().as_bytes(), &Arc::from("http"), NOW)
}

/// A good event of a type with some fields changed; null takes a field away.
fn event(event_type: &str, changes: Value) -> Value {
    let mut event = json!({
        "type": event_type, "timestamp": "2026-03-15T11:00:00+01:00", "workflowId": "w",
        "executionId": "x", "stepId": "s", "action": "login", "kind": "pdf", "queue": "q", "goalId": "g",
        "status": "completed",
    });
    if event_type == "queue" {
        event["action"] = json!("enqueued");
    }
    for (name, value) in changes.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn each_type_is_read_with_the_fields_it_needs() {
    for event_type in [
        "execution",
        "step",
        "cost",
        "activity",
        "document",
        "queue",
        "goal",
    ] {
        let read = decode(&event(event_type, json!({}))).expect(event_type);
        assert_eq!(read.event_type().name(), event_type);
        assert_eq!(read.timestamp.to_string(), "2026-03-15T10:00:00Z");
    }
}

#[test]
fn a_refused_event_names_its_code_and_field() {
    let long = "x".repeat(257);
    let wide = json!({"k": "x".repeat(17_000)});
    let cases = [
        (
            "execution",
            json!({"type": "run"}),
            Code::UnknownValue,
            "type",
        ),
        (
            "execution",
            json!({"type": null}),
            Code::MissingField,
            "type",
        ),
        (
            "execution",
            json!({"status": "done"}),
            Code::UnknownValue,
            "status",
        ),
        (
            "execution",
            json!({"status": 5.5}),
            Code::WrongType,
            "status",
        ),
        (
            "execution",
            json!({"executionId": null}),
            Code::MissingField,
            "executionId",
        ),
        (
            "execution",
            json!({"executionId": ""}),
            Code::MissingField,
            "executionId",
        ),
        (
            "execution",
            json!({"workflowId": null}),
            Code::MissingField,
            "workflowId",
        ),
        (
            "execution",
            json!({"duration": -1}),
            Code::OutOfRange,
            "duration",
        ),
        (
            "execution",
            json!({"duration": 1.5}),
            Code::WrongType,
            "duration",
        ),
        (
            "execution",
            json!({"duration": "5"}),
            Code::WrongType,
            "duration",
        ),
        (
            "execution",
            json!({"duration": 1e300}),
            Code::WrongType,
            "duration",
        ),
        (
            "execution",
            json!({"timestamp": null}),
            Code::MissingField,
            "timestamp",
        ),
        (
            "execution",
            json!({"timestamp": "2026-03-15"}),
            Code::WrongType,
            "timestamp",
        ),
        (
            "execution",
            json!({"timestamp": "1999-12-31T23:59:59Z"}),
            Code::TimestampTooOld,
            "timestamp",
        ),
        (
            "execution",
            json!({"timestamp": "2026-03-16T12:00:01Z"}),
            Code::TimestampTooFarAhead,
            "timestamp",
        ),
        (
            "execution",
            json!({"timestamp": -1e300}),
            Code::TimestampTooOld,
            "timestamp",
        ),
        (
            "execution",
            json!({"userId": long}),
            Code::InvalidText,
            "userId",
        ),
        (
            "execution",
            json!({"environment": "a\nb"}),
            Code::InvalidText,
            "environment",
        ),
        (
            "execution",
            json!({"metadata": wide}),
            Code::MetadataTooLarge,
            "metadata",
        ),
        (
            "execution",
            json!({"metadata": [1]}),
            Code::WrongType,
            "metadata",
        ),
        (
            "execution",
            json!({"workflow_id": "w"}),
            Code::WrongType,
            "workflowId",
        ),
        (
            "step",
            json!({"stepId": null}),
            Code::MissingField,
            "stepId",
        ),
        (
            "step",
            json!({"startTime": 1_773_570_000_000i64, "endTime": 1_773_560_000_000i64}),
            Code::OutOfRange,
            "endTime",
        ),
        (
            "step",
            json!({"cacheHit": "yes"}),
            Code::WrongType,
            "cacheHit",
        ),
        (
            "cost",
            json!({"dollarAmount": "a lot"}),
            Code::WrongType,
            "dollarAmount",
        ),
        (
            "cost",
            json!({"dollarAmount": 1e12}),
            Code::OutOfRange,
            "dollarAmount",
        ),
        (
            "activity",
            json!({"action": null}),
            Code::MissingField,
            "action",
        ),
        (
            "queue",
            json!({"action": "peeked"}),
            Code::UnknownValue,
            "action",
        ),
        (
            "goal",
            json!({"executionId": null}),
            Code::MissingField,
            "executionId",
        ),
    ];
    for (event_type, changes, code, field) in cases {
        let shown = changes.to_string();
        let mut sent = event(event_type, changes);
        sent["id"] = json!("e-1");
        let error = decode(&sent).expect_err(&shown);
        assert_eq!(
            (error.code, error.field.as_deref()),
            (code, Some(field)),
            "{shown}: {error}"
        );
        assert_eq!(error.id.as_deref(), Some("e-1"), "{shown}");
    }
}

#[test]
fn what_is_no_object_is_malformed() {
    let source = Arc::from("http");
    for bytes in [
        "",
        "{",
        "[1]",
        "7",
        "{\"type\":}",
        "{\"a\":\"\u{1}\"}",
        "{} {}",
    ] {
        let error = decoder()
            .decode(bytes.as_bytes(), &source, NOW)
            .expect_err(bytes);
        assert_eq!(error.code, Code::MalformedJson, "{bytes}");
    }
    let error = decoder()
        .decode(b"{\"type\":\"\xff\"}", &source, NOW)
        .expect_err("not UTF-8");
    assert_eq!(error.code, Code::MalformedJson);
}

#[test]
fn snake_case_numbers_as_ids_and_epoch_milliseconds_are_accepted() {
    let sent = json!({"type": "execution", "timestamp": 1_773_570_000_000i64, "workflow_id": 7, "execution_id": 12,
        "status": "failed", "error_type": "Timeout", "duration": 12.0});
    let read = decode(&sent).expect("accepted");
    assert_eq!(
        (read.workflow_id.as_deref(), read.id.as_str()),
        (Some("7"), "12:failed")
    );
    let EventKind::Execution(execution) = read.kind else {
        panic!("an execution")
    };
    assert_eq!(
        (execution.duration, execution.error_type.as_deref()),
        (Some(12), Some("Timeout"))
    );
}

#[test]
fn derived_ids_are_equal_for_a_retry_and_differ_for_another_event() {
    let id =
        |changes: Value, event_type: &str| decode(&event(event_type, changes)).expect("good").id;
    assert_eq!(id(json!({}), "cost"), id(json!({}), "cost"));
    assert_ne!(
        id(json!({"credits": 1}), "cost"),
        id(json!({"credits": 2}), "cost")
    );
    assert_eq!(id(json!({}), "step"), "x:s:1");
    assert_eq!(
        id(
            json!({"attempt": 2, "startTime": 1_773_570_000_000i64}),
            "step"
        ),
        "x:s:2:1773570000000"
    );
    assert_eq!(id(json!({"status": "crashed"}), "execution"), "x:crashed");
}

#[test]
fn a_step_takes_its_duration_and_its_time_from_start_and_end() {
    let changes = json!({"timestamp": null, "startTime": "2026-03-15T10:00:00Z", "endTime": "2026-03-15T10:00:02.5Z"});
    let read = decode(&event("step", changes)).expect("good");
    assert_eq!(read.timestamp.to_string(), "2026-03-15T10:00:02.5Z");
    let EventKind::Step(step) = read.kind else {
        panic!("a step")
    };
    assert_eq!(step.duration, Some(2_500));
}

#[test]
fn money_is_exact_as_number_and_as_text() {
    for amount in [json!(0.000000123), json!("0.000000123")] {
        let read = decode(&event("cost", json!({"dollarAmount": amount}))).expect("good");
        let EventKind::Cost(cost) = read.kind else {
            panic!("a cost")
        };
        assert_eq!(cost.dollar_amount, Some(Decimal(123)));
    }
}

#[test]
fn error_messages_are_redacted_and_cut_at_a_character() {
    let message = format!("for ada@example.com: {}", "é".repeat(5_000));
    let read = decode(&event(
        "execution",
        json!({"status": "failed", "errorMessage": message}),
    ))
    .expect("good");
    let EventKind::Execution(execution) = read.kind else {
        panic!("an execution")
    };
    let stored = execution.error_message.expect("a message");
    assert!(stored.starts_with("for [redacted]: é"));
    assert!(stored.len() <= Limits::default().message_bytes && stored.len() > 8_000);
}

#[test]
fn a_cloud_event_fills_what_its_data_leaves_open() {
    let data = json!({"executionId": "x", "workflowId": "w", "status": "completed"});
    let sent = json!({"specversion": "1.0", "id": "1", "source": "/n8n/eu", "type": "com.example.execution",
        "time": "2026-03-15T10:00:00Z", "data": data});
    let decode = |value: &Value| decode_cloud_event(&decoder(), value.to_string().as_bytes(), NOW);
    let read = decode(&sent).expect("good");
    assert_eq!((read.id.as_str(), &*read.source), ("/n8n/eu/1", "/n8n/eu"));
    for (name, value, code) in [
        ("specversion", json!("0.3"), Code::UnknownValue),
        ("source", json!(null), Code::MissingField),
        ("data", json!("text"), Code::MissingField),
        ("type", json!("com.example.ping"), Code::MissingField),
    ] {
        let mut bad = sent.clone();
        bad[name] = value;
        assert_eq!(decode(&bad).expect_err(name).code, code, "{name}");
    }
}
