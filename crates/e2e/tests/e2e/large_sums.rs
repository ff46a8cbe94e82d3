//! Values that are allowed add up to sums that 64 bits cannot hold: no view fails, and the data opens again.

use serde_json::{Value, json};
use weir_e2e::TestApp;

const DAY: &str = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";

/// Enough of the largest amounts of each kind to exceed 64 bits.
const MANY: usize = 1_030;

/// Events of a kind, numbered so that each counts.
fn many(kind: &str, fields: &Value) -> Value {
    let event = |number: usize| {
        let mut event = json!({"workflowId": "w"});
        for (name, value) in fields.as_object().unwrap() {
            event[name] = value.clone();
        }
        event["type"] = json!(kind);
        event["id"] = json!(format!("{kind} {} {number}", fields["name"]));
        event["timestamp"] = json!(1_772_355_600_000_i64 + number as i64);
        event
    };
    (0..MANY).map(event).collect()
}

#[test]
fn sums_beyond_64_bits_are_held_at_their_bounds_and_the_data_opens_again() {
    let mut app = TestApp::start();
    let tokens = 1_i64 << 53;
    app.take(&json!([
        {"type": "execution", "executionId": "x", "workflowId": "w", "status": "completed", "duration": 60_000,
         "timestamp": "2026-03-01T09:01:00Z"},
        {"type": "step", "executionId": "x", "workflowId": "w", "stepId": "a", "status": "completed",
         "startTime": "2026-03-01T09:00:00Z", "endTime": "2026-03-01T09:00:30Z"},
    ]));
    let paid = json!({"executionId": "x", "stepId": "a", "dollarAmount": "10000000", "credits": "10000000"});
    app.take(&many("cost", &paid));
    app.take(&many(
        "cost",
        &json!({"name": "tokens", "executionId": "x", "inputTokens": tokens}),
    ));
    let step = json!({"executionId": "x", "stepId": "b", "status": "completed", "itemsIn": tokens,
        "creditsUsed": "10000000", "outputSize": tokens});
    let steps = many("step", &step);
    app.take(&steps);
    app.take(&many(
        "document",
        &json!({"kind": "pdf", "status": "completed", "fileSize": tokens}),
    ));
    app.take(&many(
        "goal",
        &json!({"goalId": "g", "subjectId": "s", "value": "10000000"}),
    ));
    app.take(&many(
        "activity",
        &json!({"userId": "u", "action": "edit", "duration": (1_i64 << 48) - 1}),
    ));

    let figures = answers(&app);
    app.kill();
    app.start_again();
    assert_eq!(answers(&app), figures);

    assert!(app.stop().success());
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let rebuilt = app.place().weir(&["rollup", "rebuild"]);
    assert_eq!(rebuilt.code, Some(0), "{rebuilt:?}");
    app.start_again();
    assert_eq!(answers(&app), figures);
}

#[test]
fn refunds_beyond_64_bits_are_held_too() {
    let mut app = TestApp::start();
    app.take(&json!({"type": "cost", "id": "sum", "workflowId": "w", "executionId": "x", "dollarAmount": "10000000",
        "timestamp": "2026-03-01T09:00:00Z"}));
    let refund = json!({"executionId": "x", "partOf": "sum", "dollarAmount": "-10000000"});
    app.take(&many("cost", &refund));
    let breakdown = format!("/api/v1/analytics/costs/breakdown?{DAY}&by=step");
    for path in [&*breakdown, "/api/v1/analytics/costs?last=24h"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    app.kill();
    app.start_again();
    assert_eq!(app.get(&breakdown).status, 200);
    assert!(app.stop().success());
    let rebuilt = app.place().weir(&["rollup", "rebuild"]);
    assert_eq!(rebuilt.code, Some(0), "{rebuilt:?}");
}

/// What the views answer, as far as it does not depend on when they are asked.
fn answers(app: &TestApp) -> Vec<Value> {
    let get = |path: String| {
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    };
    let detail = get("/api/v1/executions/x".to_owned());
    let most = i64::MAX as f64 / 1e9;
    assert_eq!(detail["costs"]["truncated"], true);
    for path in ["norms", "tree"] {
        get(format!("/api/v1/executions/x/{path}"));
    }
    get(format!("/api/v1/analytics/workflows/w/variants?{DAY}"));
    get(format!("/api/v1/analytics/workflows/w/grid?{DAY}"));
    get(format!("/api/v1/analytics/activity/engagement?{DAY}"));
    let list = get(format!("/api/v1/executions?{DAY}"));
    assert_eq!(list["executions"][0]["cost"], most);
    let map = get(format!("/api/v1/analytics/workflows/w/map?{DAY}"));
    let breakdown = get(format!("/api/v1/analytics/costs/breakdown?{DAY}&by=step"));
    let figures = app.figures(&["cost", "input_tokens", "items_in", "executions"], None);
    vec![map["cost"].clone(), breakdown["total"].clone(), figures]
}
