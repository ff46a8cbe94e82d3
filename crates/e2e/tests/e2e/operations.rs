//! For operators and developers: health, metrics, the API description, errors.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{TestApp, repository};

use crate::orders;

#[test]
fn health_checks_need_no_key() {
    let app = TestApp::start();
    let stranger = app.client().with_key(None);
    for (path, body) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = stranger.get(path).send();
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, body),
            "{path}"
        );
    }
}

/// The samples of `/metrics` by name and labels.
fn samples(app: &TestApp) -> BTreeMap<String, f64> {
    let answer = app.client().with_key(None).get("/metrics").send();
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[test]
fn metrics_count_what_the_server_does() {
    let app = TestApp::start();
    let before = samples(&app);
    app.take(&orders::events());
    app.post_events(&orders::events());
    app.post_events(&json!({"type": "nonsense"}));
    app.query(&json!({"metrics": ["executions"], "range": {"all": true}}));
    app.query(&json!({"metrics": ["executions"], "range": {"all": true}}));
    let after = samples(&app);
    for (name, moved) in [
        ("weir_events_total{outcome=\"accepted\"}", 18.0),
        ("weir_events_total{outcome=\"duplicate\"}", 18.0),
        ("weir_events_total{outcome=\"rejected\"}", 1.0),
        ("weir_queries_total{outcome=\"computed\"}", 1.0),
        ("weir_queries_total{outcome=\"cached\"}", 1.0),
        ("weir_query_cache_hits_total", 1.0),
        ("weir_query_cache_misses_total", 1.0),
        ("weir_query_cache_hit_ratio", 0.5),
        ("weir_store_events_total", 18.0),
        ("weir_store_duplicates_total", 18.0),
        ("weir_store_open_executions", 2.0),
        (
            "weir_http_requests_total{method=\"POST\",route=\"/api/v1/events\",status=\"200\"}",
            2.0,
        ),
        (
            "weir_http_requests_total{method=\"POST\",route=\"/api/v1/events\",status=\"422\"}",
            1.0,
        ),
    ] {
        let value = |samples: &BTreeMap<String, f64>| samples.get(name).copied().unwrap_or(0.0);
        assert_eq!(value(&after) - value(&before), moved, "{name}");
    }
}

#[test]
fn a_refresh_bypasses_the_cache_in_every_kind_of_request() {
    let app = TestApp::start();
    app.take(&orders::events());
    let summary = format!("/api/v1/analytics/executions/summary?{}", orders::RANGE);
    let cached = |path: &str| app.get(path).json()["meta"]["cached"].clone();
    assert_eq!(cached(&summary), false);
    assert_eq!(cached(&summary), true);
    assert_eq!(cached(&format!("{summary}&refresh=true")), false);
    assert_eq!(cached(&format!("{summary}&refresh=false")), true);
    let refreshed = app
        .client()
        .get(&summary)
        .header("cache-control", "no-cache");
    assert_eq!(refreshed.send().json()["meta"]["cached"], false);
    let query = json!({"metrics": ["executions"], "range": {"all": true}});
    for (path, expected) in [
        ("/api/v1/query", false),
        ("/api/v1/query", true),
        ("/api/v1/query?refresh=true", false),
        ("/api/v1/query", true),
    ] {
        let answer = app.client().post(path).json(&query).send().json();
        assert_eq!(answer["meta"]["cached"], expected, "{path}");
    }
    let refreshes = samples(&app)["weir_query_cache_refreshes_total"];
    assert_eq!(refreshes, 3.0);
}

#[test]
fn the_served_api_description_is_the_committed_document() {
    let app = TestApp::start();
    let answer = app.client().with_key(None).get("/openapi.json").send();
    assert_eq!(answer.status, 200);
    let committed = fs::read_to_string(repository().join("openapi.json")).unwrap();
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert!(
        answer.json() == committed,
        "openapi.json differs from what the server serves"
    );
    let reference = app.client().with_key(None).get("/reference").send();
    assert!(reference.header("content-type").starts_with("text/html"));
}

#[test]
fn everything_in_the_catalogue_can_be_queried() {
    let app = TestApp::start();
    app.take(&orders::events());
    let catalogue = app.get("/api/v1/catalog").json();
    let metrics = catalogue["metrics"].as_array().unwrap();
    assert!(metrics.len() >= 40, "{} metrics", metrics.len());
    for metric in metrics {
        for field in [
            "name",
            "label",
            "unit",
            "description",
            "family",
            "goodDirection",
        ] {
            assert!(metric[field].is_string(), "{field} of {metric}");
        }
        let dimension = &metric["dimensions"][0];
        let answer = app.query(&json!({
            "metrics": [metric["name"]], "dimensions": [dimension], "range": {"all": true},
        }));
        assert!(answer["rows"].is_array(), "{metric}");
    }
    let words: Vec<_> = catalogue["granularities"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(
        words,
        [
            "minute",
            "five_minutes",
            "half_hour",
            "hour",
            "half_day",
            "day",
            "week",
            "month"
        ]
    );
    let dimensions = catalogue["dimensions"].as_array().unwrap();
    assert!(
        dimensions
            .iter()
            .any(|dimension| dimension["name"] == "trigger_type")
    );
}

#[test]
fn every_error_is_a_problem_with_a_code_and_the_request_id() {
    let app = TestApp::start();
    let client = app.client();
    let stranger = client.with_key(None);
    let calls = [
        (client.get("/api/v1/nothing"), 404, "not_found"),
        (client.get("/api/v1/query"), 405, "method_not_allowed"),
        (stranger.get("/api/v1/catalog"), 401, "unauthenticated"),
        (
            client.get("/api/v1/analytics/executions?granularty=day"),
            400,
            "invalid_parameter",
        ),
        (
            client.call(Method::DELETE, "/api/v1/events"),
            405,
            "method_not_allowed",
        ),
    ];
    for (call, status, code) in calls {
        let answer = call.header("x-request-id", "e2e-request.1").send();
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("x-request-id"), "e2e-request.1");
        let problem = answer.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["type"], format!("urn:weir:problem:{code}"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["requestId"], "e2e-request.1");
        for field in ["title", "detail"] {
            assert!(
                !problem[field].as_str().unwrap().is_empty(),
                "{field}: {problem}"
            );
        }
    }
}

#[test]
fn a_project_reports_the_time_that_its_data_covers() {
    let app = TestApp::start();
    let project = || app.get("/api/v1/projects").json()["projects"][0].clone();
    let empty = project();
    assert_eq!(empty["name"], "Default");
    assert!(
        empty["firstEvent"].is_null() && empty["newestEvent"].is_null(),
        "{empty}"
    );
    app.take(&orders::events());
    let filled = project();
    let shown = |field: &str| filled[field].as_str().unwrap_or_default()[..19].to_owned();
    assert_eq!(shown("firstEvent"), "2024-03-04T09:59:59");
    assert_eq!(shown("newestEvent"), "2024-03-05T14:00:00");
    assert_eq!(filled["environments"], json!(["production"]));
    assert_eq!(filled["id"], empty["id"]);
}
