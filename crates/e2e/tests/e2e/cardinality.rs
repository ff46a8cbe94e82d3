//! Many workflows, many users, many types of steps; odd ranges; unknown words.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::generated::START;

const WORKFLOWS: usize = 5_000;
const USERS: usize = 50_000;
const STEP_TYPES: usize = 2_000;
const DAY: &str = "from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z";

/// A run of every user within a day, each workflow ten times; a step of every type.
fn events() -> Vec<Value> {
    let run = |user: usize| {
        json!({"type": "execution", "workflowId": format!("w{}", user % WORKFLOWS), "userId": format!("u{user}"),
            "executionId": format!("r{user}"), "status": if user.is_multiple_of(7) { "failed" } else { "completed" },
            "duration": 1 + user % 900, "timestamp": START + (user as i64 * 1_700) % 86_400_000})
    };
    let step = |kind: usize| {
        json!({"type": "step", "workflowId": "w1", "executionId": "r1", "stepId": format!("s{kind}"),
            "stepType": format!("t{kind}"), "status": "completed", "duration": kind, "timestamp": START})
    };
    (0..USERS)
        .map(run)
        .chain((0..STEP_TYPES).map(step))
        .collect()
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[test]
fn thousands_of_workflows_users_and_step_types_are_counted_and_listed_in_pages() {
    let app = TestApp::start();
    let events = events();
    let answer = app.client().post("/api/v1/events").lines(&events).send();
    assert_eq!(answer.json()["accepted"], events.len());

    let by_workflow = get(
        &app,
        &format!("/api/v1/analytics/executions?{DAY}&granularity=day&groupBy=workflow"),
    );
    assert_eq!(by_workflow["meta"]["groups"], WORKFLOWS);
    assert_eq!(by_workflow["data"].as_array().unwrap().len(), 50);
    let by_user = get(
        &app,
        &format!("/api/v1/analytics/executions?{DAY}&granularity=day&groupBy=userId"),
    );
    assert_eq!(by_user["meta"]["groups"], USERS);
    let totals = app
        .query(&json!({"metrics": ["users", "workflows", "executions"], "range": {"all": true}}));
    let row = &totals["rows"][0];
    assert_eq!(
        (&row["users"], &row["workflows"], &row["executions"]),
        (&json!(USERS), &json!(WORKFLOWS), &json!(USERS))
    );

    let most = app.query(&json!({"metrics": ["executions"], "dimensions": ["user"], "range": {"all": true}, "limit": 10_000}));
    let rows = most["rows"].as_array().unwrap();
    let users: BTreeSet<_> = rows
        .iter()
        .map(|row| row["user"].as_str().unwrap())
        .collect();
    assert_eq!(
        (users.len(), &most["meta"]["groups"]),
        (10_000, &json!(USERS))
    );

    let nodes = get(&app, &format!("/analytics/nodes?{DAY}&limit=1000"));
    assert_eq!(
        (
            &nodes["total_node_types"],
            nodes["nodes"].as_array().unwrap().len()
        ),
        (&json!(STEP_TYPES), 1_000)
    );
    let slow = get(&app, &format!("/analytics/performance?{DAY}&limit=3"));
    assert_eq!(
        slow["performance"]["slowest_nodes"][0]["node_type"],
        "t1999"
    );
    let table = get(
        &app,
        &format!("/api/v1/observability/workflows?{DAY}&limit=500"),
    );
    assert_eq!(
        (
            &table["total_workflows"],
            table["workflows"].as_array().unwrap().len()
        ),
        (&json!(WORKFLOWS), 500)
    );
    let ranked = get(
        &app,
        &format!("/api/v1/analytics/workflows/rankings?{DAY}&by=failures&limit=100"),
    );
    assert_eq!(ranked["rankings"].as_array().unwrap().len(), 100);
    let one = get(&app, &format!("/api/v1/executions?{DAY}&userId=u49999"));
    assert_eq!(one["executions"][0]["executionId"], "r49999");
    assert_eq!(
        (
            one["executions"].as_array().unwrap().len(),
            &one["nextCursor"]
        ),
        (1, &Value::Null)
    );
    every_user_is_on_exactly_one_page(&app);
}

fn every_user_is_on_exactly_one_page(app: &TestApp) {
    let mut users = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = get(
            app,
            &format!("/api/v1/executions?{DAY}&limit=500&status=failed&cursor={cursor}"),
        );
        for row in page["executions"].as_array().unwrap() {
            assert!(
                users.insert(row["userId"].as_str().unwrap().to_owned()),
                "{row} is listed twice"
            );
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(users.len(), USERS.div_ceil(7));
}

#[test]
fn unknown_ids_are_empty_or_404_as_documented() {
    let app = TestApp::start();
    app.take(&crate::orders::events());
    let range = crate::orders::RANGE;
    for (path, count) in [
        (
            "/api/v1/analytics/workflows/none/performance",
            "/current/totalExecutions",
        ),
        ("/api/v1/analytics/workflows/none/steps", "/steps"),
        (
            "/api/v1/analytics/executions/summary",
            "/current/totalExecutions",
        ),
        ("/api/v1/analytics/executions/errors", "/errors"),
        ("/api/v1/executions", "/executions"),
        ("/api/v1/observability/kpis", "/total_executions"),
        ("/api/v1/observability/workflows", "/workflows"),
        ("/analytics/nodes", "/nodes"),
        ("/analytics/workflows", "/workflows"),
        ("/analytics/costs", "/by_provider"),
        ("/api/workflow-analytics/documents", "/kinds"),
        ("/api/workflow-analytics/queues", "/queues"),
    ] {
        let workflow = if path.contains("/none/") {
            ""
        } else {
            "&workflowId=none"
        };
        let found = get(&app, &format!("{path}?{range}{workflow}"));
        let empty = found
            .pointer(count)
            .unwrap_or_else(|| panic!("{path} has no {count}: {found}"));
        assert!(*empty == json!(0) || *empty == json!([]), "{path}: {empty}");
    }
    assert_eq!(app.get("/api/v1/executions/none").status, 404);
}

#[test]
fn reversed_long_and_future_ranges_are_refused_or_empty() {
    let app = TestApp::start();
    app.take(&crate::orders::events());
    let views = [
        "/api/v1/analytics/executions",
        "/api/v1/executions",
        "/api/v1/observability/kpis",
        "/analytics/workflows",
        "/api/workflow-analytics/queues",
        "/api/v1/analytics/workflows/orders/performance",
    ];
    for view in views {
        let of = |range: &str| app.get(&format!("{view}?{range}"));
        let reversed = of("from=2024-03-05T00:00:00Z&to=2024-03-04T00:00:00Z");
        assert_eq!(
            (reversed.status, reversed.code().as_str()),
            (400, "reversed_range"),
            "{view}"
        );
        assert_eq!(reversed.json()["field"], "to", "{view}");
        let beyond = of("from=1800-01-01T00:00:00Z&to=2024-03-04T00:00:00Z");
        assert_eq!(
            (beyond.status, beyond.code().as_str()),
            (400, "range_out_of_bounds"),
            "{view}"
        );
        let no_time = of("from=yesterday&to=2024-03-04T00:00:00Z");
        assert_eq!(
            (no_time.status, no_time.code().as_str()),
            (400, "invalid_time"),
            "{view}"
        );
        for range in [
            "from=2100-01-01T00:00:00Z&to=2100-01-02T00:00:00Z",
            "from=2014-01-01T00:00:00Z&to=2034-01-01T00:00:00Z",
        ] {
            let answer = of(range);
            assert_eq!(answer.status, 200, "{view}?{range}: {}", answer.text());
        }
    }
    let minutes = app.get("/api/v1/analytics/executions?from=2014-01-01T00:00:00Z&to=2034-01-01T00:00:00Z&granularity=minute");
    assert_eq!(
        (minutes.status, minutes.code().as_str()),
        (400, "too_many_buckets")
    );
    assert_eq!(minutes.json()["fix"], "month");
    let years = get(
        &app,
        "/api/v1/analytics/executions?from=2014-01-01T00:00:00Z&to=2034-01-01T00:00:00Z&granularity=month",
    );
    let points = years["data"].as_array().unwrap();
    let total: u64 = points
        .iter()
        .map(|point| point["totalExecutions"].as_u64().unwrap())
        .sum();
    assert_eq!((points.len(), total), (240, 10));
}

#[test]
fn the_error_for_an_unknown_word_suggests_the_nearest() {
    let app = TestApp::start();
    for (path, code, field, fix) in [
        (
            "/api/v1/analytics/executions?groupBy=workflw",
            "unknown_dimension",
            "groupBy",
            "workflow",
        ),
        (
            "/api/v1/analytics/executions?groupBy=triggerTyp",
            "unknown_dimension",
            "groupBy",
            "trigger_type",
        ),
        (
            "/api/v1/analytics/executions?granularity=houre",
            "unknown_granularity",
            "granularity",
            "hour",
        ),
        (
            "/api/v1/analytics/executions?timezone=Asia/Kolkatta",
            "unknown_time_zone",
            "timezone",
            "Asia/Kolkata",
        ),
        (
            "/api/v1/executions?status=faild",
            "invalid_parameter",
            "status",
            "failed",
        ),
    ] {
        let problem = app.get(path).json();
        assert_eq!(
            (&problem["code"], &problem["field"], &problem["fix"]),
            (&json!(code), &json!(field), &json!(fix)),
            "{path}"
        );
    }
    for (query, code, fix) in [
        (
            json!({"metrics": ["sucess_rate"], "range": {"last": "7d"}}),
            "unknown_metric",
            "success_rate",
        ),
        (
            json!({"metrics": ["executions"], "dimensions": ["enviroment"], "range": {"last": "7d"}}),
            "unknown_dimension",
            "environment",
        ),
        (
            json!({"metrics": ["executions"], "filters": [{"dimension": "stats", "op": "in", "values": ["x"]}], "range": {"last": "7d"}}),
            "unknown_dimension",
            "status",
        ),
        (
            json!({"metrics": ["executions"], "granularity": "dayy", "range": {"last": "7d"}}),
            "unknown_granularity",
            "day",
        ),
    ] {
        let answer = app.client().post("/api/v1/query").json(&query).send();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, code),
            "{query}"
        );
        assert_eq!(answer.json()["fix"], fix, "{query}");
    }
    let unknown = app.get("/api/v1/observability/kpis?timerange=1h");
    assert_eq!(unknown.code(), "invalid_parameter");
    assert!(
        unknown.json()["detail"]
            .as_str()
            .unwrap()
            .contains("timerange")
    );
}

