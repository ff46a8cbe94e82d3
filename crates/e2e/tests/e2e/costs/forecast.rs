//! Forecasts over days that end today.

use serde_json::{Value, json};
use weir_e2e::{TestApp, events};

use super::{assert_money, get};
use crate::views::shape;

const DAY: i64 = 86_400_000;

/// A cost at noon on each day before today: 10 on weekdays, 4 on weekends, by the day's number
/// since 1970 (day 0 was a Thursday), slightly more every day.
fn days_before_today(days: i64) -> Vec<(i64, f64)> {
    let today = events::now().div_euclid(DAY);
    (today - days..today).map(|day| (day, due(day))).collect()
}

fn due(day: i64) -> f64 {
    let weekend = matches!((day + 3).rem_euclid(7), 5 | 6);
    let wobble = (day * 7919).rem_euclid(11) as f64 / 20.0;
    if weekend { 4.0 + wobble } else { 10.0 + wobble }
}

fn sent(app: &TestApp, days: &[(i64, f64)]) {
    let event = |&(day, dollars): &(i64, f64)| {
        json!({"type": "cost", "id": format!("d{day}"), "workflowId": "daily", "provider": "openai",
            "timestamp": day * DAY + DAY / 2, "dollarAmount": dollars.to_string(), "credits": "2"})
    };
    app.take(&days.iter().map(event).collect());
}

fn forecast(app: &TestApp, parameters: &str) -> Value {
    get(
        app,
        &format!("/api/v1/analytics/costs/forecast?{parameters}"),
    )
}

#[test]
fn days_of_an_incident_are_left_out_of_the_forecast() {
    let app = TestApp::start();
    let mut days = days_before_today(120);
    let (spike, usual) = (days[114].0, days[114].1);
    days[114].1 = 2_000.0;
    sent(&app, &days);
    let date = |day: i64| {
        let start = jiff::Timestamp::from_millisecond(day * DAY).unwrap();
        start.to_string()[..10].to_owned()
    };
    let with = forecast(&app, "");
    let without = forecast(&app, &format!("leaveOut={},{}", date(spike), date(spike)));
    assert_eq!(without["leftOut"], json!([date(spike)]));
    // What was spent stays in the history.
    assert_eq!(without["history"], with["history"]);
    let width = |found: &Value| {
        let day = &found["forecast"][6];
        day["upper"].as_f64().unwrap() - day["lower"].as_f64().unwrap()
    };
    assert!(
        width(&with) > 100.0 && width(&without) < 5.0,
        "{with} {without}"
    );
    let ahead = without["forecast"][7]["value"].as_f64().unwrap();
    assert!((ahead - usual).abs() < 1.5, "{ahead}, not about {usual}");
    // A day that is not part of the history does nothing.
    let none = forecast(&app, "leaveOut=2020-01-01");
    assert_eq!(
        (&none["leftOut"], &none["forecast"]),
        (&json!([]), &with["forecast"])
    );
    let refused = app.get("/api/v1/analytics/costs/forecast?leaveOut=yesterday");
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (400, &json!("leaveOut"))
    );
}

#[test]
fn a_weekly_pattern_continues_over_the_next_thirty_days() {
    let app = TestApp::start();
    let days = days_before_today(120);
    sent(&app, &days);
    let found = forecast(&app, "");
    let today = events::now().div_euclid(DAY);
    assert_eq!(found["status"], "ok");
    assert_eq!(found["history"]["days"], 120);
    let spent: f64 = days.iter().map(|(_, dollars)| dollars).sum();
    assert_money(&found["history"]["total"], spent, "history");
    let ahead = found["forecast"].as_array().unwrap();
    assert_eq!(ahead.len(), 30);
    for (number, day) in ahead.iter().enumerate() {
        let (value, exact) = (
            day["value"].as_f64().unwrap(),
            due(today + 1 + number as i64),
        );
        assert!(
            (value - exact).abs() < 1.5,
            "day {number}: {value}, not {exact}"
        );
        let (lower, upper) = (
            day["lower"].as_f64().unwrap(),
            day["upper"].as_f64().unwrap(),
        );
        assert!(lower <= value && value <= upper);
    }
    let exact: f64 = (1..=30).map(|day| due(today + day)).sum();
    let total = found["total"]["value"].as_f64().unwrap();
    assert!((total / exact - 1.0).abs() < 0.05, "{total}, not {exact}");
    let tested = &found["accuracy"]["backtest"];
    assert!(tested["errorPct"].as_f64().unwrap() < 15.0, "{tested}");
    insta::assert_json_snapshot!("cost_forecast", shape(&found));
}

#[test]
fn a_history_of_a_few_days_is_reported_as_too_short() {
    let app = TestApp::start();
    assert_eq!(forecast(&app, "")["status"], "not_enough_data");
    sent(&app, &days_before_today(13));
    let found = forecast(&app, "");
    assert_eq!(
        (&found["status"], &found["total"]),
        (&json!("not_enough_data"), &Value::Null)
    );
    assert_eq!(found["forecast"], json!([]));
    assert_eq!(found["history"]["days"], 13);
    sent(&app, &days_before_today(20)[..7]);
    let found = forecast(&app, "days=7");
    assert_eq!(
        (&found["status"], &found["history"]["days"]),
        (&json!("short_history"), &json!(20))
    );
    assert_eq!(found["accuracy"]["backtest"], Value::Null);
    assert_eq!(found["forecast"].as_array().unwrap().len(), 7);
}

#[test]
fn credits_are_forecast_like_dollars_and_within_the_filter() {
    let app = TestApp::start();
    sent(&app, &days_before_today(60));
    let found = forecast(&app, "metric=credits&days=10&workflowId=daily");
    assert_money(&found["total"]["value"], 20.0, "credits");
    assert_money(&found["total"]["upper"], 20.0, "constant spending");
    let other = forecast(&app, "workflowId=other");
    assert_eq!(other["status"], "not_enough_data");
}
