//! A range means the same everywhere: all parts of a page agree exactly, and print what they cover.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{self, execution, with},
};

use crate::live;

const HOUR: i64 = 3_600_000;

/// Where an answer contains a figure and the range that it covers.
struct Place {
    path: &'static str,
    count: &'static str,
    range: &'static str,
}

const PLACES: [Place; 13] = [
    place(
        "/api/v1/analytics/executions/summary?",
        "/current/totalExecutions",
        "/range",
    ),
    place(
        "/api/v1/analytics/workflows/w/performance?",
        "/current/totalExecutions",
        "/range",
    ),
    place(
        "/api/v1/workflows/w/analytics?",
        "/summary/enrolled",
        "/range",
    ),
    place(
        "/api/v1/workflows/w/analytics/funnel?steps=enrolled,completed&",
        "/enrolled",
        "/range",
    ),
    place("/api/v1/observability/kpis?", "/total_executions", ""),
    place(
        "/api/v1/observability/overview?",
        "/kpis/total_executions",
        "/kpis",
    ),
    place(
        "/api/v1/observability/overview?",
        "/workflows/workflows/0/total_executions",
        "/workflows",
    ),
    place(
        "/api/v1/observability/workflows?",
        "/workflows/0/total_executions",
        "",
    ),
    place(
        "/api/v1/observability/environments?",
        "/environments/0/total_executions",
        "",
    ),
    place(
        "/api/v1/observability/status?",
        "/figures/total_executions",
        "",
    ),
    place(
        "/api/v1/analytics/workflows/rankings?",
        "/rankings/0/totalExecutions",
        "/range",
    ),
    place("/api/v1/analytics/costs?", "/current/executions", "/range"),
    place(
        "/analytics/workflows?",
        "/workflow_executions/total",
        "/range",
    ),
];

const fn place(path: &'static str, count: &'static str, range: &'static str) -> Place {
    Place { path, count, range }
}

fn at<'a>(found: &'a Value, pointer: &str, path: &str) -> &'a Value {
    let value = found.pointer(pointer);
    value.unwrap_or_else(|| panic!("{path} has no {pointer}: {found}"))
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn range_of(found: &Value) -> (Value, Value) {
    (found["from"].clone(), found["to"].clone())
}

fn sum(rows: &Value, column: &str) -> u64 {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[column].as_u64().unwrap()).sum()
}

/// The answer to a query over a range in a zone, by a granularity or without.
fn asked(app: &TestApp, last: &str, zone: &str, granularity: Option<&str>) -> Value {
    let mut query = json!({"metrics": ["executions"], "range": {"last": last}, "timezone": zone});
    if let Some(granularity) = granularity {
        query["granularity"] = granularity.into();
    }
    app.query(&query)
}

/// An execution a minute before and one a minute after the beginning of the last 30 days, and one now.
fn at_the_edge(app: &TestApp, zone: &str) {
    let first = asked(app, "30d", zone, None)["query"]["range"]["from"].clone();
    let first: jiff::Timestamp = first.as_str().unwrap().parse().unwrap();
    let first = first.as_millisecond();
    let runs = [first - 60_000, first + 60_000, events::now() - 1_000];
    let runs: Vec<Value> = runs
        .iter()
        .enumerate()
        .map(|(i, moment)| {
            let run = execution("w", &format!("r{i}"), "completed", "");
            with(
                run,
                json!({"timestamp": moment, "duration": 5, "environment": "production"}),
            )
        })
        .collect();
    app.take(&runs.into());
}

#[test]
fn thirty_days_are_the_same_days_in_every_answer_and_each_prints_them() {
    for zone in ["UTC", "Pacific/Auckland"] {
        let app = TestApp::start();
        at_the_edge(&app, zone);
        let expected = range_of(&asked(&app, "30d", zone, None)["query"]["range"]);
        for granularity in [None, Some("hour"), Some("day"), Some("week"), Some("auto")] {
            let found = asked(&app, "30d", zone, granularity);
            assert_eq!(sum(&found["rows"], "executions"), 2, "{granularity:?}");
            assert_eq!(
                range_of(&found["query"]["range"]),
                expected,
                "{granularity:?}"
            );
        }
        for Place { path, count, range } in PLACES {
            let found = get(&app, &format!("{path}last=30d&timezone={zone}"));
            assert_eq!(at(&found, count, path), 2, "{zone} {path}");
            assert_eq!(range_of(at(&found, range, path)), expected, "{zone} {path}");
        }
        let list = get(
            &app,
            &format!("/api/v1/executions?last=30d&timezone={zone}"),
        );
        assert_eq!(list["executions"].as_array().unwrap().len(), 2, "{zone}");
        assert_eq!(range_of(&list["range"]), expected, "{zone}");
        let series = get(
            &app,
            &format!("/api/v1/analytics/executions?last=30d&timezone={zone}"),
        );
        assert_eq!(sum(&series["data"], "totalExecutions"), 2, "{zone}");
        assert_eq!(series["data"].as_array().unwrap().len(), 30, "{zone}");
        // Service levels have days too.
        let levels = get(
            &app,
            &format!("/api/workflow-analytics/sli?window=30d&timezone={zone}"),
        );
        let current = &levels["current"];
        assert_eq!(
            (&current["totalRuns"], &current["windowStart"]),
            (&json!(2), &expected.0)
        );
        let path = format!("{}?last=30d&timezone={zone}", live::path(&app));
        let counts = app.client().get(&path).header("accept", "application/json");
        let counts = counts.send().json();
        assert_eq!(range_of(&counts["counts"]["range"]), expected, "{zone}");
    }
}

