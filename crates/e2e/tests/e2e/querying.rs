//! `POST /api/v1/query`: errors, time zones, comparisons and caching.

use serde_json::{Value, json};
use weir_e2e::{TestApp, counts, events::execution};

use crate::orders;

fn filled() -> TestApp {
    let app = TestApp::start();
    app.take(&orders::events());
    app
}

#[test]
fn an_error_names_the_place_and_suggests_the_nearest_valid_word() {
    let app = TestApp::start();
    let all = json!({"all": true});
    for (query, code, field, fix) in [
        (
            json!({"metrics": ["execution"], "range": all}),
            "unknown_metric",
            "metrics[0]",
            "executions",
        ),
        (
            json!({"metrics": ["executions"], "dimensions": ["workflw"], "range": all}),
            "unknown_dimension",
            "dimensions[0]",
            "workflow",
        ),
        (
            json!({"metrics": ["executions"], "range": all, "granularity": "days"}),
            "unknown_granularity",
            "granularity",
            "day",
        ),
        (
            json!({"metrics": ["executions"], "range": all, "timezone": "Europe/Amsterdm"}),
            "unknown_time_zone",
            "timezone",
            "Europe/Amsterdam",
        ),
        (
            json!({"metrics": ["executions"], "range": {"last": "30"}}),
            "invalid_range",
            "range.last",
            "30d",
        ),
        (
            json!({"metrics": ["executions"], "range": {"from": "2024-01-01", "to": "2024-02-01T00:00:00Z"}}),
            "invalid_time",
            "range.from",
            "Z",
        ),
        (
            json!({"metrics": ["executions"], "range": {"from": "2024-02-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}}),
            "reversed_range",
            "range.to",
            "later",
        ),
        (
            json!({"metrics": [], "range": all}),
            "missing_metric",
            "metrics",
            "executions",
        ),
        (
            json!({"metrics": ["executions"], "dimensions": ["step"], "range": all}),
            "dimension_not_available",
            "dimensions[0]",
            "workflow",
        ),
        (
            json!({"metrics": ["executions"], "range": all, "compare": "previous"}),
            "unknown_comparison",
            "compare",
            "previous_",
        ),
        (
            json!({"metrics": ["executions"], "range": all, "limit": 0}),
            "invalid_limit",
            "limit",
            "1 to",
        ),
    ] {
        let answer = app.client().post("/api/v1/query").json(&query).send();
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!(code), &json!(field)),
            "{query}"
        );
        let given = problem["fix"].as_str().unwrap_or_default();
        assert!(given.contains(fix), "{query}: {problem}");
    }
}

#[test]
fn an_unknown_field_of_a_query_is_refused() {
    let app = TestApp::start();
    let query = json!({"metrics": ["executions"], "range": {"all": true}, "granularty": "day"});
    let answer = app.client().post("/api/v1/query").json(&query).send();
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "invalid_parameter")
    );
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("granularty")
    );
}

#[test]
fn days_begin_at_midnight_in_the_zone_even_when_clocks_change() {
    let app = TestApp::start();
    // Clocks in Amsterdam go forward on 31 March 2024 at 01:00Z.
    let times = [
        "2024-03-30T22:30:00Z",
        "2024-03-30T23:30:00Z",
        "2024-03-31T21:59:59Z",
        "2024-03-31T22:30:00Z",
    ];
    let events = times.map(|time| execution("night", time, "completed", time));
    app.take(&json!(events));
    for (zone, expected) in [
        (
            "UTC",
            [("2024-03-30T00:00:00Z", 2), ("2024-03-31T00:00:00Z", 2)].as_slice(),
        ),
        (
            "Europe/Amsterdam",
            &[
                ("2024-03-30T00:00:00+01:00", 1),
                ("2024-03-31T00:00:00+01:00", 2),
                ("2024-04-01T00:00:00+02:00", 1),
            ],
        ),
        (
            "Asia/Kathmandu",
            &[
                ("2024-03-31T00:00:00+05:45", 2),
                ("2024-04-01T00:00:00+05:45", 2),
            ],
        ),
    ] {
        let answer = app.query(&json!({
            "metrics": ["executions"], "granularity": "day", "timezone": zone, "range": {"all": true},
        }));
        let expected = expected
            .iter()
            .map(|&(time, count)| (time.to_owned(), count))
            .collect();
        assert_eq!(counts(&answer, "time", "executions"), expected, "{zone}");
    }
}

