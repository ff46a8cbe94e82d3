//! Budgets: their state, and thresholds that fire once per period.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp, events, until};

use super::{assert_money, get};
use crate::views::shape;

const PATH: &str = "/api/v1/analytics/costs/budgets";
const DAY: i64 = 86_400_000;

/// A server that checks budgets every second.
fn watchful() -> TestApp {
    TestApp::configured(&[("WEIR_COSTS_BUDGET_SECONDS", "1")])
}

fn put(app: &TestApp, budgets: Value) -> Answer {
    let body = json!({"budgets": budgets});
    app.client().call(Method::PUT, PATH).json(&body).send()
}

fn stored(app: &TestApp, budgets: Value) -> Value {
    let answer = put(app, budgets);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// A cost at the current time, of a workflow and a user.
fn spend(app: &TestApp, id: &str, dollars: &str, workflow: &str, user: &str) {
    app.take(
        &json!({"type": "cost", "id": id, "timestamp": events::now(), "dollarAmount": dollars,
        "workflowId": workflow, "userId": user}),
    );
}

/// The alerts as budget, percent and basis, the oldest first.
fn alerts(app: &TestApp) -> Vec<(String, f64, String)> {
    let found = get(app, PATH);
    let alerts = found["alerts"].as_array().unwrap().iter().rev();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    alerts
        .map(|alert| {
            (
                word(&alert["budget"]),
                alert["percent"].as_f64().unwrap(),
                word(&alert["basis"]),
            )
        })
        .collect()
}

fn wait_for_alerts(app: &TestApp, count: usize) -> Vec<(String, f64, String)> {
    until("alerts of budgets", Duration::from_secs(30), || {
        let found = alerts(app);
        (found.len() >= count).then_some(found)
    })
}

#[test]
fn a_threshold_fires_once_per_period_however_much_more_is_spent() {
    let app = watchful();
    let thresholds = json!([{"percent": 50}, {"percent": 100}]);
    let list = stored(
        &app,
        json!([{"name": "All", "amount": 10, "thresholds": thresholds}]),
    );
    assert_eq!(list["alerts"], json!([]));
    spend(&app, "a", "5", "w", "ada");
    let fired = |percent| ("All".to_owned(), percent, "actual".to_owned());
    assert_eq!(wait_for_alerts(&app, 1), [fired(50.0)]);
    spend(&app, "b", "1", "w", "ada");
    spend(&app, "c", "6", "w", "ada");
    assert_eq!(wait_for_alerts(&app, 2), [fired(50.0), fired(100.0)]);
    let found = get(&app, PATH);
    let (budget, alert) = (&found["budgets"][0], &found["alerts"][0]);
    assert_money(&budget["current"]["spent"], 12.0, "spent");
    assert_money(&budget["current"]["spentPct"], 120.0, "percent");
    assert_money(&budget["current"]["remaining"], -2.0, "remaining");
    assert_eq!(budget["thresholds"][1]["firedAt"], alert["firedAt"]);
    assert_eq!(
        (&alert["amount"], &alert["budgetId"]),
        (&json!(10.0), &budget["id"])
    );

    // The same budget, changed and checked again, does not fire again; a new threshold does.
    let thresholds = json!([{"percent": 50}, {"percent": 100}, {"percent": 110}]);
    let changed =
        json!([{"id": budget["id"], "name": "All", "amount": 10, "thresholds": thresholds}]);
    let list = stored(&app, changed);
    assert_eq!(list["budgets"][0]["id"], budget["id"]);
    assert_eq!(alerts(&app), [fired(50.0), fired(100.0), fired(110.0)]);
    insta::assert_json_snapshot!("budgets", shape(&list));
}

#[test]
fn remaining_amounts_are_rounded_for_display() {
    let app = TestApp::start();
    for (id, amount) in [("a", "52.6"), ("b", "0.023")] {
        spend(&app, id, amount, "w", "ada");
    }
    stored(
        &app,
        json!([{"name": "All", "amount": 50, "thresholds": [{"percent": 50}]}]),
    );
    let current = get(&app, PATH)["budgets"][0]["current"].clone();
    let written = |field: &str| current[field].to_string();
    assert_eq!(
        [written("spent"), written("remaining"), written("spentPct")],
        ["52.623", "-2.623", "105.246"]
    );
}

#[test]
fn a_budget_counts_only_costs_in_its_scope() {
    let app = TestApp::start();
    spend(&app, "a", "3", "loan", "ada");
    spend(&app, "b", "4", "loan", "bob");
    spend(&app, "c", "8", "mail", "ada");
    let list = stored(
        &app,
        json!([
            {"name": "project", "amount": 100, "period": "day"},
            {"name": "loan", "amount": 14, "level": "workflow", "workflowId": "loan", "thresholds": [{"percent": 50}]},
            {"name": "ada", "amount": 100, "level": "user", "userId": "ada", "timezone": "Asia/Kolkata", "period": "week"},
            {"name": "credits", "amount": 100, "metric": "credits"},
        ]),
    );
    for (position, spent) in [15.0, 7.0, 11.0, 0.0].into_iter().enumerate() {
        assert_money(
            &list["budgets"][position]["current"]["spent"],
            spent,
            "spent",
        );
    }
    assert_eq!(
        alerts(&app),
        [("loan".to_owned(), 50.0, "actual".to_owned())],
        "at once"
    );
    assert_eq!(
        list["budgets"][0]["current"]["forecastStatus"],
        "not_enough_data"
    );
    assert_eq!(
        stored(&app, json!([]))["budgets"],
        json!([]),
        "budgets that are not listed are deleted"
    );
}

#[test]
fn forecast_spending_triggers_a_threshold_before_it_is_spent() {
    let app = TestApp::start();
    let today = events::now().div_euclid(DAY);
    let history = (today - 70..today).map(|day| {
        let dollars = 10.0 + (day * 7919).rem_euclid(11) as f64 / 20.0;
        json!({"type": "cost", "id": format!("d{day}"), "timestamp": day * DAY + DAY / 2,
            "dollarAmount": dollars.to_string()})
    });
    app.take(&history.collect());
    let thresholds = json!([{"percent": 100, "basis": "actual"}, {"percent": 100, "basis": "forecast"},
        {"percent": 200, "basis": "forecast"}]);
    let list = stored(
        &app,
        json!([{"name": "today", "amount": 9, "period": "day", "thresholds": thresholds}]),
    );
    let current = &list["budgets"][0]["current"];
    assert_money(&current["spent"], 0.0, "nothing yet");
    let expected = current["forecast"]["value"].as_f64().unwrap();
    assert!((9.5..=11.0).contains(&expected), "{current}");
    assert_eq!(
        alerts(&app),
        [("today".to_owned(), 100.0, "forecast".to_owned())]
    );
}

#[test]
fn an_error_names_the_place() {
    let app = TestApp::start();
    for (budget, field) in [
        (json!({"name": "x", "amount": -1}), "budgets[0].amount"),
        (
            json!({"name": "x", "amount": 1, "level": "user"}),
            "budgets[0].level",
        ),
        (
            json!({"name": "x", "amount": 1, "level": "tenant"}),
            "budgets[0].level",
        ),
        (
            json!({"name": "x", "amount": 1, "timezone": "Mars"}),
            "budgets[0].timezone",
        ),
        (
            json!({"id": "0192f3a4-5b6c-7d8e-9f01-23456789abcd", "name": "x", "amount": 1}),
            "budgets",
        ),
    ] {
        let answer = put(&app, json!([budget]));
        assert!(
            [400, 403].contains(&answer.status),
            "{budget}: {}",
            answer.text()
        );
        assert_eq!(answer.json()["field"], field, "{budget}");
    }
    assert_eq!(get(&app, PATH)["budgets"], json!([]));
}

#[test]
fn the_budget_of_a_tenant_is_visible_only_to_those_who_see_the_whole_tenant() {
    let app = TestApp::start();
    spend(&app, "a", "3", "loan", "ada");
    let password = app.password();
    let stranger = app.client().with_key(None);
    let credentials = json!({"email": "owner@localhost", "password": password});
    let opened = stranger.post("/api/v1/session").json(&credentials).send();
    let cookie = opened
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let body = json!({"budgets": [{"name": "everything", "amount": 2, "level": "tenant"}, {"name": "project", "amount": 9}]});
    let call = stranger
        .call(Method::PUT, PATH)
        .header("cookie", &cookie)
        .json(&body);
    let list = call.send();
    assert_eq!(list.status, 200, "{}", list.text());
    let list = list.json();
    assert_eq!(list["budgets"][0]["level"], "tenant");
    assert_money(&list["budgets"][0]["current"]["spent"], 3.0, "spent");
    assert_eq!(
        list["alerts"].as_array().unwrap().len(),
        2,
        "{}",
        list["alerts"]
    );

    // A key of the project neither sees nor deletes it.
    assert_eq!(get(&app, PATH)["budgets"].as_array().unwrap().len(), 1);
    assert_eq!(get(&app, PATH)["alerts"], json!([]));
    stored(&app, json!([]));
    let left = stranger.get(PATH).header("cookie", &cookie).send().json();
    let names: Vec<_> = left["budgets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| &b["name"])
        .collect();
    assert_eq!(names, ["everything"]);
}
