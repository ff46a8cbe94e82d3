//! Steps inside steps, and how much of their time steps wait.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{self, cost, execution, with},
};

/// Seconds after 4 March 2024, 10:00 UTC.
fn at(seconds: i64) -> i64 {
    1_709_546_400_000 + seconds * 1_000
}

fn step(run: &str, id: &str, from: i64, to: i64, more: Value) -> Value {
    let event = json!({"type": "step", "workflowId": "w", "executionId": run, "stepId": id, "stepType": "http",
        "status": "completed", "startTime": at(from), "endTime": at(to)});
    with(event, more)
}

fn run(id: &str, duration: i64) -> Value {
    let event = execution("w", id, "completed", "");
    with(
        event,
        json!({"timestamp": at(duration), "duration": duration * 1_000}),
    )
}

/// A loop with two passes, each with a call and an approval; one step names a parent that did not run, and two
/// contain each other.
fn nested() -> Value {
    let inside = |parent: &str| json!({"parentStepId": parent});
    let approval = |waited: Value| json!({"parentStepId": "loop", "stepType": "approval", "waitDuration": waited});
    json!([
        run("x", 100),
        step("x", "fetch", 0, 10, json!({})),
        step("x", "loop", 10, 40, json!({"stepType": "loop"})),
        step("x", "call", 10, 15, inside("loop")),
        step("x", "decide", 15, 40, approval(json!(20_000))),
        step("x", "loop", 40, 81, json!({"stepType": "loop"})),
        step("x", "call", 40, 50, inside("loop")),
        step("x", "decide", 50, 80, approval(Value::Null)),
        step("x", "lost", 85, 90, inside("gone")),
        step("x", "hen", 90, 95, inside("egg")),
        step("x", "egg", 91, 100, inside("hen")),
        with(cost("w", "x", "", "0.5"), json!({"timestamp": at(45)})),
        with(cost("w", "x", "", "0.25"), json!({"timestamp": at(81)})),
    ])
}

