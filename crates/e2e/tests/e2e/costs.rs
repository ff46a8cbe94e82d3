//! Costs: spending, its breakdown, waste and forecasts, against sums in plain Rust over the
//! events that were sent.

mod budgets;
mod forecast;
mod history;
mod money;
mod prices;
mod resumption;
mod worth;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::views::{shape, steady};
use history::{History, RANGE};

fn filled() -> (TestApp, History) {
    let app = TestApp::start();
    let history = History::made();
    app.take(&history.events().into());
    (app, history)
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn assert_money(found: &Value, exact: f64, what: &str) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    let near = (found - exact).abs() <= 1e-9 * exact.abs().max(1.0);
    assert!(near, "{what}: {found} is not {exact}");
}

#[test]
fn a_breakdown_adds_up_by_every_dimension() {
    let (app, history) = filled();
    for (by, field) in [
        ("action_type", "actionType"),
        ("provider", "provider"),
        ("model", "model"),
        ("workflow", "workflowId"),
        ("step", "stepId"),
        ("userId", "userId"),
    ] {
        let mut expected: BTreeMap<Option<&str>, f64> = BTreeMap::new();
        for cost in &history.costs {
            *expected.entry(cost[field].as_str()).or_default() += history::dollars(cost);
        }
        let found = get(
            &app,
            &format!("/api/v1/analytics/costs/breakdown?{RANGE}&by={by}"),
        );
        let rows = found["breakdown"].as_array().unwrap();
        assert_eq!(rows.len(), expected.len(), "{by}");
        let total: f64 = expected.values().sum();
        assert_money(&found["total"]["totalCost"], total, by);
        for row in rows {
            let exact = expected[&row["key"].as_str()];
            assert_money(&row["totalCost"], exact, by);
            assert_money(&row["share"], 100.0 * exact / total, by);
        }
        let costs: Vec<f64> = rows
            .iter()
            .map(|row| row["totalCost"].as_f64().unwrap())
            .collect();
        assert!(costs.is_sorted_by(|a, b| a >= b), "{by}: {costs:?}");
    }
}

#[test]
fn a_breakdown_by_workflow_has_the_cost_of_an_execution_and_of_a_success() {
    let (app, history) = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/costs/breakdown?{RANGE}&by=workflow"),
    );
    for row in found["breakdown"].as_array().unwrap() {
        let workflow = row["key"].as_str().unwrap();
        let runs = history
            .executions
            .iter()
            .filter(|run| run["workflowId"] == workflow);
        let (all, completed) = (
            runs.clone().count(),
            runs.filter(|run| run["status"] == "completed").count(),
        );
        let cost = row["totalCost"].as_f64().unwrap();
        assert_eq!(row["executions"], all);
        assert_money(&row["costPerExecution"], cost / all as f64, workflow);
        assert_money(
            &row["costPerSuccessfulExecution"],
            cost / completed as f64,
            workflow,
        );
    }
    let by_model = get(
        &app,
        &format!("/api/v1/analytics/costs/breakdown?{RANGE}&by=model"),
    );
    assert_eq!(by_model["breakdown"][0]["costPerExecution"], Value::Null);
    insta::assert_json_snapshot!("cost_breakdown", steady(found));
}

#[test]
fn the_rows_that_a_limit_omits_are_summed() {
    let (app, _) = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/costs/breakdown?{RANGE}&by=user&limit=2"),
    );
    let listed: f64 = found["breakdown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["totalCost"].as_f64().unwrap())
        .sum();
    let total = found["total"]["totalCost"].as_f64().unwrap();
    assert_money(&found["otherCost"], total - listed, "other");
    assert!(found["groups"].as_u64().unwrap() > 2, "{}", found["groups"]);
}

#[test]
fn costs_include_waste_and_a_time_series() {
    let (app, history) = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/costs?{RANGE}&granularity=day"),
    );
    let total: f64 = history.costs.iter().map(history::dollars).sum();
    assert_money(&found["current"]["totalCost"], total, "total");
    assert_eq!(found["current"]["executions"], history.executions.len());
    let days: f64 = found["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["totalCost"].as_f64().unwrap())
        .sum();
    assert_money(&json!(days), total, "days");

    let waste = &found["waste"];
    let spent = history.by_outcome();
    for (name, &(executions, cost)) in &spent {
        assert_eq!(waste[*name]["executions"], executions, "{name}");
        assert_money(&waste[*name]["cost"], cost, name);
    }
    let wasted = spent["failed"].1 + spent["retried"].1;
    assert_money(&waste["cost"], wasted, "waste");
    assert_money(&waste["share"], 100.0 * wasted / total, "share");
    insta::assert_json_snapshot!("costs", shape(&found));
}

#[test]
fn costs_are_filtered_by_workflow_user_and_provider() {
    let (app, history) = filled();
    for (parameter, field, value) in [
        ("workflowId", "workflowId", "w1"),
        ("userId", "userId", "u2"),
        ("provider", "provider", "anthropic"),
        ("actionType", "actionType", "llm"),
    ] {
        let mine = history.costs.iter().filter(|cost| cost[field] == value);
        let exact: f64 = mine.map(history::dollars).sum();
        let found = get(
            &app,
            &format!("/api/v1/analytics/costs?{RANGE}&{parameter}={value}"),
        );
        assert!(exact > 0.0, "{parameter}");
        assert_money(&found["current"]["totalCost"], exact, parameter);
        let waste = &found["waste"];
        let outcomes = [
            "failed",
            "retried",
            "successful",
            "canceled",
            "open",
            "unattributed",
        ];
        let parts: f64 = outcomes
            .iter()
            .map(|name| waste[*name]["cost"].as_f64().unwrap())
            .sum();
        assert_money(&json!(parts), exact, parameter);
    }
}

#[test]
fn the_previous_range_is_reported_with_the_range() {
    let (app, history) = filled();
    let (from, middle, to) = (
        "2024-05-01T00:00:00Z",
        "2024-05-08T00:00:00Z",
        "2024-05-15T00:00:00Z",
    );
    let found = get(
        &app,
        &format!("/api/v1/analytics/costs?from={middle}&to={to}"),
    );
    let between = |from: &str, to: &str| -> f64 {
        let inside = history.costs.iter().filter(|cost| {
            let time = cost["timestamp"].as_str().unwrap();
            from <= time && time < to
        });
        inside.map(history::dollars).sum()
    };
    let (current, previous) = (between(middle, to), between(from, middle));
    assert_money(&found["current"]["totalCost"], current, "current");
    assert_money(&found["previous"]["totalCost"], previous, "previous");
    assert_money(
        &found["costChange"]["absolute"],
        current - previous,
        "change",
    );
}

#[test]
fn an_error_names_the_field() {
    let app = TestApp::start();
    for (path, field, fix) in [
        ("costs?groupBy=provder", "groupBy", "provider"),
        ("costs/breakdown?by=queue", "groupBy", ""),
        ("costs/breakdown?limit=0", "limit", ""),
        ("costs/forecast?days=91", "days", ""),
        ("costs/forecast?timezone=Mars", "timezone", ""),
    ] {
        let answer = app.get(&format!("/api/v1/analytics/{path}"));
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{path}: {problem}");
        assert!(
            problem["fix"].as_str().unwrap_or_default().contains(fix),
            "{path}: {problem}"
        );
    }
}
