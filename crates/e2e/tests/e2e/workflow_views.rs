//! The grid and the versions of a workflow.

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::with};

use crate::views::shape;

const START: i64 = 1_709_632_800_000;
const RANGE: &str = "from=2024-03-05T00:00:00Z&to=2024-03-07T00:00:00Z";
const MINUTE: i64 = 60_000;

/// A run of the workflow "orders": its steps as (id, duration, status, attempts).
fn run(
    at: i64,
    id: &str,
    version: &str,
    status: &str,
    steps: &[(&str, i64, &str, i64)],
) -> Vec<Value> {
    let common = json!({"workflowId": "orders", "workflowName": "The orders", "executionId": id,
        "workflowVersion": version, "environment": "production"});
    let event = |more: Value| with(common.clone(), more);
    let mut events = Vec::new();
    let mut now = START + at * MINUTE;
    for &(step, duration, ended, attempts) in steps {
        for attempt in 1..=attempts {
            now += duration;
            let status = if attempt < attempts { "failed" } else { ended };
            events.push(event(
                json!({"type": "step", "stepId": step, "stepName": format!("The {step}"),
                "stepType": "http", "status": status, "duration": duration, "attempt": attempt,
                "timestamp": now}),
            ));
        }
    }
    events.push(event(
        json!({"type": "execution", "status": status, "timestamp": now + 1,
        "duration": now + 1 - START - at * MINUTE}),
    ));
    events
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn texts<'a>(found: &'a Value, field: &str) -> Vec<&'a str> {
    let all = found.as_array().expect("a list").iter();
    all.map(|one| one[field].as_str().unwrap_or("none"))
        .collect()
}

fn grid(app: &TestApp, more: &str) -> Value {
    get(
        app,
        &format!("/api/v1/analytics/workflows/orders/grid?{RANGE}{more}"),
    )
}

#[test]
fn the_grid_shows_each_step_of_the_newest_executions_in_the_usual_order() {
    let app = TestApp::start();
    let events = [
        run(
            0,
            "first",
            "1",
            "completed",
            &[("zip", 10, "completed", 1), ("ask", 20, "completed", 1)],
        ),
        run(
            1,
            "second",
            "1",
            "failed",
            &[
                ("zip", 10, "completed", 1),
                ("mid", 5, "skipped", 1),
                ("ask", 40, "failed", 3),
            ],
        ),
        run(2, "third", "2", "failed", &[("zip", 30, "failed", 1)]),
    ];
    app.take(&json!(events.concat()));
    // Another workflow whose execution has the same name is not mixed in.
    app.take(
        &json!([{"type": "execution", "workflowId": "other", "executionId": "first",
        "status": "completed", "timestamp": START}]),
    );

    let found = grid(&app, "");
    assert_eq!(
        texts(&found["executions"], "status"),
        ["failed", "failed", "completed"]
    );
    assert_eq!(texts(&found["executions"], "version"), ["2", "1", "1"]);
    // By name, "ask" would come first.
    assert_eq!(texts(&found["steps"], "id"), ["zip", "mid", "ask"]);
    let cell = |status: &str, duration: i64, runs: i64| json!({"status": status, "duration": duration, "attempts": runs, "runs": runs});
    let expected = json!([
        [
            cell("failed", 30, 1),
            cell("completed", 10, 1),
            cell("completed", 10, 1)
        ],
        [null, cell("skipped", 5, 1), null],
        [null, cell("failed", 120, 3), cell("completed", 20, 1)],
    ]);
    assert_eq!(found["cells"], expected);
    assert_eq!(found["omitted"], json!({"steps": 0, "executions": 0}));
    insta::assert_json_snapshot!("grid", shape(&found));

    let newest = grid(&app, "&runs=1");
    assert_eq!(texts(&newest["steps"], "id"), ["zip"]);
    assert_eq!(newest["omitted"], json!({"steps": 0, "executions": 2}));
    // Each execution can be opened by the id that the grid gives it.
    for execution in found["executions"].as_array().unwrap() {
        let id = execution["id"].as_str().unwrap();
        let detail = get(&app, &format!("/api/v1/executions/{id}"));
        assert_eq!(detail["workflowVersion"], execution["version"]);
    }
    assert_eq!(grid(&app, "&environment=test")["executions"], json!([]));
    let refused = app.get("/api/v1/analytics/workflows/orders/grid?runs=201");
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (400, &json!("runs"))
    );
}

