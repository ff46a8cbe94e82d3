//! The ways in which valid events can be sent, and the figures that they give.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use weir_e2e::{
    Answer, TestApp, counts,
    events::{execution, with},
};

const TIME: &str = "2024-03-04T10:00:00Z";

fn completed(id: &str) -> Value {
    with(
        execution("flow", id, "completed", TIME),
        json!({"duration": 1500}),
    )
}

pub fn send(app: &TestApp, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    let mut call = app.client().post("/api/v1/events").body(body);
    for &(name, value) in headers {
        call = call.header(name, value);
    }
    call.send()
}

pub fn outcome(answer: &Answer) -> [u64; 3] {
    let body = answer.json();
    ["accepted", "duplicates", "rejected"].map(|name| body[name].as_u64().unwrap())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn the_same_event_counts_once_in_any_shape_and_compression() {
    let app = TestApp::start();
    let event = completed("e1").to_string();
    let array = format!("[{event}]");
    let lines = format!("{event}\r\n\n");
    let zstd = zstd::encode_all(lines.as_bytes(), 3).unwrap();
    let json = ("content-type", "application/json");
    let ndjson = ("content-type", "application/x-ndjson");
    for (what, headers, body, expected) in [
        (
            "one event",
            vec![json],
            event.clone().into_bytes(),
            [1, 0, 0],
        ),
        ("an array", vec![json], array.into_bytes(), [0, 1, 0]),
        ("lines", vec![ndjson], lines.clone().into_bytes(), [0, 1, 0]),
        (
            "gzip",
            vec![json, ("content-encoding", "gzip")],
            gzip(&event),
            [0, 1, 0],
        ),
        (
            "gzip lines",
            vec![ndjson, ("content-encoding", "gzip")],
            gzip(&lines),
            [0, 1, 0],
        ),
        (
            "zstd lines",
            vec![ndjson, ("content-encoding", "zstd")],
            zstd,
            [0, 1, 0],
        ),
        (
            "with a parameter",
            vec![("content-type", "application/json; charset=utf-8")],
            event.clone().into_bytes(),
            [0, 1, 0],
        ),
    ] {
        let answer = send(&app, &headers, body);
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        assert_eq!(outcome(&answer), expected, "{what}");
    }
    assert_eq!(app.figures(&["events"], None)["events"], 1);
}

#[test]
fn an_event_that_occurs_twice_in_a_body_counts_once() {
    let app = TestApp::start();
    let answer = app.post_events(&json!([completed("e1"), completed("e2"), completed("e1")]));
    assert_eq!(outcome(&answer), [2, 1, 0]);
    assert_eq!(app.figures(&["executions"], None)["executions"], 2);
}

#[test]
fn snake_case_epoch_milliseconds_and_numeric_ids_are_accepted() {
    let app = TestApp::start();
    let event = json!({
        "type": "execution", "workflow_id": "flow", "workflow_name": "The flow",
        "execution_id": 4711, "trigger_type": "webhook", "status": "failed",
        "error_type": "Timeout", "duration": 1500.0, "timestamp": 1_709_546_400_000_i64,
    });
    app.take(&event);
    let answer = app.query(&json!({
        "metrics": ["executions", "duration_sum"], "dimensions": ["workflow", "trigger_type", "error_type"],
        "range": {"from": "2024-03-04T10:00:00Z", "to": "2024-03-04T10:00:01Z"},
    }));
    assert_eq!(
        answer["rows"],
        json!([{"workflow": "flow", "trigger_type": "webhook", "error_type": "Timeout",
            "executions": 1, "duration_sum": 1500}])
    );
    assert_eq!(answer["labels"]["workflow"]["flow"], "The flow");
}

#[test]
fn every_type_of_event_has_its_own_figures() {
    let app = TestApp::start();
    let of_type = |kind, fields| {
        with(
            json!({"type": kind, "timestamp": TIME, "workflowId": "flow"}),
            fields,
        )
    };
    app.take(&json!([
        completed("e1"),
        of_type(
            "step",
            json!({"executionId": "e1", "stepId": "s", "status": "completed", "duration": 7, "waitDuration": 3,
            "itemsIn": 3, "itemsOut": 2, "cacheHit": true})
        ),
        of_type(
            "cost",
            json!({"executionId": "e1", "dollarAmount": "0.10", "credits": 1.5,
            "inputTokens": 1000, "outputTokens": 20, "apiCalls": 2})
        ),
        of_type("cost", json!({"executionId": "e1", "dollarAmount": 0.2})),
        of_type(
            "activity",
            json!({"userId": "ada", "action": "opened", "duration": 60})
        ),
        of_type(
            "document",
            json!({"kind": "pdf", "status": "completed", "fileSize": 2048, "duration": 5})
        ),
        of_type("queue", json!({"queue": "mail", "action": "enqueued"})),
        of_type(
            "queue",
            json!({"queue": "mail", "action": "dequeued", "waitMs": 40})
        ),
        of_type(
            "goal",
            json!({"subjectId": "c1", "goalId": "paid", "value": "99.95"})
        ),
    ]));
    let expected = json!({
        "executions": 1, "duration_sum": 1500, "steps": 1, "step_duration_sum": 7, "step_waiting_sum": 3, "step_working_avg": 4, "items_in": 3,
        "items_out": 2, "cache_hit_rate": 100, "cost": 0.3, "credits": 1.5, "input_tokens": 1000,
        "output_tokens": 20, "api_calls": 2, "activities": 1, "activity_duration_sum": 60, "users": 1,
        "documents_completed": 1, "document_size_sum": 2048, "enqueued": 1, "dequeued": 1,
        "queue_depth_change": 0, "queue_wait_p95": 40, "goals": 1, "goal_value": 99.95, "events": 9,
    });
    let (all, mut found) = (expected.as_object().unwrap(), json!({}));
    let names: Vec<&str> = all.keys().map(String::as_str).collect();
    for names in names.chunks(10) {
        found = with(found, app.figures(names, None));
    }
    for (name, figure) in all {
        assert_eq!(found[name].as_f64(), figure.as_f64(), "{name}");
    }
    let by_type = app.query(&json!({
        "metrics": ["events"], "dimensions": ["event_type"], "range": {"all": true},
    }));
    let expected = [
        ("activity", 1),
        ("cost", 2),
        ("document", 1),
        ("execution", 1),
        ("goal", 1),
        ("queue", 2),
        ("step", 1),
    ];
    let expected = expected.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(counts(&by_type, "event_type", "events"), expected.into());
}

#[test]
fn a_retry_without_an_id_counts_once_and_the_next_status_is_another_event() {
    let app = TestApp::start();
    let at = |status, second| {
        execution(
            "flow",
            "e1",
            status,
            &format!("2024-03-04T10:00:0{second}Z"),
        )
    };
    assert_eq!(outcome(&app.post_events(&at("started", 0))), [1, 0, 0]);
    assert_eq!(outcome(&app.post_events(&at("started", 0))), [0, 1, 0]);
    let figures = || {
        app.figures(
            &["executions", "running", "completed", "duration_sum"],
            None,
        )
    };
    assert_eq!(
        figures(),
        json!({"executions": 1, "running": 1, "completed": 0, "duration_sum": 0})
    );
    assert_eq!(outcome(&app.post_events(&at("completed", 3))), [1, 0, 0]);
    assert_eq!(outcome(&app.post_events(&at("completed", 3))), [0, 1, 0]);
    // It counts once, at its end, with the duration since its start.
    assert_eq!(
        figures(),
        json!({"executions": 1, "running": 0, "completed": 1, "duration_sum": 3000})
    );
}

#[test]
fn a_duration_is_computed_even_if_the_start_arrives_after_the_end() {
    let app = TestApp::start();
    app.take(&execution(
        "flow",
        "e1",
        "completed",
        "2024-03-04T10:00:05Z",
    ));
    assert_eq!(
        app.figures(&["duration_avg"], None)["duration_avg"],
        Value::Null
    );
    app.take(&execution("flow", "e1", "started", "2024-03-04T10:00:01Z"));
    let figures = app.figures(&["executions", "running", "duration_avg"], None);
    assert_eq!(
        figures,
        json!({"executions": 1, "running": 0, "duration_avg": 4000})
    );
}

#[test]
fn a_producer_can_name_its_source() {
    let app = TestApp::start();
    let headers = [
        ("content-type", "application/json"),
        ("weir-source", "import:march.log"),
    ];
    assert_eq!(
        send(&app, &headers, completed("e1").to_string()).status,
        200
    );
    let answer = app.query(&json!({"metrics": ["events"], "range": {"all": true}}));
    assert_eq!(
        answer["meta"]["completeness"]["sources"][0]["source"],
        "import:march.log"
    );
}
