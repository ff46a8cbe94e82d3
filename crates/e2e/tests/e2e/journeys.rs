//! Enrolment, conversion, funnels and actions, with figures worked out by hand.

mod contacts;
mod funnels;
mod generated;
mod real;

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, now},
};

use crate::views::{shape, steady};
use contacts::{RANGE, WORKFLOW};

const HOUR: i64 = 3_600_000;

fn filled() -> TestApp {
    let app = TestApp::start();
    app.take(&contacts::events());
    app
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(&format!("/api/v1/workflows/{WORKFLOW}/analytics{path}"));
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// The numbers of an object, by name.
fn counts<const N: usize>(value: &Value, names: [&str; N]) -> [i64; N] {
    names.map(|name| {
        value[name]
            .as_i64()
            .unwrap_or_else(|| panic!("{name} is not a number: {value}"))
    })
}

/// One number of every item of an array.
fn column(items: &Value, name: &str) -> Vec<i64> {
    let items = items.as_array().expect("an array");
    items.iter().map(|item| counts(item, [name])[0]).collect()
}

const STANDING: [&str; 5] = ["enrolled", "active", "completed", "dropped", "converted"];

#[test]
fn enrolments_have_the_states_of_the_table() {
    let app = filled();
    let found = get(&app, &format!("?{RANGE}&granularity=daily"));
    let summary = &found["summary"];
    assert_eq!(counts(summary, STANDING), [7, 2, 3, 2, 2]);
    // c4 and c7, and c9, which was enrolled before.
    assert_eq!(summary["currently_active"], 3);
    assert_eq!(
        counts(summary, ["failed", "crashed", "canceled"]),
        [1, 0, 1]
    );
    assert_eq!(summary["completion_rate"], 60.0);
    assert_eq!(summary["drop_rate"], 40.0);
    let rate = summary["conversion_rate"].as_f64().unwrap();
    assert!((rate - 200.0 / 7.0).abs() < 1e-9, "{rate}");
    // 2 of 7: the bounds where the binomial tails are 2.5 %.
    let bounds = &summary["conversion_bounds"];
    let (low, high) = (bounds["low"].as_f64(), bounds["high"].as_f64());
    assert!((low.unwrap() - 3.669_257).abs() < 1e-5, "{bounds}");
    assert!((high.unwrap() - 70.957_91).abs() < 1e-5, "{bounds}");
    // 1, 2 and 4 hours; 3 and 11 hours.
    let complete = &summary["time_to_complete"];
    assert_eq!(
        counts(complete, ["count", "p50_ms", "max_ms"]),
        [3, 2 * HOUR, 4 * HOUR]
    );
    let convert = &summary["time_to_convert"];
    assert_eq!(
        counts(convert, ["count", "min_ms", "max_ms"]),
        [2, 3 * HOUR, 11 * HOUR]
    );
    assert_eq!(convert["avg_ms"], (7 * HOUR) as f64);
    // The two days before: c8 and c9.
    assert_eq!(found["previous_range"]["from"], "2024-03-02T00:00:00Z");
    assert_eq!(found["previous_range"]["to"], found["range"]["from"]);
    assert_eq!(counts(&found["previous"], STANDING), [2, 1, 1, 0, 0]);
    assert_eq!(found["previous"]["time_to_complete"]["max_ms"], 33 * HOUR);
    let days = found["series"].as_array().unwrap();
    assert_eq!(days.len(), 2);
    assert_eq!(counts(&days[0], STANDING), [3, 0, 2, 1, 1]);
    assert_eq!(counts(&days[1], STANDING), [4, 2, 1, 1, 1]);
    assert_eq!(
        found["goals"],
        json!([{"goal_id": "bought", "reached": 2, "value": 25.0}])
    );
    insta::assert_json_snapshot!("analytics", steady(found));
}

#[test]
fn a_subject_counts_once_however_often_it_is_enrolled() {
    let app = filled();
    let found = get(&app, &format!("?{RANGE}&unit=subject&granularity=weekly"));
    let summary = &found["summary"];
    // ann (completed, whatever happened to c5), ben, cyd, dan, eve; c7 has no subject.
    assert_eq!(counts(summary, STANDING), [5, 1, 3, 1, 2]);
    assert_eq!(summary["without_subject"], 1);
    // The week begins on Monday the 4th.
    assert_eq!(column(&found["series"], "enrolled"), [5]);
    assert_eq!(found["series"][0]["time"], "2024-03-04T00:00:00Z");
}

#[test]
fn an_execution_without_a_known_start_has_no_time_to_complete() {
    let app = TestApp::start();
    let ended = |id: &str, at: &str| execution("ends", id, "completed", at);
    let begun = |id: &str, at: &str| execution("ends", id, "started", at);
    let get = |query: &str| {
        let path = format!("/api/v1/workflows/ends/analytics{query}");
        app.get(&path).json()
    };
    app.take(&json!([
        ended("a", "2024-03-04T10:00:00Z"),
        ended("b", "2024-03-04T11:00:00Z")
    ]));
    let unknown = &get(&format!("?{RANGE}"))["summary"];
    assert_eq!(unknown["completed"], 2);
    let figures = &unknown["time_to_complete"];
    assert_eq!(figures["count"], 0, "{figures}");
    assert!(
        figures["avg_ms"].is_null() && figures["p50_ms"].is_null(),
        "{figures}"
    );
    app.take(&json!([
        begun("c", "2024-03-04T09:00:00Z"),
        ended("c", "2024-03-04T12:00:00Z")
    ]));
    let known = &get(&format!("?{RANGE}"))["summary"]["time_to_complete"];
    assert_eq!(
        (&known["count"], &known["avg_ms"]),
        (&json!(1), &json!((3 * HOUR) as f64))
    );
    let funnel = get(&format!("/funnel?{RANGE}&steps=enrolled,completed"));
    let step = &funnel["steps"][1];
    assert_eq!(step["reached"], 3, "{funnel}");
    assert_eq!(step["time_from_previous"]["count"], 1, "{funnel}");
    assert_eq!(step["time_from_previous"]["min_ms"], 3 * HOUR, "{funnel}");
}

#[test]
fn a_goal_counts_within_its_window_and_by_its_name() {
    let app = filled();
    for (parameters, converted) in [
        ("&window=3h", 1),
        ("&window=2h", 0),
        ("&window=11h", 2),
        ("&goal=bought", 2),
        ("&goal=other", 0),
        ("&goal=bought&window=3h&unit=subject", 1),
    ] {
        let found = get(&app, &format!("?{RANGE}{parameters}"));
        assert_eq!(found["summary"]["converted"], converted, "{parameters}");
    }
}

#[test]
fn a_range_can_consist_of_dates_and_hours_are_those_of_the_zone() {
    let app = filled();
    let dates = get(
        &app,
        "?start_date=2024-03-04&end_date=2024-03-05&granularity=hourly",
    );
    assert_eq!(dates["summary"]["enrolled"], 7);
    assert_eq!(dates["series"].as_array().unwrap().len(), 48);
    // Half past three in the morning in Kolkata is 22:00 UTC on the day before: the range includes c9 and c8.
    let kolkata =
        "?startDate=2024-03-04&endDate=2024-03-05&timezone=Asia/Kolkata&granularity=daily";
    let found = get(&app, kolkata);
    assert_eq!(column(&found["series"], "enrolled"), [5, 4]);
    assert_eq!(found["series"][0]["time"], "2024-03-04T00:00:00+05:30");
}

#[test]
fn actions_show_where_enrolments_stop() {
    let app = filled();
    let found = get(&app, &format!("/actions?{RANGE}"));
    let names = [
        "executions",
        "failed",
        "skipped",
        "reached",
        "last",
        "active",
        "dropped",
    ];
    let actions = found["actions"].as_array().unwrap();
    let table: Vec<_> = actions
        .iter()
        .map(|action| (action["action_id"].as_str().unwrap(), counts(action, names)))
        .collect();
    assert_eq!(
        table,
        [
            // c8 ran it too, but was enrolled before; c5 was canceled after it.
            ("mail", [8, 0, 0, 6, 1, 0, 1]),
            // c3 failed at it and c4 waits after it; c2 skipped it.
            ("call", [5, 1, 1, 4, 2, 1, 1]),
            ("offer", [3, 0, 0, 3, 3, 0, 0]),
        ]
    );
    assert_eq!(actions[1]["drop_off_rate"], 25.0);
    insta::assert_json_snapshot!("actions", steady(found));
}

#[test]
fn an_unknown_workflow_has_no_enrolments() {
    let app = filled();
    for path in ["", "/funnel", "/actions"] {
        let answer = app.get(&format!("/api/v1/workflows/nobody/analytics{path}?{RANGE}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["workflow_name"], Value::Null);
    }
    let found = app.get(&format!("/api/v1/workflows/nobody/analytics?{RANGE}"));
    let summary = found.json()["summary"].clone();
    assert_eq!(counts(&summary, STANDING), [0; 5]);
    assert_eq!(summary["conversion_rate"], Value::Null);
}

#[test]
fn answers_are_cached_until_the_next_commit_and_refresh_computes_them_again() {
    let app = filled();
    let path = format!("?{RANGE}");
    let cached = |path: &str| get(&app, path)["meta"]["cached"].clone();
    assert_eq!((cached(&path), cached(&path)), (json!(false), json!(true)));
    let funnel = format!("/funnel?{RANGE}&steps=enrolled,completed");
    assert_eq!(
        (cached(&funnel), cached(&funnel)),
        (json!(false), json!(true))
    );
    let refresh = || {
        let path = format!("/api/v1/workflows/{WORKFLOW}/analytics/refresh?{RANGE}");
        app.client().post(&path).send()
    };
    let refreshed = refresh();
    assert_eq!(refreshed.status, 200, "{}", refreshed.text());
    let refreshed = refreshed.json();
    assert_eq!(refreshed["meta"]["cached"], false);
    assert_eq!(counts(&refreshed["summary"], STANDING), [7, 2, 3, 2, 2]);
    insta::assert_json_snapshot!("refresh", shape(&refreshed));
    app.take(&execution(
        WORKFLOW,
        "c7",
        "completed",
        "2024-03-05T18:00:00Z",
    ));
    let tag = |answer: &weir_e2e::Answer| answer.header("etag").to_owned();
    let whole = format!("/api/v1/workflows/{WORKFLOW}/analytics{path}");
    let answer = app.get(&whole);
    assert_eq!(counts(&answer.json()["summary"], STANDING), [7, 1, 4, 2, 2]);
    let again = app
        .client()
        .get(&whole)
        .header("if-none-match", tag(&answer));
    assert_eq!(again.send().status, 304);
}

#[test]
fn a_key_with_only_the_ingest_scope_cannot_read_journeys() {
    let app = TestApp::with_own_keys();
    let ingest = app.client_with("ingest key");
    for path in ["", "/funnel", "/actions"] {
        let path = format!("/api/v1/workflows/w/analytics{path}");
        assert_eq!(ingest.get(&path).send().status, 403, "{path}");
    }
    let refused = ingest.post("/api/v1/workflows/w/analytics/refresh").send();
    assert_eq!(refused.status, 403);
    let reader = app.client_with("read key");
    assert_eq!(
        reader.get("/api/v1/workflows/w/analytics").send().status,
        200
    );
}

#[test]
fn ranges_up_to_the_present_work_with_any_buckets() {
    let app = TestApp::start();
    app.take(&json!({"type": "execution", "workflowId": WORKFLOW, "executionId": "1", "status": "started",
        "timestamp": now() - 1_000}));
    for last in ["30m", "1h", "24h", "1d", "2d", "7d", "8d", "30d", "90d"] {
        for buckets in ["", "&granularity=hourly", "&granularity=daily"] {
            let found = get(
                &app,
                &format!("?last={last}&timezone=Europe/Berlin{buckets}"),
            );
            assert_eq!(
                counts(&found["summary"], ["enrolled"]),
                [1],
                "{last}{buckets}"
            );
        }
        for path in ["/actions", "/funnel?steps=enrolled,completed"] {
            let sign = if path.contains('?') { '&' } else { '?' };
            get(&app, &format!("{path}{sign}last={last}"));
        }
    }
}
