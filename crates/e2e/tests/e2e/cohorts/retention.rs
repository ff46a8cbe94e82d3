//! Retention of users.

use std::time::Duration;

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::now, until};

use super::{act, post, posted};
use crate::views::steady;

const DAY: i64 = 86_400_000;

/// Three users begin on Monday, 4 March 2024: Ada returns on day 1, Grace on day 5, Linus never.
fn three() -> TestApp {
    let app = TestApp::start();
    app.take(&json!([
        act("ada", "2024-03-04T09:00:00Z", "login"),
        act("grace", "2024-03-04T10:00:00Z", "login"),
        act("linus", "2024-03-04T11:00:00Z", "login"),
        act("ada", "2024-03-05T08:00:00Z", "edit"),
        act("grace", "2024-03-09T12:00:00Z", "edit"),
    ]));
    app
}

const MONDAY: [&str; 2] = ["2024-03-04T00:00:00Z", "2024-03-05T00:00:00Z"];

fn asked(more: Value) -> Value {
    let mut body = json!({"range": {"from": MONDAY[0], "to": MONDAY[1]}, "periods": 6});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The percentages of a cohort, truncated to whole numbers; -1 if the period has not begun.
fn percents(cohort: &Value) -> Vec<i64> {
    let cells = cohort["cells"].as_array().unwrap().iter();
    cells
        .map(|cell| cell["percent"].as_f64().map_or(-1, |p| p as i64))
        .collect()
}

#[test]
fn n_day_and_unbounded_retention_match_tables_worked_out_by_hand() {
    let app = three();
    let n_day = posted(&app, "retention", &asked(json!({"mode": "n_day"})));
    assert_eq!(n_day["cohorts"].as_array().unwrap().len(), 1);
    assert_eq!(n_day["cohorts"][0]["size"], 3);
    assert_eq!(percents(&n_day["cohorts"][0]), [100, 33, 0, 0, 0, 33, 0]);
    let unbounded = posted(&app, "retention", &asked(json!({"mode": "unbounded"})));
    assert_eq!(
        percents(&unbounded["cohorts"][0]),
        [100, 66, 33, 33, 33, 33, 0]
    );
    insta::assert_json_snapshot!("retention", steady(unbounded));
}

#[test]
fn a_table_is_cached_and_computed_again_on_request() {
    let app = three();
    let question = asked(json!({"mode": "n_day"}));
    let ask = |path: &str| {
        let mut found = posted(&app, path, &question);
        (found["meta"]["cached"].take(), found["cohorts"].take())
    };
    let (cached, table) = ask("retention");
    assert_eq!(cached, false);
    // If a minute begins in between, it is computed once more.
    let again = until("a cached answer", Duration::from_secs(30), || {
        let (cached, table) = ask("retention");
        (cached == true).then_some(table)
    });
    assert_eq!(again, table);
    assert_eq!(ask("retention?refresh=true"), (json!(false), table));
}

#[test]
fn brackets_combine_periods() {
    let app = three();
    let brackets = json!({"mode": "bracket", "brackets": [[0, 0], [1, 4], [5, 6], [7, 13]]});
    let found = posted(&app, "retention", &asked(brackets));
    assert_eq!(percents(&found["cohorts"][0]), [100, 33, 33, 0]);
}

#[test]
fn rolling_periods_begin_at_each_members_own_moment() {
    let app = three();
    // Ada returned after 23 hours: in her first 24 hours, not in the second.
    let rolling = posted(&app, "retention", &asked(json!({"window": "rolling"})));
    assert_eq!(percents(&rolling["cohorts"][0]), [100, 0, 0, 0, 0, 33, 0]);
    let only_back = json!({"window": "rolling", "return": {"event": "activity",
        "filters": [{"dimension": "action", "values": ["edit"]}]}});
    let found = posted(&app, "retention", &asked(only_back));
    assert_eq!(percents(&found["cohorts"][0]), [33, 0, 0, 0, 0, 33, 0]);
}

#[test]
fn a_member_belongs_to_the_cohort_of_its_first_beginning_or_of_each_one() {
    let app = three();
    let week = json!({"range": {"from": MONDAY[0], "to": "2024-03-11T00:00:00Z"}, "periods": 1});
    let sizes = |entry: &str| -> Vec<u64> {
        let mut body = week.clone();
        body["entry"] = entry.into();
        let found = posted(&app, "retention", &body);
        let cohorts = found["cohorts"].as_array().unwrap().iter();
        cohorts
            .map(|cohort| cohort["size"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(sizes("first"), [3, 0, 0, 0, 0, 0, 0]);
    assert_eq!(sizes("every"), [3, 1, 0, 0, 0, 1, 0]);
    // Users who began before the range are in none of its first cohorts.
    let later = json!({"range": {"from": MONDAY[1], "to": "2024-03-11T00:00:00Z"}, "periods": 1});
    let found = posted(&app, "retention", &later);
    assert!(
        found["cohorts"]
            .as_array()
            .unwrap()
            .iter()
            .all(|cohort| cohort["size"] == 0)
    );
}

#[test]
fn days_are_those_of_the_zone_even_when_clocks_change() {
    let app = TestApp::start();
    // Daylight saving time begins in New York on Sunday, 10 March 2024: that day has 23 hours.
    app.take(&json!([
        act("ada", "2024-03-09T23:30:00-05:00", "login"),
        act("ada", "2024-03-10T23:30:00-04:00", "login"),
        act("ada", "2024-03-12T00:15:00-04:00", "login"),
    ]));
    let body = json!({"range": {"from": "2024-03-09T05:00:00Z", "to": "2024-03-10T05:00:00Z"},
        "timezone": "America/New_York", "periods": 4});
    let found = posted(&app, "retention", &body);
    assert_eq!(found["cohorts"][0]["cohort"], "2024-03-09T00:00:00-05:00");
    assert_eq!(percents(&found["cohorts"][0]), [100, 100, 0, 100, 0]);
}

#[test]
fn weeks_begin_on_monday() {
    let app = TestApp::start();
    app.take(&json!([
        act("ada", "2024-03-10T23:00:00Z", "login"),
        act("ada", "2024-03-11T01:00:00Z", "login"),
    ]));
    let body = json!({"range": {"from": "2024-03-04T00:00:00Z", "to": "2024-03-11T00:00:00Z"},
        "granularity": "week", "periods": 2});
    let found = posted(&app, "retention", &body);
    assert_eq!(found["cohorts"][0]["cohort"], "2024-03-04T00:00:00Z");
    assert_eq!(percents(&found["cohorts"][0]), [100, 100, 0]);
}

#[test]
fn open_periods_are_marked_and_future_ones_are_empty() {
    let app = TestApp::start();
    let today = now() / DAY * DAY;
    app.take(&json!([
        act("ada", today - 2 * DAY + 1, "login"),
        act("ada", now() - 1, "login"),
    ]));
    let found = posted(
        &app,
        "retention",
        &json!({"range": {"last": "3d"}, "periods": 4}),
    );
    let cohorts = found["cohorts"].as_array().unwrap();
    assert_eq!(cohorts.len(), 3);
    let cell = |cohort: usize, period: usize| &cohorts[cohort]["cells"][period];
    assert_eq!(
        (&cell(0, 1)["open"], &cell(0, 1)["percent"]),
        (&json!(false), &json!(0.0))
    );
    // Today is not over, so its figure can still rise and is not part of the total.
    assert_eq!(
        (&cell(0, 2)["open"], &cell(0, 2)["percent"]),
        (&json!(true), &json!(100.0))
    );
    assert_eq!(cell(0, 3), &Value::Null);
    assert_eq!(found["totals"][2]["cohorts"], 0);
    assert_eq!(found["totals"][1]["percent"], 0.0);
}

#[test]
fn workflows_return_by_their_executions() {
    let app = TestApp::start();
    let run = |workflow: &str, id: &str, time: &str| {
        json!({"type": "execution", "workflowId": workflow, "executionId": id,
            "status": "completed", "timestamp": time})
    };
    app.take(&json!([
        run("orders", "o1", "2024-03-04T09:00:00Z"),
        run("orders", "o2", "2024-03-06T09:00:00Z"),
        run("invoices", "i1", "2024-03-04T10:00:00Z"),
    ]));
    let found = posted(
        &app,
        "retention",
        &asked(json!({"of": "workflows", "periods": 3})),
    );
    assert_eq!(percents(&found["cohorts"][0]), [100, 0, 50, 0]);
}

#[test]
fn the_error_for_an_invalid_request_names_the_field() {
    let app = three();
    for (body, code, field) in [
        (
            json!({"granularity": "hour"}),
            "invalid_parameter",
            "granularity",
        ),
        (
            json!({"granularity": "dya"}),
            "unknown_granularity",
            "granularity",
        ),
        (json!({"periods": 1000}), "invalid_parameter", "periods"),
        (
            json!({"mode": "bracket", "brackets": [[3, 1]]}),
            "invalid_parameter",
            "brackets",
        ),
        (
            json!({"start": {"event": "activity", "filters": [{"dimension": "actoin", "values": ["x"]}]}}),
            "unknown_dimension",
            "filters[0].dimension",
        ),
        (
            json!({"start": {"event": "queue"}}),
            "dimension_not_available",
            "dimensions[0]",
        ),
        (
            json!({"range": {"last": "30"}}),
            "invalid_range",
            "range.last",
        ),
        (
            json!({"range": {"last": "5000d"}}),
            "invalid_parameter",
            "range",
        ),
        (json!({"segmentId": "no-such"}), "not_found", "segmentId"),
    ] {
        let answer = post(&app, "retention", &body);
        let status = if code == "not_found" { 404 } else { 400 };
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{body}: {}",
            answer.text()
        );
        assert_eq!(answer.json()["field"], field, "{body}");
    }
    let unknown = post(&app, "retention", &json!({"start": {"event": "activty"}}));
    assert_eq!(unknown.status, 400);
    assert!(unknown.text().contains("activity"), "{}", unknown.text());
}
