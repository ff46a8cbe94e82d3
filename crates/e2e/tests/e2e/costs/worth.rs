//! The worth of successful runs and of goals.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp};

fn put(app: &TestApp, path: &str, periods: Value) -> Answer {
    let call = app.client().call(Method::PUT, path);
    call.json(&json!({ "periods": periods })).send()
}

fn set(app: &TestApp, path: &str, periods: Value) -> Answer {
    let answer = put(app, path, periods);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

fn execution(workflow: &str, id: &str, status: &str, moment: &str) -> Value {
    json!({"type": "execution", "workflowId": workflow, "executionId": id, "status": status, "timestamp": moment,
        "triggerType": if status == "failed" { "webhook" } else { "schedule" }})
}

/// Two runs of w complete in February and one in March, one fails; one run of v completes.
fn send(app: &TestApp) {
    app.take(&json!([
        execution("w", "1", "completed", "2026-02-27T10:00:00Z"),
        execution("w", "2", "completed", "2026-02-28T23:59:59.999Z"),
        execution("w", "3", "completed", "2026-03-01T00:00:00Z"),
        execution("w", "4", "failed", "2026-03-01T12:00:00Z"),
        execution("v", "5", "completed", "2026-03-01T12:00:00Z"),
        {"type": "cost", "workflowId": "w", "executionId": "1", "dollarAmount": 4, "timestamp": "2026-02-27T10:00:00Z"},
        {"type": "goal", "goalId": "won", "workflowId": "w", "executionId": "1", "value": 1, "timestamp": "2026-02-27T10:00:00Z"},
        {"type": "goal", "goalId": "seen", "workflowId": "w", "executionId": "1", "value": 3, "timestamp": "2026-02-27T10:00:00Z"},
    ]));
}

fn rows(app: &TestApp, metrics: &[&str], dimensions: &[&str], more: Value) -> Value {
    let mut query = json!({"metrics": metrics, "dimensions": dimensions,
        "range": {"from": "2026-02-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}});
    for (name, value) in more.as_object().unwrap() {
        query[name] = value.clone();
    }
    app.query(&query)["rows"].clone()
}

#[test]
fn time_saved_is_the_number_of_completed_runs_times_their_minutes_at_that_time() {
    let app = TestApp::start();
    send(&app);
    let saved = |dimensions: &[&str], more: Value| rows(&app, &["time_saved"], dimensions, more);
    assert_eq!(saved(&[], json!({})), json!([{"time_saved": 0}]));
    let path = "/api/v1/workflows/w/worth";
    set(
        &app,
        path,
        json!([{"minutes": 5, "hourlyRate": 60}, {"effectiveFrom": "2026-03-01", "minutes": 2.5, "hourlyRate": 60}]),
    );
    // 2 x 5 in February, 2.5 in March; v has no worth.
    assert_eq!(saved(&[], json!({})), json!([{"time_saved": 12.5}]));
    let by_workflow =
        json!([{"workflow": "w", "time_saved": 12.5}, {"workflow": "v", "time_saved": 0}]);
    assert_eq!(saved(&["workflow"], json!({})), by_workflow);
    // From the finest cube, from raw rows, and for parts of a day.
    let trigger = saved(&["trigger_type"], json!({}));
    assert_eq!(
        trigger,
        json!([{"trigger_type": "schedule", "time_saved": 12.5}, {"trigger_type": "webhook", "time_saved": 0}])
    );
    let source = saved(&["source"], json!({}));
    assert_eq!(source, json!([{"source": "http", "time_saved": 12.5}]));
    let odd =
        json!({"range": {"from": "2026-02-28T23:59:58.500Z", "to": "2026-03-01T00:00:00.001Z"}});
    assert_eq!(saved(&[], odd), json!([{"time_saved": 7.5}]));
    let filtered = json!({"filters": [{"dimension": "workflow", "op": "in", "values": ["v"]}]});
    assert_eq!(saved(&[], filtered), json!([{"time_saved": 0}]));
    let monthly = saved(&[], json!({"granularity": "month"}));
    let months: Vec<_> = monthly
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["time_saved"])
        .collect();
    assert_eq!(months, [10.0, 2.5]);
    // A later change applies immediately, for the days that it names.
    set(&app, path, json!([{"minutes": 1}]));
    assert_eq!(saved(&[], json!({})), json!([{"time_saved": 3}]));
}

#[test]
fn the_return_on_investment_is_the_gain_beyond_the_cost() {
    let app = TestApp::start();
    send(&app);
    let metrics = ["value_saved", "goal_worth", "cost", "return_on_investment"];
    let figures = |dimensions: &[&str]| rows(&app, &metrics, dimensions, json!({}));
    // The values of the goals' events sum to 4, the cost is 4.
    let expected =
        json!([{"value_saved": 0, "goal_worth": 4, "cost": 4, "return_on_investment": 0}]);
    assert_eq!(figures(&[]), expected);
    set(
        &app,
        "/api/v1/workflows/w/worth",
        json!([{"minutes": 20, "hourlyRate": 30}]),
    );
    set(&app, "/api/v1/goals/won/worth", json!([{"value": 10}]));
    // 3 runs of 20 minutes at 30 per hour are 30; a goal worth 10 and one with the value 3: 43 for a cost of 4.
    let gained =
        json!([{"value_saved": 30, "goal_worth": 13, "cost": 4, "return_on_investment": 975}]);
    assert_eq!(figures(&[]), gained);
    let by_workflow = json!([
        {"workflow": "w", "value_saved": 30, "goal_worth": 13, "cost": 4, "return_on_investment": 975},
        {"workflow": "v", "value_saved": 0, "goal_worth": 0, "cost": 0, "return_on_investment": null},
    ]);
    assert_eq!(figures(&["workflow"]), by_workflow);
    let range = "from=2026-02-01T00:00:00Z&to=2026-04-01T00:00:00Z";
    let gains = |more: &str| {
        let view = app.get(&format!("/api/v1/analytics/costs?{range}{more}"));
        view.json()["gains"].clone()
    };
    let all = json!({"timeSaved": 60.0, "valueSaved": 30.0, "goalWorth": 13.0, "returnOnInvestment": 975.0});
    assert_eq!(gains("&workflowId=w"), all);
    assert_eq!(gains("&provider=openai"), Value::Null);
    // Costs have no trigger type.
    let query = json!({"metrics": ["return_on_investment"], "dimensions": ["trigger_type"], "range": {"all": true}});
    let refused = app.client().post("/api/v1/query").json(&query).send();
    assert_eq!(refused.status, 400, "{}", refused.text());
}

#[test]
fn changing_a_worth_needs_a_permission_and_the_current_version() {
    let app = TestApp::start();
    let path = "/api/v1/workflows/w/worth";
    let none = app.get(path);
    assert_eq!(
        none.json(),
        json!({"kind": "workflow", "id": "w", "periods": [], "updatedAt": null})
    );
    let first = set(&app, path, json!([{"minutes": 5}]));
    assert_eq!(app.get(path).header("etag"), first.header("etag"));
    let with_tag = |tag: &str| {
        let call = app.client().call(Method::PUT, path).header("if-match", tag);
        call.json(&json!({"periods": [{"minutes": 6}]})).send()
    };
    let stale = with_tag(none.header("etag"));
    assert_eq!(
        (stale.status, &stale.json()["code"]),
        (409, &json!("changed_meanwhile"))
    );
    assert_eq!(with_tag(first.header("etag")).status, 200);
    let bad = put(&app, path, json!([{"minutes": -1}]));
    assert_eq!(
        (bad.status, &bad.json()["field"]),
        (400, &json!("periods[0].minutes"))
    );

    set(&app, "/api/v1/goals/won/worth", json!([{"value": 2}]));
    let page = app.get("/api/v1/worth?limit=1").json();
    assert_eq!(page["worths"][0]["kind"], "goal");
    let cursor = page["nextCursor"].as_str().unwrap();
    let next = app
        .get(&format!("/api/v1/worth?limit=1&cursor={cursor}"))
        .json();
    assert_eq!(
        (&next["worths"][0]["id"], &next["nextCursor"]),
        (&json!("w"), &Value::Null)
    );
    set(&app, path, json!([]));
    assert_eq!(
        app.get("/api/v1/worth").json()["worths"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let log = app.owner().get("/api/v1/audit?limit=100").send().json();
    let is_change =
        |entry: &&Value| entry["action"] == "worth.changed" && entry["subject"] == "workflow:w";
    assert_eq!(
        log["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(is_change)
            .count(),
        3
    );
}

#[test]
fn the_number_of_worths_per_project_is_limited() {
    let app = TestApp::configured(&[("WEIR_COSTS_WORTHS", "1")]);
    set(&app, "/api/v1/workflows/w/worth", json!([{"minutes": 5}]));
    let more = put(&app, "/api/v1/workflows/v/worth", json!([{"minutes": 5}]));
    assert_eq!((more.status, &more.json()["field"]), (400, &json!("id")));
    set(&app, "/api/v1/workflows/w/worth", json!([{"minutes": 6}]));
    set(&app, "/api/v1/workflows/w/worth", json!([]));
    set(&app, "/api/v1/workflows/v/worth", json!([{"minutes": 5}]));
}
