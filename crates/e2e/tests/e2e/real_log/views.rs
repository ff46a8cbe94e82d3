//! Views of the real log.

use serde_json::Value;
use weir_e2e::TestApp;

use super::{
    WORKFLOW,
    log::{Log, quantile},
};
use crate::generated::{assert_figure, mean};

const RANGE: &str = "from=2011-09-01T00:00:00Z&to=2012-04-01T00:00:00Z";

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// All checks of this file.
pub fn they_agree_with_the_file(app: &TestApp, log: &Log) {
    the_list_has_every_execution_with_its_duration(app, log);
    key_figures_match_the_file(app, log);
    node_usage_matches_the_steps_of_the_file(app, log);
}

fn the_list_has_every_execution_with_its_duration(app: &TestApp, log: &Log) {
    let mut durations = Vec::new();
    let mut longest = (0, String::new());
    let mut cursor = String::new();
    loop {
        let page = get(
            app,
            &format!("/api/v1/executions?{RANGE}&limit=500&cursor={cursor}"),
        );
        for row in page["executions"].as_array().unwrap() {
            let duration = row["duration"].as_i64().unwrap();
            durations.push(duration);
            longest = longest.max((duration, row["executionId"].as_str().unwrap().to_owned()));
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    durations.sort_unstable();
    assert_eq!(durations, log.execution_durations);
    let (duration, id) = longest;
    let found = get(app, &format!("/api/v1/executions/{id}"));
    assert_eq!(
        (&found["duration"], &found["workflowId"]),
        (&duration.into(), &WORKFLOW.into())
    );
    let timeline = &found["timeline"];
    let number = |name: &str| timeline[name].as_i64().unwrap();
    assert!(number("duration") >= duration, "{timeline}");
    assert_eq!(number("busy") + number("idle"), number("duration"));
    assert!(!timeline["steps"].as_array().unwrap().is_empty());
}

fn key_figures_match_the_file(app: &TestApp, log: &Log) {
    let found = get(app, &format!("/api/v1/observability/kpis?{RANGE}"));
    assert_eq!(found["total_executions"], log.executions);
    assert_eq!(
        (&found["success_rate"], &found["failure_count"]),
        (&100.0.into(), &0.into())
    );
    assert_figure(
        "mean",
        &found["avg_duration_ms"],
        mean(&log.execution_durations),
        1e-9,
    );
    for (name, q) in [("p50_duration_ms", 0.5), ("p95_duration_ms", 0.95)] {
        let exact = quantile(&log.execution_durations, q) as f64;
        assert_figure(name, &found[name], Some(exact), 0.01);
    }
    let points = found["sparkline_data"].as_array().unwrap().iter();
    let total: u64 = points
        .map(|point| point["total_executions"].as_u64().unwrap())
        .sum();
    assert_eq!(total as usize, log.executions);
}

fn node_usage_matches_the_steps_of_the_file(app: &TestApp, log: &Log) {
    let found = get(app, &format!("/analytics/nodes?{RANGE}&limit=1000"));
    assert_eq!(
        found["total_node_executions"],
        log.steps.values().sum::<u64>()
    );
    let found = get(app, &format!("/analytics/workflows?{RANGE}"));
    assert_eq!(found["workflow_executions"]["total"], log.executions);
    assert_eq!(found["workflows"][0]["workflow_id"], WORKFLOW);
}
