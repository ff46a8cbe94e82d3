//! Observability against plain counting, and its shapes.

use serde_json::{Value, json};
use weir_e2e::{TestApp, events};

use crate::{
    generated::{self, Run, START, assert_figure, by, count, durations, mean, success_rate},
    real_log::log::quantile,
    views::shape,
};

pub const DAY: i64 = 86_400_000;

/// Two days in the middle; the two days before them have runs too.
pub const MIDDLE: &str = "from=2024-03-05T00:00:00Z&to=2024-03-07T00:00:00Z";

pub fn within(runs: &[Run], from: i64, to: i64) -> Vec<&Run> {
    let within = runs.iter().filter(|run| (from..to).contains(&run.at));
    within.collect()
}

pub fn figures_are_those_of(what: &str, found: &Value, runs: &[&Run]) {
    assert_eq!(found["total_executions"], runs.len(), "{what}");
    assert_eq!(
        found["success_count"],
        count(runs, &["completed"]),
        "{what}"
    );
    assert_eq!(
        found["failure_count"],
        count(runs, &["failed", "crashed"]),
        "{what}"
    );
    assert_figure(what, &found["success_rate"], success_rate(runs), 1e-9);
    let durations = durations(runs);
    assert_figure(what, &found["avg_duration_ms"], mean(&durations), 1e-9);
    for (name, q) in [("p50_duration_ms", 0.5), ("p95_duration_ms", 0.95)] {
        let exact = (!durations.is_empty()).then(|| quantile(&durations, q) as f64);
        assert_figure(what, &found[name], exact, 0.01);
    }
}

pub fn generated_app() -> (TestApp, Vec<Run>) {
    let app = TestApp::start();
    let runs = generated::runs(17, 3_000);
    generated::send(&app, &runs);
    (app, runs)
}

pub fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[test]
fn key_figures_with_sparkline_and_change_match_plain_counting() {
    let (app, runs) = generated_app();
    let found = get(&app, &format!("/api/v1/observability/kpis?{MIDDLE}"));
    let (from, to) = (START + 4 * DAY, START + 6 * DAY);
    let current = within(&runs, from, to);
    let previous = within(&runs, from - 2 * DAY, from);
    figures_are_those_of("kpis", &found, &current);
    figures_are_those_of("previous", &found["previous"], &previous);
    let change = 100.0 * (current.len() as f64 - previous.len() as f64) / previous.len() as f64;
    let delta = &found["delta_vs_previous"];
    assert_figure("delta", &delta["total_executions"], Some(change), 1e-9);
    let rates = (
        success_rate(&current).unwrap(),
        success_rate(&previous).unwrap(),
    );
    let change = 100.0 * (rates.0 - rates.1) / rates.1;
    assert_figure("delta of rate", &delta["success_rate"], Some(change), 1e-9);
    let points = found["sparkline_data"].as_array().unwrap();
    assert_eq!(
        (points.len(), &found["sparkline_interval"]),
        (48, &json!("hour"))
    );
    for (hour, point) in points.iter().enumerate() {
        let start = from + hour as i64 * 3_600_000;
        let runs = within(&runs, start, start + 3_600_000);
        figures_are_those_of(&format!("hour {hour}"), point, &runs);
    }
    assert_eq!(found["running_count"], count(&current, &["started"]));
    insta::assert_json_snapshot!("observability_kpis", shape(&found));
}

#[test]
fn sparklines_have_the_documented_points() {
    let app = TestApp::start();
    let now = events::now();
    let run = |minute: i64| {
        json!({"type": "execution", "workflowId": "w", "executionId": format!("r{minute}"),
            "status": "completed", "duration": 10, "timestamp": now - minute * 60_000})
    };
    app.take(&(1..=50).map(run).collect::<Value>());
    for (range, points, interval) in [
        ("1h", 12, "five_minutes"),
        ("6h", 12, "half_hour"),
        ("24h", 24, "hour"),
        ("7d", 14, "half_day"),
        ("30d", 30, "day"),
    ] {
        let found = get(
            &app,
            &format!("/api/v1/observability/kpis?time_range={range}"),
        );
        let sparkline = found["sparkline_data"].as_array().unwrap();
        let total: u64 = sparkline
            .iter()
            .map(|point| point["total_executions"].as_u64().unwrap())
            .sum();
        assert_eq!((sparkline.len(), total), (points, 50), "{range}");
        assert_eq!(found["sparkline_interval"], interval, "{range}");
        assert_eq!(
            (&found["time_range"], &found["total_executions"]),
            (&json!(range), &json!(50))
        );
    }
    // The default.
    let found = get(&app, "/api/v1/observability/kpis");
    assert_eq!(found["sparkline_data"].as_array().unwrap().len(), 24);
}

#[test]
fn the_table_of_workflows_has_figures_changes_and_last_failures() {
    let (app, runs) = generated_app();
    let path = format!("/api/v1/observability/workflows?{MIDDLE}&sort_by=failures&limit=4");
    let found = get(&app, &path);
    let (from, to) = (START + 4 * DAY, START + 6 * DAY);
    let groups = by(within(&runs, from, to), |run| run.workflow.clone());
    let mut expected: Vec<_> = groups
        .iter()
        .map(|(id, runs)| (count(runs, &["failed", "crashed"]), id))
        .collect();
    expected.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    assert_eq!(found["total_workflows"], groups.len());
    let lines = found["workflows"].as_array().unwrap();
    assert_eq!(lines.len(), 4);
    for (line, (failures, id)) in lines.iter().zip(expected) {
        assert_eq!(
            (&line["failure_count"], &line["workflow_id"]),
            (&json!(failures), &json!(id))
        );
        let runs_of = &groups[id];
        figures_are_those_of(id, line, runs_of);
        let broken = runs_of.iter().filter(|run| run.is(&["failed", "crashed"]));
        let last = broken.max_by_key(|run| run.at).unwrap();
        assert_eq!(
            line["last_error_message"],
            json!(last.error_message),
            "{id}"
        );
        assert_eq!(moment(&line["last_failure_at"]), last.at, "{id}");
        let before = within(&runs, from - 2 * DAY, from);
        let before = before.iter().filter(|run| run.workflow == *id).count() as f64;
        let change = 100.0 * (runs_of.len() as f64 - before) / before;
        let delta = &line["delta_vs_previous"]["total_executions"];
        assert_figure(id, delta, Some(change), 1e-9);
    }
    insta::assert_json_snapshot!("observability_workflows", shape(&found));
    let lowest = get(
        &app,
        &format!("/api/v1/observability/workflows?{MIDDLE}&sort_by=success_rate"),
    );
    let rates = lowest["workflows"].as_array().unwrap().iter();
    let rates: Vec<f64> = rates
        .map(|line| line["success_rate"].as_f64().unwrap())
        .collect();
    assert!(rates.is_sorted(), "{rates:?}");
}

/// Milliseconds since 1970 of a UTC time in March 2024.
fn moment(time: &Value) -> i64 {
    let text = time.as_str().unwrap();
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let clock = (number(11, 13) * 60 + number(14, 16)) * 60 + number(17, 19);
    let fraction = text.get(20..text.len() - 1).unwrap_or("0");
    let milliseconds: i64 = format!("{fraction:0<3}").parse().unwrap();
    START + (number(8, 10) - 1) * DAY + clock * 1_000 + milliseconds
}