fn detail(app: &TestApp, id: &str) -> Value {
    let answer = app.get(&format!("/api/v1/executions/{id}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[test]
fn the_timeline_says_which_run_contains_which_and_how_long_each_waited() {
    let app = TestApp::start();
    app.take(&nested());
    let found = detail(&app, "x");
    let timeline = &found["timeline"];
    let bars = timeline["steps"].as_array().unwrap().iter();
    let bars: Vec<Value> = bars
        .map(|bar| {
            let of = [
                "stepId",
                "occurrence",
                "parentStepId",
                "parentOccurrence",
                "waitDuration",
                "isCritical",
                "cost",
            ];
            json!(of.map(|name| bar[name].clone()))
        })
        .collect();
    assert_eq!(
        json!(bars),
        json!([
            ["fetch", 1, null, null, 0, true, null],
            ["call", 1, "loop", 1, 0, true, null],
            ["loop", 1, null, null, 0, true, null],
            ["decide", 1, "loop", 1, 20_000, true, null],
            // The cost belongs to the call, although the loop was running, too.
            ["call", 2, "loop", 2, 0, true, 0.5],
            ["loop", 2, null, null, 0, true, 0.25],
            // By its type, it waited all the time.
            ["decide", 2, "loop", 2, 30_000, true, null],
            ["lost", 1, "gone", null, 0, true, null],
            ["hen", 1, "egg", null, 0, false, null],
            ["egg", 1, "hen", null, 0, true, null]
        ])
    );
    assert_eq!(
        (&timeline["busy"], &timeline["stepsTime"]),
        (
            &json!(96_000),
            &json!({"working": 46_000, "waiting": 50_000})
        )
    );
    let norms = app.get("/api/v1/executions/x/norms").json();
    assert_eq!(norms["stepsTime"], timeline["stepsTime"]);
    assert_eq!(norms["steps"][3]["waitDuration"], 20_000);
}

#[test]
fn skipped_steps_spend_nothing() {
    let app = TestApp::start();
    let skipped = |more: Value| with(json!({"status": "skipped"}), more);
    let paid = |seconds: i64, dollars: &str, more: Value| {
        let when = json!({"timestamp": at(seconds)});
        with(with(cost("w", "x", "", dollars), when), more)
    };
    let inside = json!({"parentStepId": "outer"});
    app.take(&json!([
        run("x", 100),
        step("x", "first", 0, 10, json!({})),
        step("x", "first", 20, 20, skipped(json!({}))),
        step("x", "second", 30, 40, json!({})),
        step("x", "beside", 32, 38, skipped(json!({}))),
        step("x", "outer", 50, 60, json!({})),
        step("x", "inner", 52, 58, skipped(inside)),
        // It names a step that was skipped after it had run, and one that was only skipped.
        paid(25, "0.5", json!({"stepId": "first"})),
        paid(36, "4", json!({"stepId": "beside"})),
        // Beside a skipped step, and around one.
        paid(35, "1", json!({})),
        paid(55, "2", json!({})),
    ]));
    let found = detail(&app, "x");
    let bars = found["timeline"]["steps"].as_array().unwrap().iter();
    let bars: Vec<Value> = bars
        .map(|bar| json!([bar["stepId"], bar["occurrence"], bar["cost"]]))
        .collect();
    assert_eq!(
        json!(bars),
        json!([
            ["first", 1, 0.5],
            ["first", 2, null],
            ["second", 1, 1.0],
            ["beside", 1, null],
            ["outer", 1, 2.0],
            ["inner", 1, null]
        ])
    );
    let frame = "from=2024-03-01T00:00:00Z&to=2024-04-01T00:00:00Z";
    let map = app
        .get(&format!("/api/v1/analytics/workflows/w/map?{frame}"))
        .json();
    let nodes = map["nodes"].as_array().unwrap().iter();
    let mut costs: Vec<Value> = nodes
        .map(|node| json!([node["step"]["id"], node["cost"]]))
        .collect();
    costs.sort_by_key(Value::to_string);
    let expected = json!([["first", 0.5], ["outer", 2.0], ["second", 1.0]]);
    assert_eq!(json!(costs), expected);
}

#[test]
fn a_comparison_shows_how_long_the_steps_of_both_waited() {
    let app = TestApp::start();
    app.take(&nested());
    app.take(&json!([
        run("y", 20),
        step("y", "fetch", 0, 10, json!({})),
        step("y", "decide", 10, 20, json!({"waitDuration": 4_000})),
    ]));
    let found = app.get("/api/v1/executions/comparison?a=x&b=y").json();
    assert_eq!(
        found["aTime"],
        json!({"working": 46_000, "waiting": 50_000})
    );
    assert_eq!(found["bTime"], json!({"working": 16_000, "waiting": 4_000}));
    let rows = found["rows"].as_array().unwrap();
    let decide = rows
        .iter()
        .find(|row| row["step"]["id"] == "decide" && row["b"].is_object());
    let decide = decide.unwrap();
    assert_eq!(decide["b"]["waitDuration"], 4_000, "{decide}");
}

#[test]
fn metrics_tell_working_from_waiting_and_count_steps_at_each_level() {
    let mut app = TestApp::start();
    app.take(&nested());
    let by_step = |app: &TestApp| {
        app.query(&json!({
            "metrics": ["steps", "step_duration_sum", "step_waiting_sum", "step_waiting_avg", "step_waiting_rate",
                "step_working_sum", "step_working_avg"],
            "dimensions": ["step"], "range": {"all": true},
            "filters": [{"dimension": "step", "op": "in", "values": ["decide", "loop"]}],
            "orderBy": [{"metric": "steps", "direction": "desc"}],
        }))["rows"]
            .clone()
    };
    let expected = json!([
        {"step": "decide", "steps": 2, "step_duration_sum": 55_000, "step_waiting_sum": 50_000,
            "step_waiting_avg": 25_000, "step_waiting_rate": 100.0 * 50.0 / 55.0, "step_working_sum": 5_000,
            "step_working_avg": 2_500},
        {"step": "loop", "steps": 2, "step_duration_sum": 71_000, "step_waiting_sum": 0, "step_waiting_avg": 0,
            "step_waiting_rate": 0, "step_working_sum": 71_000, "step_working_avg": 35_500},
    ]);
    assert_eq!(by_step(&app), expected);
    let frame = "from=2024-03-01T00:00:00Z&to=2024-04-01T00:00:00Z";
    let steps = app
        .get(&format!("/api/v1/analytics/workflows/w/steps?{frame}"))
        .json();
    let steps = steps["steps"].as_array().unwrap();
    let decide = steps.iter().find(|row| row["stepId"] == "decide").unwrap();
    assert_eq!(decide["totalWaiting"], 50_000.0);
    let map = app
        .get(&format!("/api/v1/analytics/workflows/w/map?{frame}"))
        .json();
    let nodes = map["nodes"].as_array().unwrap();
    let node = |id: &str| nodes.iter().find(|node| node["step"]["id"] == id);
    assert!(node("loop").is_none(), "{map:#}");
    let decide = node("decide").unwrap();
    assert_eq!(
        (&decide["waitingSum"], &decide["workingSum"]),
        (&json!(50_000.0), &json!(5_000.0))
    );
    // A container is a step that executions can be filtered by.
    let path = format!("/api/v1/executions?workflowId=w&step=loop&{frame}");
    let listed = app.get(&path).json();
    assert_eq!(
        listed["executions"].as_array().map(Vec::len),
        Some(1),
        "{listed}"
    );
    app.stop();
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    app.start_again();
    assert_eq!(by_step(&app), expected);
}

/// Forty days of executions whose step of a type took three times as long in the last six of them.
fn slowed(step_type: &str, now: i64) -> Vec<Value> {
    let runs = (0..40 * 24).flat_map(|hour| {
        let end = now - 3_600_000 - hour * 3_600_000;
        let usual = 60_000 + (hour * 7_919) % 20_000;
        let took = if hour < 6 * 24 { 3 * usual } else { usual };
        let of = |kind: &str, more: Value| {
            let event = json!({"type": kind, "workflowId": "w", "executionId": format!("r{hour}"),
                "status": "completed", "timestamp": end, "duration": took});
            with(event, more)
        };
        [
            of("execution", json!({})),
            of("step", json!({"stepId": "decide", "stepType": step_type})),
        ]
    });
    runs.collect()
}

#[test]
fn a_longer_wait_is_no_slower_step_and_explains_its_slower_workflow() {
    let now = events::now();
    let kinds = |step_type: &str| -> Vec<Value> {
        let app = TestApp::start();
        app.take(&json!(slowed(step_type, now)));
        let answer = app.get("/api/v1/analytics/changes?last=14d");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        assert_eq!(answer["notEnoughData"], false, "{answer}");
        let changes = answer["changes"].as_array().unwrap().iter();
        changes.map(|change| change["kind"].clone()).collect()
    };
    assert_eq!(kinds("http"), ["step_slower"]);
    assert!(kinds("approval").is_empty(), "{:?}", kinds("approval"));
}
