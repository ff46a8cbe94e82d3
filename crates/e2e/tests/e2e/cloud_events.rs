//! CloudEvents 1.0 in JSON: one, and batches.

use serde_json::{Value, json};
use weir_e2e::{TestApp, counts, events::with};

use crate::sending::{outcome, send};

const TIME: &str = "2024-03-04T10:00:00Z";

fn cloud_event(id: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "/engine/1", "type": "com.example.execution",
        "time": TIME, "data": data,
    })
}

#[test]
fn a_cloud_event_is_stored_like_any_other_event() {
    let app = TestApp::start();
    let data = |id| json!({"executionId": id, "workflowId": "flow", "status": "completed", "duration": 10});
    let one = cloud_event("1", data("c1"));
    let structured = [(
        "content-type",
        "application/cloudevents+json; charset=utf-8",
    )];
    let batch = [("content-type", "application/cloudevents-batch+json")];
    assert_eq!(
        outcome(&send(&app, &structured, one.to_string())),
        [1, 0, 0]
    );
    let second = cloud_event("2", data("c2"));
    let broken = cloud_event("3", json!({"executionId": "c3"}));
    let answer = send(&app, &batch, json!([one, second, broken]).to_string());
    assert_eq!(outcome(&answer), [1, 1, 1], "{}", answer.text());
    let error = &answer.json()["errors"][0];
    assert_eq!((&error["index"], &error["id"]), (&json!(2), &json!("3")));
    assert_eq!(error["code"], "missing_field");
    let by_source = app.query(&json!({
        "metrics": ["events"], "dimensions": ["source"], "range": {"all": true},
    }));
    let expected = [("/engine/1".to_owned(), 2)].into();
    assert_eq!(counts(&by_source, "source", "events"), expected);
}

#[test]
fn an_invalid_envelope_is_rejected_with_its_attribute() {
    let app = TestApp::start();
    for (field, value, code) in [
        ("specversion", json!("0.3"), "unknown_value"),
        ("id", Value::Null, "missing_field"),
        ("source", json!(""), "missing_field"),
        ("type", Value::Null, "missing_field"),
        ("data", json!("text"), "missing_field"),
        ("type", json!("com.example.greeting"), "missing_field"),
    ] {
        let data = json!({"executionId": "c1", "workflowId": "flow", "status": "completed"});
        let event = with(cloud_event("1", data), json!({field: value}));
        let headers = [("content-type", "application/cloudevents+json")];
        let answer = send(&app, &headers, event.to_string());
        assert_eq!(answer.status, 422, "{event}: {}", answer.text());
        let error = &answer.json()["errors"][0];
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!(field)),
            "{event}"
        );
    }
}
