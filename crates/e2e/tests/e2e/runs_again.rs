//! Executions that ran again: each run has its own steps, in every view.

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::with};

/// The start of the first run: 5 March 2024, 10:00 UTC.
const START: i64 = 1_709_632_800_000;
const RANGE: &str = "from=2024-03-05T00:00:00Z&to=2024-03-06T00:00:00Z";

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// A view of the workflow "orders".
fn view(app: &TestApp, view: &str, range: &str) -> Value {
    get(
        app,
        &format!("/api/v1/analytics/workflows/orders/{view}?{range}"),
    )
}

/// The ids of the steps in a list.
fn ids(steps: &Value) -> Vec<&str> {
    let steps = steps.as_array().expect("a list").iter();
    steps
        .map(|step| step["id"].as_str().expect("an id"))
        .collect()
}

/// The columns of a grid: the status of each execution, and its steps as (id, status, duration, runs).
fn columns(found: &Value) -> Value {
    let steps = ids(&found["steps"]);
    let executions = found["executions"].as_array().expect("a list").iter();
    let column = |(place, execution): (usize, &Value)| {
        let ran = steps.iter().enumerate().filter_map(|(row, step)| {
            let cell = &found["cells"][row][place];
            let shown = json!([step, cell["status"], cell["duration"], cell["runs"]]);
            cell.is_object().then_some(shown)
        });
        json!([execution["status"], ran.collect::<Vec<_>>()])
    };
    executions.enumerate().map(column).collect()
}

/// An execution "again" of the workflow "orders" that began each of its runs by a start. Times are in seconds: its
/// states as (status, time) and its steps as (id, status, start, end).
fn begun_again(states: &[(&str, i64)], steps: &[(&str, &str, i64, i64)]) -> Value {
    let at = |seconds: i64| START + seconds * 1_000;
    let event = |kind: &str, status: &str, time: i64, more: Value| {
        let common = json!({"type": kind, "workflowId": "orders", "executionId": "again",
            "status": status, "timestamp": at(time)});
        with(common, more)
    };
    let states = states
        .iter()
        .map(|&(status, time)| event("execution", status, time, json!({})));
    let steps = steps.iter().map(|&(step, status, from, to)| {
        let more = json!({"stepId": step, "startTime": at(from), "endTime": at(to)});
        event("step", status, to, more)
    });
    states.chain(steps).collect()
}

#[test]
fn a_run_has_only_its_own_steps_when_the_grid_leaves_others_out() {
    let app = TestApp::start();
    app.take(&begun_again(
        &[
            ("started", 0),
            ("failed", 60),
            ("started", 600),
            ("completed", 660),
        ],
        &[
            ("a", "failed", 1, 30),
            ("b", "failed", 31, 50),
            ("a", "completed", 602, 605),
        ],
    ));
    let second = json!(["completed", [["a", "completed", 3_000, 1]]]);
    let first = json!([
        "failed",
        [["a", "failed", 29_000, 1], ["b", "failed", 19_000, 1]]
    ]);
    let grid = |range: &str| columns(&view(&app, "grid", range));
    assert_eq!(grid(RANGE), json!([second, first]));
    assert_eq!(grid(&format!("{RANGE}&runs=1")), json!([second]));
    let during = |from: &str, to: &str| grid(&format!("from={from}&to={to}"));
    let (before, border, after) = (
        "2024-03-05T10:00:00Z",
        "2024-03-05T10:05:00Z",
        "2024-03-05T11:00:00Z",
    );
    assert_eq!(during(border, after), json!([second]));
    assert_eq!(during(before, border), json!([first]));
}

#[test]
fn a_run_lasts_until_the_next_one_starts_even_if_that_is_open() {
    let app = TestApp::start();
    app.take(&begun_again(
        &[("started", 0), ("completed", 10), ("started", 60)],
        &[("late", "completed", 12, 14), ("next", "completed", 61, 62)],
    ));
    let expected = json!([
        ["started", [["next", "completed", 1_000, 1]]],
        ["completed", [["late", "completed", 2_000, 1]]]
    ]);
    assert_eq!(columns(&view(&app, "grid", RANGE)), expected);
}

#[test]
fn every_view_gives_a_start_just_after_an_end_to_the_run_that_ended() {
    let app = TestApp::start();
    app.take(&begun_again(
        &[
            ("started", 0),
            ("completed", 10),
            // Within the five seconds by which clocks may differ.
            ("started", 12),
            ("started", 30),
        ],
        &[
            ("a", "completed", 1, 5),
            ("d", "completed", 15, 16),
            ("b", "completed", 31, 32),
        ],
    ));
    let in_details = |run: u8| -> Vec<Value> {
        let path = format!("/api/v1/executions/again?workflowId=orders&run={run}");
        let found = get(&app, &path);
        let steps = found["timeline"]["steps"].as_array().expect("a list");
        steps.iter().map(|step| step["stepId"].clone()).collect()
    };
    assert_eq!(in_details(1), ["a", "d"]);
    assert_eq!(in_details(2), ["b"]);

    let cell = |step: &str, duration: i64| json!([step, "completed", duration, 1]);
    let (first, second) = ([cell("a", 4_000), cell("d", 1_000)], [cell("b", 1_000)]);
    assert_eq!(
        columns(&view(&app, "grid", RANGE)),
        json!([["started", second], ["completed", first]])
    );
    let variants = view(&app, "variants", RANGE);
    let paths = variants["rows"].as_array().expect("a list").iter();
    let paths: Vec<_> = paths.map(|variant| ids(&variant["steps"])).collect();
    assert_eq!(paths, [["a", "d"]], "only the first run has ended");
    let map = view(&app, "map", RANGE);
    let edges = map["edges"].as_array().expect("a list").iter();
    let mut edges: Vec<_> = edges
        .map(|edge| json!([edge["from"], edge["to"]]))
        .collect();
    edges.sort_by_key(Value::to_string);
    let mut expected = vec![
        json!([null, "a"]),
        json!(["a", "d"]),
        json!(["d", null]),
        json!([null, "b"]),
    ];
    expected.sort_by_key(Value::to_string);
    assert_eq!(edges, expected);
}
