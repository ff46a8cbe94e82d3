//! The assignment of events to executions, and the merging of what they report, as visible in lists, figures and
//! details.

use std::time::Duration;

use serde_json::{Value, json};
use weir_e2e::{TestApp, until};

const RANGE: &str = "from=2026-10-01T00:00:00Z&to=2026-12-01T00:00:00Z";

fn at(moment: &str) -> String {
    format!("2026-11-01T{moment}Z")
}

fn event(fields: Value, moment: &str) -> Value {
    let mut event = fields;
    event["timestamp"] = json!(at(moment));
    event
}

fn execution(workflow: &str, id: &str, status: &str, moment: &str) -> Value {
    event(
        json!({"type": "execution", "workflowId": workflow, "executionId": id, "status": status}),
        moment,
    )
}

/// The rows of a query over all time.
fn rows(app: &TestApp, metrics: &[&str], dimensions: &[&str]) -> Value {
    app.query(&json!({"metrics": metrics, "dimensions": dimensions, "range": {"all": true}}))["rows"]
        .clone()
}

fn list(app: &TestApp) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/executions?{RANGE}"));
    assert_eq!(list.status, 200, "{}", list.text());
    list.json()["executions"].as_array().unwrap().clone()
}

fn show(app: &TestApp, id: &str) -> Value {
    let shown = app.get(&format!("/api/v1/executions/{id}"));
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown.json()
}

