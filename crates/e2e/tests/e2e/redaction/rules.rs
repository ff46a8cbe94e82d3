//! Redaction rules of a project, in addition to those of the server.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{
    Answer, TestApp,
    events::{execution, with},
};

use crate::views::shape;

const PATH: &str = "/api/v1/redaction";
const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";

fn put(app: &TestApp, body: &Value) -> Answer {
    app.client().call(Method::PUT, PATH).json(body).send()
}

fn rules() -> Value {
    json!({"keys": ["customerName"], "values": [{"name": "case number", "pattern": "CASE-[0-9]+"}]})
}

fn event(id: &str) -> Value {
    with(
        execution("flow", id, "failed", "2024-03-04T10:00:00Z"),
        json!({"errorMessage": "CASE-77 of ada@example.org was lost",
            "metadata": {"customer_name": "Ada", "plan": "pro", "seen": ["CASE-1"]}}),
    )
}

fn metadata(app: &TestApp, id: &str) -> Value {
    app.get(&format!("/api/v1/executions/{id}")).json()["metadata"].clone()
}

#[test]
fn rules_apply_to_the_next_event_after_a_change() {
    let app = TestApp::start();
    app.take(&event("before"));
    let stored = put(&app, &rules());
    assert_eq!(stored.status, 200, "{}", stored.text());
    app.take(&event("after"));
    assert_eq!(
        metadata(&app, "before"),
        json!({"customer_name": "Ada", "plan": "pro", "seen": ["CASE-1"]}),
        "stored data stays"
    );
    assert_eq!(
        metadata(&app, "after"),
        json!({"customer_name": "[redacted]", "plan": "pro", "seen": ["[redacted]"]})
    );
    let list = app.get(&format!("/api/v1/executions?{RANGE}")).json();
    let message = |id: &str| {
        let rows = list["executions"].as_array().unwrap().iter();
        let mut rows = rows.filter(|row| row["executionId"] == id);
        rows.next().unwrap()["errorMessage"].clone()
    };
    assert_eq!(message("after"), "[redacted] of [redacted] was lost");
    assert_eq!(message("before"), "CASE-77 of [redacted] was lost");

    assert_eq!(put(&app, &json!({"version": 1})).status, 200);
    app.take(&event("later"));
    assert_eq!(
        metadata(&app, "later")["customer_name"],
        "Ada",
        "no rules any more"
    );
}

#[test]
fn events_that_are_sent_again_after_a_change_of_rules_are_duplicates() {
    let mut app = TestApp::start();
    let cost = |customer: &str| {
        json!({"type": "cost", "timestamp": "2024-03-04T10:00:00Z", "dollarAmount": 1,
            "metadata": {"customerName": customer}})
    };
    let sent = json!([cost("Ada"), cost("Grace")]);
    app.take(&sent);
    assert_eq!(put(&app, &rules()).status, 200);
    for when in ["immediately", "after a restart"] {
        let again = app.post_events(&sent).json();
        let counts = (again["accepted"].as_u64(), again["duplicates"].as_u64());
        assert_eq!(counts, (Some(0), Some(2)), "{when}");
        app.kill();
        app.start_again();
    }
    // Events that differ only in redacted values are still distinct.
    let new = app.post_events(&json!([cost("Mary"), cost("Ann")])).json();
    assert_eq!(new["accepted"], 2, "{new}");
}

#[test]
fn rules_survive_a_restart_and_have_versions() {
    let mut app = TestApp::start();
    let fresh = app.get(PATH).json();
    assert_eq!((&fresh["version"], &fresh["by"]), (&json!(0), &Value::Null));
    assert_eq!(fresh["builtIn"]["secrets"], true);
    assert!(
        !fresh["builtIn"]["keysContaining"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(put(&app, &rules()).json()["version"], 1);
    let late = put(&app, &json!({"keys": [], "version": 0}));
    assert_eq!(
        (late.status, late.code().as_str()),
        (409, "changed_meanwhile")
    );
    assert!(app.stop().success());
    app.start_again();
    app.take(&event("e"));
    assert_eq!(metadata(&app, "e")["customer_name"], "[redacted]");
    let held = app.get(PATH).json();
    assert_eq!(
        (&held["version"], &held["values"]),
        (&json!(1), &rules()["values"])
    );
    insta::assert_json_snapshot!("redaction", shape(&held));
    let log = app.get("/api/v1/audit?action=redaction").json();
    assert_eq!(
        log["entries"][0]["detail"]["after"]["keys"],
        json!(["customerName"])
    );
}

#[test]
fn rules_can_be_tried_on_an_event_without_being_applied() {
    let app = TestApp::start();
    let trial = json!({"rules": rules(), "event": event("e")});
    let tried = app
        .client()
        .post(&format!("{PATH}/preview"))
        .json(&trial)
        .send();
    assert_eq!(tried.status, 200, "{}", tried.text());
    insta::assert_json_snapshot!("redaction_preview", tried.json());
    let by_those_in_force = json!({"event": event("e")});
    let path = format!("{PATH}/preview");
    let tried = app
        .client()
        .post(&path)
        .json(&by_those_in_force)
        .send()
        .json();
    assert_eq!(tried["event"]["metadata"]["customer_name"], "Ada");
    assert_eq!(tried["hits"].as_array().unwrap().len(), 1);
    let no_event = app.client().post(&path).json(&json!({"event": 5})).send();
    assert_eq!(
        (no_event.status, &no_event.json()["field"]),
        (400, &json!("event"))
    );
}

#[test]
fn rules_out_of_bounds_are_refused_with_their_field() {
    let app = TestApp::start();
    let value = |name: &str, pattern: &str| json!({"values": [{"name": name, "pattern": pattern}]});
    for (rules, field) in [
        (value("a", "("), "values[0].pattern"),
        (value("a", "x*"), "values[0].pattern"),
        (value("a", "\\pL{500}{50}"), "values[0].pattern"),
        (value("a", &"x".repeat(501)), "values[0].pattern"),
        (value("", "x"), "values[0].name"),
        (json!({"keys": ["--"]}), "keys[0]"),
        (json!({"keys": vec!["k"; 201]}), "keys"),
    ] {
        let refused = put(&app, &rules);
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{rules}"
        );
        let trial = json!({"rules": rules, "event": {}});
        let tried = app
            .client()
            .post(&format!("{PATH}/preview"))
            .json(&trial)
            .send();
        assert_eq!(tried.json()["field"], format!("rules.{field}"), "{rules}");
    }
    assert_eq!(app.get(PATH).json()["version"], 0);
}

#[test]
fn reading_and_changing_rules_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let reader = app.client_with("read key");
    assert_eq!(reader.get(PATH).send().status, 403);
    assert_eq!(
        reader.call(Method::PUT, PATH).json(&rules()).send().status,
        403
    );
    let trial = json!({"event": {}});
    assert_eq!(
        reader
            .post(&format!("{PATH}/preview"))
            .json(&trial)
            .send()
            .status,
        403
    );
    assert_eq!(app.client().get(PATH).send().status, 401);
}
