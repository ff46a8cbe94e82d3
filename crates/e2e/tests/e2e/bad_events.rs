//! Invalid events among valid ones: each is rejected with its index, its field and the reason, and the valid
//! ones are stored.

mod table;

use serde_json::json;
use weir_e2e::{TestApp, events::execution};

use table::{Bad, TIME, missing_fields, not_json, out_of_bounds, run, unknown_words, wrong_types};

/// Sends the invalid event as the second of three, and asserts that it is rejected and the others are stored.
fn check(app: &TestApp, bad: &Bad) {
    let good = |id| {
        let execution_id = format!("{}, {id}", bad.what);
        execution(bad.what, &execution_id, "completed", TIME).to_string()
    };
    let (first, third) = (good("first"), good("third"));
    let body = format!("{first}\n{}\n{third}\n", bad.text);
    let call = app.client().post("/api/v1/events");
    let answer = call
        .header("content-type", "application/x-ndjson")
        .body(body)
        .send();

    let what = bad.what;
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    let outcome = answer.json();
    let counts = ["accepted", "duplicates", "rejected"].map(|name| outcome[name].as_u64());
    assert_eq!(counts, [Some(2), Some(0), Some(1)], "{what}: {outcome}");
    let error = &outcome["errors"][0];
    assert_eq!(error["index"], 1, "{what}: {error}");
    assert_eq!(error["code"], bad.code, "{what}: {error}");
    assert_eq!(error["field"].as_str(), bad.field, "{what}: {error}");
    assert!(
        !error["detail"].as_str().unwrap().is_empty(),
        "{what}: {error}"
    );
    let stored = app.figures(&["executions"], Some(what));
    assert_eq!(stored["executions"], 2, "{what}: the valid events");
}

fn check_all(all: Vec<Bad>) {
    let app = TestApp::start();
    let count = all.len();
    for bad in all {
        check(&app, &bad);
    }
    let stored = app.figures(&["events"], None);
    assert_eq!(
        stored["events"],
        2 * count,
        "only the valid events are stored"
    );
}

#[test]
fn only_an_item_that_is_not_a_json_object_is_rejected() {
    check_all(not_json());
}

#[test]
fn a_value_of_the_wrong_type_is_rejected_with_its_field() {
    check_all(wrong_types());
}

#[test]
fn an_unknown_word_is_rejected_with_its_field() {
    check_all(unknown_words());
}

#[test]
fn a_missing_field_is_named() {
    check_all(missing_fields());
}

#[test]
fn a_value_out_of_bounds_is_rejected_with_its_field() {
    check_all(out_of_bounds());
}

#[test]
fn a_rejected_event_is_listed_with_its_own_id() {
    let app = TestApp::start();
    let bad = run(json!({"id": "event-7", "duration": -5}));
    let answer = app.post_events(&json!([bad]));
    assert_eq!(answer.status, 422, "{}", answer.text());
    let error = &answer.json()["errors"][0];
    assert_eq!(
        (&error["index"], &error["id"]),
        (&json!(0), &json!("event-7"))
    );
    assert!(error["detail"].as_str().unwrap().contains("-5"), "{error}");
}

#[test]
fn the_error_for_an_unknown_word_lists_the_known_ones() {
    let app = TestApp::start();
    let answer = app.post_events(&run(json!({"status": "succeeded"})));
    let detail = answer.json()["errors"][0]["detail"].clone();
    for status in [
        "started",
        "waiting",
        "completed",
        "failed",
        "canceled",
        "crashed",
    ] {
        assert!(detail.as_str().unwrap().contains(status), "{detail}");
    }
}