#[test]
fn one_execution_id_in_two_workflows_names_two_executions() {
    let app = TestApp::start();
    app.take(&json!([
        execution("o", "s", "started", "00:00:00"),
        execution("u", "s", "started", "00:05:00"),
        execution("o", "s", "completed", "00:10:00"),
        event(
            json!({"type": "cost", "workflowId": "o", "executionId": "s", "dollarAmount": 2}),
            "00:09:00"
        ),
    ]));
    let figures = |workflow| {
        app.figures(
            &["executions", "completed", "running", "duration_avg"],
            Some(workflow),
        )
    };
    assert_eq!(
        figures("o"),
        json!({"executions": 1, "completed": 1, "running": 0, "duration_avg": 600_000})
    );
    assert_eq!(
        figures("u"),
        json!({"executions": 1, "completed": 0, "running": 1, "duration_avg": null})
    );
    // The name alone is ambiguous; the response lists both, and each id leads to its own.
    let both = app.get("/api/v1/executions/s");
    assert_eq!(both.status, 409, "{}", both.text());
    let problem = both.json();
    assert_eq!(problem["code"], "ambiguous");
    let candidates = problem["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 2);
    for candidate in candidates {
        let shown = show(&app, candidate["id"].as_str().unwrap());
        assert_eq!(shown["id"], candidate["id"]);
        assert_eq!(shown["workflowId"], candidate["workflowId"]);
        let cost = if candidate["workflowId"] == "o" {
            2.0
        } else {
            0.0
        };
        assert_eq!(shown["costs"]["totalCost"], cost, "{shown}");
    }
    let named = show(&app, "s?workflowId=u");
    assert_eq!(
        (&named["workflowId"], &named["status"]),
        (&json!("u"), &json!("started"))
    );
    let ids: Vec<Value> = list(&app).iter().map(|row| row["id"].clone()).collect();
    assert!(
        candidates
            .iter()
            .all(|candidate| ids.contains(&candidate["id"])),
        "{ids:?}"
    );
}

#[test]
fn values_that_only_the_start_reported_are_in_metrics_filters_list_and_detail() {
    let app = TestApp::start();
    let mut start = execution("w", "1", "started", "10:00:00");
    for (field, value) in [
        ("triggerType", "webhook"),
        ("userId", "u"),
        ("workflowVersion", "7"),
        ("environment", "prod"),
        ("subjectId", "s"),
        ("parentExecutionId", "above"),
    ] {
        start[field] = json!(value);
    }
    start["metadata"] = json!({"client": "acme", "try": 1});
    let mut end = execution("w", "1", "completed", "10:00:05");
    end["metadata"] = json!({"try": 2});
    app.take(&json!([end]));
    app.take(&json!([start]));
    assert_eq!(
        rows(
            &app,
            &["executions"],
            &["trigger_type", "user", "version", "environment", "called"]
        ),
        json!([{"trigger_type": "webhook", "user": "u", "version": "7", "environment": "prod",
            "called": "child", "executions": 1}])
    );
    let rows = list(&app);
    assert_eq!(rows.len(), 1);
    let shown = show(&app, "1");
    for row in [&rows[0], &shown] {
        for (field, value) in [
            ("triggerType", "webhook"),
            ("userId", "u"),
            ("workflowVersion", "7"),
            ("environment", "prod"),
            ("subjectId", "s"),
            ("parentExecutionId", "above"),
        ] {
            assert_eq!(row[field], value, "{field} of {row}");
        }
    }
    assert_eq!(shown["metadata"], json!({"client": "acme", "try": 2}));
    assert_eq!(shown["id"], rows[0]["id"]);
    for filter in [
        "environment=prod",
        "userId=u",
        "version=7",
        "triggerType=webhook",
    ] {
        let found = app
            .get(&format!("/api/v1/executions?{RANGE}&{filter}"))
            .json();
        assert_eq!(found["executions"].as_array().unwrap().len(), 1, "{filter}");
    }
}

#[test]
fn an_id_that_changed_redirects_to_the_new_one() {
    let app = TestApp::start();
    app.take(&json!([execution("w", "1", "completed", "10:00:05")]));
    let before = show(&app, "1")["id"].as_str().unwrap().to_owned();
    let mut start = execution("w", "1", "started", "10:00:00");
    start["environment"] = json!("prod");
    app.take(&json!([start]));
    let after = show(&app, "1")["id"].as_str().unwrap().to_owned();
    assert_ne!(before, after);
    let moved = app.get(&format!("/api/v1/executions/{before}?last=30d"));
    assert_eq!(moved.status, 308, "{}", moved.text());
    let to = format!("/api/v1/executions/{after}?last=30d");
    assert_eq!(moved.header("location"), to);
}

#[test]
fn records_that_name_only_their_execution_count_for_its_workflow() {
    let app = TestApp::start();
    let of = |fields: Value| {
        let mut event = event(fields, "10:00:01");
        event["executionId"] = json!("1");
        event
    };
    // The step and the goal arrive before the execution is known.
    app.take(&json!([
        of(json!({"type": "step", "stepId": "a", "status": "completed", "duration": 100})),
        of(json!({"type": "goal", "goalId": "g", "value": 3})),
    ]));
    let mut end = execution("w", "1", "completed", "10:00:05");
    end["duration"] = json!(5_000);
    app.take(&json!([end]));
    app.take(&json!([
        of(json!({"type": "cost", "dollarAmount": 1})),
        of(json!({"type": "document", "kind": "pdf", "status": "completed"})),
    ]));
    assert_eq!(
        app.figures(
            &["steps", "cost", "goals", "goal_value", "documents"],
            Some("w")
        ),
        json!({"steps": 1, "cost": 1, "goals": 1, "goal_value": 3, "documents": 1})
    );
    let summary = app.get(&format!(
        "/api/v1/analytics/executions/summary?workflowId=w&{RANGE}"
    ));
    assert_eq!(
        summary.json()["current"]["totalCost"],
        1.0,
        "{}",
        summary.text()
    );
    let steps = app
        .get(&format!("/api/v1/analytics/workflows/w/steps?{RANGE}"))
        .json();
    assert_eq!(steps["steps"].as_array().map(Vec::len), Some(1), "{steps}");
    let shown = show(&app, "1");
    assert_eq!(shown["costs"]["totalCost"], 1.0, "{shown}");
    let funnel = app.get(&format!(
        "/api/v1/workflows/w/analytics/funnel?steps=enrolled,step:a,goal:g&{RANGE}"
    ));
    let counts: Vec<Value> = funnel.json()["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["reached"].clone())
        .collect();
    assert_eq!(counts, [json!(1), json!(1), json!(1)], "{}", funnel.text());
}

#[test]
fn a_cost_of_an_unreported_execution_is_unattributed() {
    let app = TestApp::start();
    app.take(&json!([
        execution("w", "known", "started", "10:00:00"),
        event(
            json!({"type": "cost", "workflowId": "w", "executionId": "ghost", "dollarAmount": 1}),
            "10:00:01"
        ),
    ]));
    let costs = app.get(&format!("/api/v1/analytics/costs?{RANGE}")).json();
    let text = costs.to_string();
    let open = find(&costs, "open").unwrap_or_else(|| panic!("{text}"));
    let unattributed = find(&costs, "unattributed").unwrap_or_else(|| panic!("{text}"));
    assert_eq!(open["cost"], 0.0, "{text}");
    assert_eq!(unattributed["cost"], 1.0, "{text}");
}

/// The first value with a name, at any depth.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => fields
            .get(name)
            .filter(|found| found.is_object())
            .or_else(|| fields.values().find_map(|value| find(value, name))),
        Value::Array(items) => items.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}

#[test]
fn one_id_at_two_times_is_two_events_however_they_are_divided_among_bodies() {
    let cost = |moment: &str| {
        let mut cost = event(
            json!({"type": "cost", "workflowId": "w", "dollarAmount": 1}),
            moment,
        );
        cost["id"] = json!("c");
        cost
    };
    let end = |moment: &str, duration: i64| {
        let mut end = execution("w", "x", "completed", moment);
        end["id"] = json!("e");
        end["duration"] = json!(duration);
        end
    };
    let events = [
        cost("10:00:00"),
        cost("11:00:00"),
        end("10:00:00", 10),
        end("11:00:00", 30),
    ];
    for size in 1..=4 {
        let app = TestApp::start();
        for body in events.chunks(size) {
            app.take(&json!(body));
        }
        assert_eq!(
            app.figures(&["cost", "executions", "duration_avg"], None),
            json!({"cost": 2, "executions": 2, "duration_avg": 20}),
            "bodies of {size}"
        );
        // Two runs of one execution: each can be shown.
        let newest = show(&app, "x");
        assert_eq!(
            (&newest["run"], &newest["runs"], &newest["duration"]),
            (&json!(2), &json!(2), &json!(30))
        );
        assert_eq!(show(&app, "x?run=1")["duration"], 10);
        assert_eq!(app.get("/api/v1/executions/x?run=3").status, 404);
        let again = app.post_events(&json!(events)).json();
        assert_eq!(
            (&again["accepted"], &again["duplicates"]),
            (&json!(0), &json!(4))
        );
    }
}

#[test]
fn a_start_shortly_after_the_end_is_not_a_second_execution() {
    let app = TestApp::start();
    let late = |id: &str, status: &str, millisecond: &str| {
        event(
            json!({"type": "execution", "workflowId": "w", "executionId": id, "status": status}),
            &format!("10:00:00.{millisecond}"),
        )
    };
    app.take(&json!([
        late("s1", "started", "003"),
        late("s1", "completed", "000"),
        late("s2", "completed", "000"),
        late("s2", "waiting", "900"),
    ]));
    assert_eq!(
        app.figures(&["executions", "completed", "running", "waiting"], None),
        json!({"executions": 2, "completed": 2, "running": 0, "waiting": 0})
    );
    assert_eq!(list(&app).len(), 2);
}

#[test]
fn a_piece_of_work_is_an_execution_with_its_retries() {
    let app = TestApp::start();
    let mut retry = execution("w", "E2", "completed", "10:01:00");
    retry["retryOf"] = json!("E1");
    app.take(&json!([
        execution("w", "E1", "failed", "10:00:00"),
        retry,
        execution("w", "E3", "failed", "10:02:00"),
        execution("v", "E1", "completed", "10:00:00"),
    ]));
    let figures = app.figures(
        &[
            "executions",
            "success_rate",
            "work_items",
            "work_success_rate",
        ],
        Some("w"),
    );
    assert_eq!(
        (&figures["executions"], &figures["work_items"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(figures["work_success_rate"], 50.0);
    let rate = figures["success_rate"].as_f64().unwrap();
    assert!((rate - 33.333).abs() < 0.001, "{rate}");
}

#[test]
fn list_detail_and_key_figures_agree_on_stale_executions() {
    let mut app = TestApp::configured(&[("WEIR_EXECUTIONS_STALE_AFTER", "1h")]);
    let at = weir_e2e::events::now() - 2 * 86_400_000;
    let of = |id: &str, status: &str| json!({"type": "execution", "workflowId": "w", "executionId": id, "status": status, "timestamp": at});
    app.take(&json!([
        of("begun", "started"),
        of("held", "waiting"),
        of("done", "completed")
    ]));
    // The start looks for them.
    assert!(app.stop().success());
    app.start_again();
    let listed = until("stale executions", Duration::from_secs(60), || {
        let listed = app.get("/api/v1/executions?last=7d&status=stale").json();
        let rows = listed["executions"].as_array().cloned().unwrap_or_default();
        (rows.len() == 2).then_some(rows)
    });
    for row in &listed {
        let id = row["id"].as_str().unwrap();
        let detail = app.get(&format!("/api/v1/executions/{id}")).json();
        for field in ["stale", "status", "executionId", "timestamp"] {
            assert_eq!(detail[field], row[field], "{field}: {detail}");
        }
        assert_eq!(row["stale"], true);
    }
    let mut states: Vec<_> = listed
        .iter()
        .map(|row| row["status"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["started", "waiting"]);
    let figures = app.get("/api/v1/observability/kpis?time_range=7d").json();
    assert_eq!(figures["total_executions"], 3, "{figures}");
    assert_eq!(figures["stale_count"], 2, "{figures}");
    assert_eq!(figures["running_count"], 0, "{figures}");
}