#[test]
fn an_execution_that_ran_again_has_the_steps_of_each_run() {
    let app = TestApp::start();
    let events = [
        run(0, "again", "1", "failed", &[("ask", 20, "failed", 1)]),
        run(
            60,
            "again",
            "1",
            "completed",
            &[("ask", 50, "completed", 1)],
        ),
    ];
    app.take(&json!(events.concat()));
    let found = grid(&app, "");
    assert_eq!(
        texts(&found["executions"], "status"),
        ["completed", "failed"]
    );
    let cells = &found["cells"][0];
    assert_eq!(
        (&cells[0]["status"], &cells[0]["duration"]),
        (&json!("completed"), &json!(50))
    );
    assert_eq!(
        (&cells[1]["status"], &cells[1]["duration"]),
        (&json!("failed"), &json!(20))
    );
}

/// Runs of a version, of which the first `failed` fail in the step "ask".
fn runs_of(version: &str, from: i64, ask: i64, failed: i64) -> Vec<Value> {
    let run = |i: i64| {
        let (status, asked) = match i < failed {
            true => ("failed", "failed"),
            false => ("completed", "completed"),
        };
        let steps = [
            ("zip", 100 + i % 3, "completed", 1),
            ("ask", ask + i % 7, asked, 1),
        ];
        run(from + i, &format!("{version}-{i}"), version, status, &steps)
    };
    (0..40).flat_map(run).collect()
}

#[test]
fn versions_are_compared_with_the_one_before_and_name_the_step_behind_a_change() {
    let app = TestApp::start();
    let mut events = runs_of("9", 0, 50, 0);
    events.extend(runs_of("10", 100, 500, 20));
    events.extend(run(
        300,
        "only",
        "11",
        "completed",
        &[("zip", 100, "completed", 1)],
    ));
    events.push(
        json!({"type": "execution", "workflowId": "orders", "executionId": "bare",
        "status": "completed", "environment": "production", "timestamp": START}),
    );
    app.take(&json!(events));

    let path = format!("/api/v1/analytics/workflows/orders/versions?{RANGE}");
    let found = get(&app, &path);
    assert_eq!(texts(&found["versions"], "version"), ["11", "10", "9"]);
    assert_eq!(
        (&found["omitted"], &found["withoutVersion"]),
        (&json!(0), &json!(1))
    );
    let [newest, middle, oldest] = [0, 1, 2].map(|at| &found["versions"][at]);
    assert_eq!(oldest["change"], Value::Null);
    assert_eq!(oldest["executions"], 40);
    assert_eq!(oldest["successRate"]["value"], 100.0);
    let rate = &middle["successRate"];
    assert_eq!(rate["value"], 50.0);
    assert!(
        rate["lower"].as_f64() < Some(50.0) && rate["upper"].as_f64() > Some(50.0),
        "{rate}"
    );
    assert!(middle["first"].as_str() > oldest["last"].as_str());

    let change = &middle["change"];
    assert_eq!(change["against"], "9");
    let step = &change["responsibleStep"];
    assert_eq!(
        (&step["stepId"], &step["stepName"]),
        (&json!("ask"), &json!("The ask"))
    );
    let contribution = step["contributionMs"].as_f64().unwrap();
    assert!((contribution - 450.0).abs() < 1.0, "{contribution}");
    assert!(
        (step["share"].as_f64().unwrap() - 100.0).abs() < 1.0,
        "{step}"
    );
    assert_eq!(change["failingStep"]["stepId"], "ask");

    // One run is not enough to say anything.
    let change = &newest["change"];
    assert_eq!(change["against"], "10");
    assert!(
        texts(&change["differences"], "finding")
            .iter()
            .all(|found| *found == "not_enough_data")
    );
    assert_eq!(
        (&change["responsibleStep"], &change["failingStep"]),
        (&Value::Null, &Value::Null)
    );
    insta::assert_json_snapshot!("versions", shape(&found["versions"][1]));

    // The same comparison is available for any pair of versions.
    let pair = get(
        &app,
        &format!("/api/v1/analytics/workflows/comparison?{RANGE}&workflowId=orders&versions=9,10"),
    );
    assert_eq!(
        pair["comparisons"][0]["differences"],
        middle["change"]["differences"]
    );
    assert_eq!(
        get(&app, &format!("{path}&environment=test"))["versions"],
        json!([])
    );
}