#[test]
fn a_day_is_compared_with_the_day_before() {
    let app = filled();
    let answer = app.query(&json!({
        "metrics": ["executions", "success_rate"], "dimensions": ["workflow"],
        "range": {"from": "2024-03-05T00:00:00Z", "to": "2024-03-06T00:00:00Z"},
        "compare": "previous_period",
    }));
    assert_eq!(
        answer["query"]["comparisonRange"],
        json!({"from": "2024-03-04T00:00:00Z", "to": "2024-03-05T00:00:00Z"})
    );
    let row = |workflow, executions, rate: Value| json!({"workflow": workflow, "executions": executions, "success_rate": rate});
    assert_eq!(
        answer["rows"],
        json!([row("orders", 5, json!(50)), row("invoices", 2, json!(100))])
    );
    let previous = answer["comparison"].as_array().unwrap();
    assert_eq!(previous[0]["executions"], 3);
    assert_eq!(previous[1], row("invoices", 0, Value::Null));
    assert_eq!(answer["labels"]["workflow"]["orders"], "Orders");
}

#[test]
fn a_repeated_query_is_answered_from_the_cache_until_the_next_commit() {
    let app = filled();
    let query = json!({"metrics": ["executions"], "range": {"all": true}});
    let ask = || {
        let answer = app.query(&query);
        (
            answer["rows"][0]["executions"].clone(),
            answer["meta"]["cached"].clone(),
        )
    };
    assert_eq!(ask(), (json!(10), json!(false)));
    assert_eq!(ask(), (json!(10), json!(true)));
    let fresh = app.client().post("/api/v1/query").json(&query);
    let fresh = fresh.header("cache-control", "no-cache").send().json();
    assert_eq!(fresh["meta"]["cached"], false);
    app.take(&execution(
        "orders",
        "o9",
        "completed",
        "2024-03-05T15:00:00Z",
    ));
    assert_eq!(ask(), (json!(11), json!(false)));
}

#[test]
fn a_view_with_a_matching_etag_is_not_sent_again() {
    let app = filled();
    let path = format!("/api/v1/analytics/executions/summary?{}", orders::RANGE);
    let first = app.get(&path);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = |tag: &str| app.client().get(&path).header("if-none-match", tag).send();
    let same = again(&tag);
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(same.header("etag"), tag);
    assert_eq!(again("W/\"other\"").status, 200);
    app.take(&execution(
        "orders",
        "o9",
        "completed",
        "2024-03-05T15:00:00Z",
    ));
    let changed = again(&tag);
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()["current"]["totalExecutions"], 11);
    assert_ne!(changed.header("etag"), tag);
}

#[test]
fn an_answer_states_its_metadata() {
    let app = filled();
    let answer = app.query(&json!({
        "metrics": ["executions", "users", "cost"], "range": {"all": true}, "granularity": "auto",
    }));
    assert_eq!(answer["query"]["timezone"], "UTC");
    assert!(
        answer["query"]["granularity"].is_string(),
        "{}",
        answer["query"]
    );
    let completeness = &answer["meta"]["completeness"];
    assert_eq!(completeness["newestEvent"], "2024-03-05T14:00:00Z");
    let source = &completeness["sources"][0];
    assert_eq!(
        (&source["source"], &source["events"]),
        (&json!("http"), &json!(18))
    );
    assert!(answer["meta"]["elapsedMs"].as_f64().unwrap() > 0.0);
    assert!(answer["meta"]["rowsRead"].as_u64().unwrap() > 0);
}