#[test]
fn a_query_with_the_printed_range_gives_the_same_answer() {
    let app = TestApp::start();
    at_the_edge(&app, "UTC");
    for last in ["7d", "30d", "24h", "2w"] {
        let query = json!({"metrics": ["executions"], "range": {"last": last}, "granularity": "hour",
            "compare": "previous_period"});
        let relative = app.query(&query);
        let mut fixed = query.clone();
        fixed["range"] = relative["query"]["range"].clone();
        let fixed = app.query(&fixed);
        for part in ["comparison", "query"] {
            assert_eq!(relative[part], fixed[part], "{last} {part}");
        }
        // An explicit end adds rows for every bucket up to it, even those that have not begun.
        let [relative, fixed] = [&relative, &fixed].map(|found| found["rows"].as_array().unwrap());
        let (begun, to_come) = fixed.split_at(relative.len());
        assert_eq!(relative, begun, "{last}");
        assert!(to_come.iter().all(|row| row["executions"] == 0), "{last}");
    }
}

#[test]
fn buckets_that_have_not_begun_have_no_row_and_the_chart_adds_up_to_the_figure() {
    let app = TestApp::start();
    at_the_edge(&app, "UTC");
    let found = asked(&app, "7d", "UTC", Some("hour"));
    let rows = found["rows"].as_array().unwrap();
    let last: jiff::Timestamp = rows.last().unwrap()["time"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let now = events::now();
    assert!(
        (now - 2 * HOUR..=now).contains(&last.as_millisecond()),
        "{last}"
    );
    assert!(
        rows.len() > 6 * 24 && rows.len() <= 7 * 24,
        "{}",
        rows.len()
    );
    assert_eq!(sum(&found["rows"], "executions"), 1);
}

#[test]
fn the_period_before_a_whole_month_is_the_month_before_it() {
    let app = TestApp::start();
    let run = |id: &str, day: &str| execution("w", id, "completed", &format!("{day}T12:00:00Z"));
    app.take(&json!([
        run("a", "2024-01-31"),
        run("b", "2024-02-01"),
        run("c", "2024-02-29"),
        run("d", "2024-03-01"),
    ]));
    // March has 31 days and the month before it 29: exactly February counts.
    let cases = [
        ("2024-03-01", "2024-04-01", "2024-02-01", 2),
        // Quarter and year.
        ("2024-01-01", "2024-04-01", "2023-10-01", 0),
        ("2024-01-01", "2025-01-01", "2023-01-01", 0),
        // Any other range: one of the same length.
        ("2024-03-01", "2024-03-11", "2024-02-20", 1),
        ("2024-02-02", "2024-03-02", "2024-01-04", 2),
    ];
    for (from, to, before, count) in cases {
        let range = format!("from={from}T00:00:00Z&to={to}T00:00:00Z");
        let expected = (
            json!(format!("{before}T00:00:00Z")),
            json!(format!("{from}T00:00:00Z")),
        );
        let found = get(
            &app,
            &format!("/api/v1/analytics/executions/summary?{range}"),
        );
        assert_eq!(range_of(&found["previousRange"]), expected, "{from}");
        assert_eq!(found["previous"]["totalExecutions"], count, "{from}");
        let found = get(&app, &format!("/api/v1/observability/kpis?{range}"));
        assert_eq!(range_of(&found["previous_range"]), expected, "{from}");
        for granularity in ["day", "week", "month"] {
            let query = json!({"metrics": ["executions"], "granularity": granularity, "compare": "previous_period",
                "range": {"from": format!("{from}T00:00:00Z"), "to": format!("{to}T00:00:00Z")}});
            let found = app.query(&query);
            assert_eq!(
                range_of(&found["query"]["comparisonRange"]),
                expected,
                "{from} {granularity}"
            );
            assert_eq!(
                sum(&found["comparison"], "executions"),
                count,
                "{from} {granularity}"
            );
        }
    }
}

#[test]
fn the_parts_of_an_overview_state_the_requested_length() {
    let app = TestApp::start();
    app.take(&with(
        execution("w", "1", "completed", ""),
        json!({"timestamp": events::now() - 1_000}),
    ));
    for (query, expected) in [
        ("time_range=30d", json!("30d")),
        ("last=7d", json!("7d")),
        ("", json!("24h")),
        (
            "from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z",
            Value::Null,
        ),
    ] {
        let found = get(&app, &format!("/api/v1/observability/overview?{query}"));
        assert_eq!(found["time_range"], expected, "{query}");
        for part in ["kpis", "workflows", "environments", "status"] {
            assert_eq!(found[part]["time_range"], expected, "{query} {part}");
            assert_eq!(range_of(&found[part]), range_of(&found), "{query} {part}");
        }
        let alone = get(&app, &format!("/api/v1/observability/kpis?{query}"));
        assert_eq!(alone["time_range"], expected, "{query}");
    }
}
