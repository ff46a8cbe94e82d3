mod costs;
mod steps;

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

/// A valid event of a type with some fields changed; null removes a field.
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
fn each_type_is_read_with_its_required_fields() {
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

/// Event type, changed fields, error code and offending field.
const REJECTED: &[(&str, &str, Code, &str)] = &[
    ("execution", r#"{"type":"run"}"#, Code::UnknownValue, "type"),
    ("execution", r#"{"type":null}"#, Code::MissingField, "type"),
    (
        "execution",
        r#"{"status":"done"}"#,
        Code::UnknownValue,
        "status",
    ),
    ("execution", r#"{"status":5.5}"#, Code::WrongType, "status"),
    (
        "execution",
        r#"{"executionId":null}"#,
        Code::MissingField,
        "executionId",
    ),
    (
        "execution",
        r#"{"executionId":""}"#,
        Code::MissingField,
        "executionId",
    ),
    (
        "execution",
        r#"{"workflowId":null}"#,
        Code::MissingField,
        "workflowId",
    ),
    (
        "execution",
        r#"{"workflow_id":"w"}"#,
        Code::WrongType,
        "workflowId",
    ),
    (
        "execution",
        r#"{"duration":-1}"#,
        Code::OutOfRange,
        "duration",
    ),
    (
        "execution",
        r#"{"duration":1.5}"#,
        Code::WrongType,
        "duration",
    ),
    (
        "execution",
        r#"{"duration":"5"}"#,
        Code::WrongType,
        "duration",
    ),
    (
        "execution",
        r#"{"duration":1e300}"#,
        Code::WrongType,
        "duration",
    ),
    (
        "execution",
        r#"{"timestamp":null}"#,
        Code::MissingField,
        "timestamp",
    ),
    (
        "execution",
        r#"{"timestamp":"2026-03-15"}"#,
        Code::WrongType,
        "timestamp",
    ),
    (
        "execution",
        r#"{"timestamp":"1999-12-31T23:59:59Z"}"#,
        Code::TimestampTooOld,
        "timestamp",
    ),
    (
        "execution",
        r#"{"timestamp":-1e300}"#,
        Code::TimestampTooOld,
        "timestamp",
    ),
    (
        "execution",
        r#"{"timestamp":1773662401000}"#,
        Code::TimestampTooFarAhead,
        "timestamp",
    ),
    (
        "execution",
        r#"{"environment":"a\nb"}"#,
        Code::InvalidText,
        "environment",
    ),
    (
        "execution",
        r#"{"metadata":[1]}"#,
        Code::WrongType,
        "metadata",
    ),
    ("step", r#"{"stepId":null}"#, Code::MissingField, "stepId"),
    (
        "step",
        r#"{"startTime":1773570000000,"endTime":1773560000000}"#,
        Code::OutOfRange,
        "endTime",
    ),
    ("step", r#"{"cacheHit":"yes"}"#, Code::WrongType, "cacheHit"),
    (
        "cost",
        r#"{"dollarAmount":"a lot"}"#,
        Code::WrongType,
        "dollarAmount",
    ),
    (
        "cost",
        r#"{"dollarAmount":1e12}"#,
        Code::OutOfRange,
        "dollarAmount",
    ),
    (
        "activity",
        r#"{"action":null}"#,
        Code::MissingField,
        "action",
    ),
    (
        "queue",
        r#"{"action":"peeked"}"#,
        Code::UnknownValue,
        "action",
    ),
    (
        "goal",
        r#"{"executionId":null}"#,
        Code::MissingField,
        "executionId",
    ),
];

fn assert_rejected(event_type: &str, changes: Value, code: Code, field: &str) {
    let shown = changes.to_string();
    let mut sent = event(event_type, changes);
    sent["id"] = json!("e-1");
    let error = decode(&sent).expect_err(&shown);
    let found = (error.code, error.field.as_deref());
    assert_eq!(found, (code, Some(field)), "{shown}: {error}");
    assert_eq!(error.id.as_deref(), Some("e-1"), "{shown}");
}

#[test]
fn a_rejected_event_names_its_code_and_field() {
    for &(event_type, changes, code, field) in REJECTED {
        let changes = serde_json::from_str(changes).expect("the table is JSON");
        assert_rejected(event_type, changes, code, field);
    }
}

#[test]
fn an_error_says_what_was_sent_and_what_would_be_right() {
    let said = |changes: Value| decode(&event("step", changes)).expect_err("bad").detail;
    let expected = "duration is text; it must be a whole number";
    assert_eq!(said(json!({"duration": "12"})), expected);
    let seconds = said(json!({"timestamp": 1_773_662_401}));
    assert!(
        seconds.ends_with("if these are epoch seconds, send milliseconds"),
        "{seconds}"
    );
    let old = said(json!({"timestamp": "1999-12-31T23:59:59Z"}));
    assert!(!old.contains("seconds"), "{old}");
    let comma = decode(&event("cost", json!({"dollarAmount": "0,25"}))).expect_err("a comma");
    assert!(comma.detail.ends_with("such as 0.25"), "{}", comma.detail);
}

#[test]
fn metadata_that_could_not_be_read_later_is_rejected() {
    let with = |value: &str| {
        let text = format!(
            r#"{{"type":"execution","workflowId":"w","executionId":"1","status":"started","timestamp":{},"metadata":{{"a":{value}}}}}"#,
            NOW.0
        );
        decoder().decode(text.as_bytes(), &Arc::from("http"), NOW)
    };
    for good in [
        "1e300",
        r#""\u00e9""#,
        r#""\ud83d\ude00""#,
        "12",
        r#""1e400""#,
    ] {
        assert!(with(good).is_ok(), "{good}");
    }
    let digits = "1".repeat(400);
    for bad in ["1e400", r#""\ud83d""#, digits.as_str()] {
        let error = with(bad).expect_err(bad);
        let found = (error.code, error.field.as_deref());
        assert_eq!(found, (Code::MalformedJson, Some("metadata")), "{bad}");
    }
}

#[test]
fn text_and_metadata_have_limits() {
    let long = json!({"userId": "x".repeat(257)});
    assert_rejected("execution", long, Code::InvalidText, "userId");
    let wide = json!({"metadata": {"k": "x".repeat(17_000)}});
    assert_rejected("execution", wide, Code::MetadataTooLarge, "metadata");
}

#[test]
fn anything_but_an_object_is_malformed() {
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
fn derived_ids_are_equal_for_the_same_event_sent_again_and_differ_for_another_event() {
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
fn a_step_without_duration_and_time_gets_them_from_its_start_and_end() {
    let changes = json!({"timestamp": null, "startTime": "2026-03-15T10:00:00Z", "endTime": "2026-03-15T10:00:02.5Z"});
    let read = decode(&event("step", changes)).expect("good");
    assert_eq!(read.timestamp.to_string(), "2026-03-15T10:00:02.5Z");
    let EventKind::Step(step) = read.kind else {
        panic!("a step")
    };
    assert_eq!(step.duration, Some(2_500));
}

#[test]
fn money_is_exact_both_as_a_number_and_as_text() {
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
fn a_cloud_event_fills_in_what_its_data_leaves_out() {
    let data = json!({"executionId": "x", "workflowId": "w", "status": "completed"});
    let sent = json!({"specversion": "1.0", "id": "1", "source": "/n8n/eu", "type": "com.example.execution",
        "time": "2026-03-15T10:00:00Z", "data": data});
    let decode = |value: &Value| {
        let read = decode_cloud_event(&decoder(), value.to_string().as_bytes(), NOW);
        read.map(|decoded| decoded.event)
    };
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

/// Events of every type, as sent.
fn valid_events() -> Vec<Vec<u8>> {
    let types = [
        "execution",
        "step",
        "activity",
        "cost",
        "document",
        "queue",
        "goal",
    ];
    let full = json!({
        "id": "e-1", "workflowName": "W", "environment": "production", "userId": "u", "error": {
            "type": "Timeout", "message": "Connection to 10.0.0.1:5432 timed out", "stepId": "s"},
        "duration": 840, "amount": "12.345", "currency": "USD", "provider": "p", "model": "m",
        "inputTokens": 12, "outputTokens": 5, "attempt": 2, "version": "1.2", "triggerType": "webhook",
        "parentStepId": "loop", "waitDuration": 40,
        "metadata": {"password": "x", "list": [1, 2.5, null], "mail": "ada@example.com"}, "value": 1.5,
    });
    let events = types.map(|word| event(word, full.clone()).to_string().into_bytes());
    events.into()
}

#[test]
fn no_input_makes_the_decoder_panic() {
    weir_hostile::withstands(valid_events(), |bytes| {
        let _ = decoder().decode(bytes, &Arc::from("http"), NOW);
    });
}

#[test]
fn no_input_makes_the_decoder_of_cloud_events_panic() {
    let wrapped = valid_events().into_iter().map(|event| {
        let data: Value = serde_json::from_slice(&event).unwrap();
        let word = data["type"].as_str().unwrap();
        let cloud = json!({
            "specversion": "1.0", "id": "c-1", "source": "/engine", "type": format!("weir.{word}"),
            "time": "2026-03-15T11:00:00+01:00", "subject": "x", "datacontenttype": "application/json",
            "data": data,
        });
        cloud.to_string().into_bytes()
    });
    weir_hostile::withstands(wrapped.collect(), |bytes| {
        let _ = decode_cloud_event(&decoder(), bytes, NOW);
    });
}
