//! Retries, and steps that engines copy into them.

use serde_json::{Value, json};
use weir_e2e::TestApp;

#[test]
fn a_step_copied_into_a_retry_adds_neither_time_to_the_retry_nor_a_second_step_run() {
    let app = TestApp::start();
    app.take(&json!([
        {"type": "execution", "timestamp": "2026-11-22T05:40:54.988Z", "workflowId": "w", "executionId": "34",
         "status": "started", "retryOf": "18"},
        {"type": "step", "executionId": "34", "workflowId": "w", "stepId": "Webhook", "status": "completed",
         "startTime": "2026-11-22T05:40:48.651Z", "duration": 7},
        {"type": "step", "executionId": "34", "workflowId": "w", "stepId": "HTTP", "status": "failed",
         "startTime": "2026-11-22T05:40:54.991Z", "duration": 117},
        {"type": "execution", "timestamp": "2026-11-22T05:40:55.108Z", "workflowId": "w", "executionId": "34",
         "status": "failed", "retryOf": "18"},
    ]));
    let shown = app.get("/api/v1/executions/34").json();
    let timeline = &shown["timeline"];
    assert_eq!(timeline["start"], "2026-11-22T05:40:54.988Z");
    assert_eq!(timeline["duration"], 120);
    assert_eq!(timeline["busy"], 117);
    assert_eq!(timeline["idle"], 3);
    let steps = timeline["steps"].as_array().unwrap();
    let steps: Vec<_> = steps.iter().map(|step| &step["stepId"]).collect();
    assert_eq!(steps, ["HTTP"]);
    // Neither cubes nor raw rows count it: errors by group are read from raw rows.
    let counted = |dimensions: &[&str]| {
        let asked = json!({"metrics": ["steps"], "dimensions": dimensions, "range": {"all": true}});
        let rows = app.query(&asked)["rows"].clone();
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| row["steps"].as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!(counted(&["step"]), 1);
    assert_eq!(counted(&["step", "error_group"]), 1);
}

/// The executions that a field of an execution's detail names.
fn named(app: &TestApp, id: &str, field: &str) -> Vec<String> {
    let shown = app.get(&format!("/api/v1/executions/{id}")).json();
    let names = |value: &Value| {
        value["id"]
            .is_string()
            .then(|| value["executionId"].as_str().unwrap().to_owned())
    };
    match &shown[field] {
        Value::Array(all) => all.iter().filter_map(names).collect(),
        one => names(one).into_iter().collect(),
    }
}

#[test]
fn a_retry_without_an_environment_belongs_to_the_only_execution_with_that_name() {
    let app = TestApp::start();
    let event = |id: &str, status: &str, retry_of: Option<&str>, environment: Option<&str>| {
        json!({"type": "execution", "workflowId": "w", "executionId": id, "status": status, "retryOf": retry_of,
            "environment": environment, "timestamp": "2026-11-01T00:00:00Z"})
    };
    let cost = json!({"type": "cost", "workflowId": "w", "executionId": "1", "environment": "prod", "dollarAmount": 2,
        "timestamp": "2026-11-01T00:00:00Z"});
    app.take(&json!([event("2", "completed", Some("1"), None)]));
    app.take(&json!([event("1", "failed", None, Some("prod")), cost]));
    let work = || app.figures(&["work_items", "work_completed"], None);
    assert_eq!(work(), json!({"work_items": 1, "work_completed": 1}));
    assert_eq!(named(&app, "2", "retried"), ["1"]);
    assert_eq!(named(&app, "1", "retries"), ["2"]);
    let range = "from=2026-10-31T00:00:00Z&to=2026-11-02T00:00:00Z";
    let costs = app.get(&format!("/api/v1/analytics/costs?{range}")).json();
    assert_eq!(costs["waste"]["retried"]["cost"], 2.0, "{costs}");
    // If two executions have the name, it is unknown which one it retries.
    app.take(&json!([event("1", "failed", None, Some("staging"))]));
    assert_eq!(work(), json!({"work_items": 3, "work_completed": 1}));
    assert!(named(&app, "2", "retried").is_empty());
    // Its environment determines which one.
    app.take(&json!([event(
        "3",
        "completed",
        Some("1"),
        Some("staging")
    )]));
    assert_eq!(work(), json!({"work_items": 3, "work_completed": 2}));
}