#[test]
fn a_parameter_that_an_operation_does_not_have_is_refused() {
    let app = TestApp::start();
    for path in [
        "/api/v1/analytics/segments?projectid=x",
        "/api/v1/analytics/activity/engagement/rule?projectid=x",
        "/api/v1/people?projectid=x",
    ] {
        let unknown = app.get(path);
        let problem = unknown.json();
        assert_eq!(
            (unknown.status, unknown.code().as_str()),
            (400, "invalid_parameter")
        );
        assert_eq!(problem["field"], "projectid");
        let fix = if path.contains("people") {
            "Remove it"
        } else {
            "Did you mean `projectId`?"
        };
        assert!(
            problem["fix"].as_str().unwrap().starts_with(fix),
            "{problem}"
        );
    }
    for (path, field) in [
        (
            "/api/v1/analytics/segments?projectId=&projectId=x",
            "projectId",
        ),
        (
            "/api/v1/analytics/segments?projectId=x&projectId=y",
            "projectId",
        ),
    ] {
        let twice = app.get(path);
        assert_eq!(
            (twice.status, twice.code().as_str()),
            (400, "invalid_parameter")
        );
        assert_eq!(twice.json()["field"], field);
    }
    let body = json!({"metrics": ["executions"], "range": {"last": "7d"}});
    let ask = |parameter: &str| {
        let path = format!("/api/v1/query?{parameter}");
        app.client().post(&path).json(&body).send()
    };
    let filter = ask("environment=prod");
    assert_eq!(
        filter.code(),
        "invalid_parameter",
        "the body has the filter"
    );
    assert_eq!(ask("refresh=banana").json()["field"], "refresh");
    assert_eq!(ask("refresh=true").status, 200);
}
