//! The audit log: who read or changed what, when, and from where.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp, events::execution, until};

use crate::views::shape;

const AUDIT: &str = "/api/v1/audit";

fn send(app: &TestApp, method: Method, path: &str, body: &Value) -> Answer {
    let answer = app.client().call(method, path).json(body).send();
    assert!(answer.status < 300, "{path}: {}", answer.text());
    answer
}

fn entries(app: &TestApp, filter: &str) -> Vec<Value> {
    let answer = app.get(&format!("{AUDIT}?limit=200&{filter}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["entries"].as_array().unwrap().clone()
}

/// The newest entry that meets a condition, as soon as it is written.
fn written(app: &TestApp, filter: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    // It is written within a second; the machine may be busy.
    until("the read to be recorded", Duration::from_secs(10), || {
        entries(app, filter).into_iter().find(|entry| is_it(entry))
    })
}

#[test]
fn every_change_of_settings_is_recorded_with_the_previous_state() {
    let app = TestApp::start();
    let mut failed = execution("flow", "e1", "failed", "2024-03-04T10:00:00Z");
    failed["errorMessage"] = json!("disk full");
    app.take(&failed);

    let rule = |recency: f64| json!({"weights": {"recency": recency, "frequency": 1.0, "depth": 1.0, "breadth": 1.0}});
    let path = "/api/v1/analytics/activity/engagement/rule";
    send(&app, Method::PUT, path, &rule(0.5));
    send(&app, Method::PUT, path, &rule(0.25));
    let segments = "/api/v1/analytics/segments";
    let made = send(
        &app,
        Method::POST,
        segments,
        &json!({"name": "All", "definition": {}}),
    );
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let segment = format!("{segments}/{id}");
    send(
        &app,
        Method::PUT,
        &segment,
        &json!({"name": "Everybody", "definition": {}}),
    );
    assert_eq!(
        app.client().call(Method::DELETE, &segment).send().status,
        204
    );
    let target = json!({"workflowId": "flow", "targetSuccessPct": 95.0});
    send(
        &app,
        Method::POST,
        "/api/workflow-analytics/sli-config",
        &target,
    );
    let rules = json!({"rules": [{"pattern": "disk", "group": "Disks"}], "note": "why"});
    send(&app, Method::PUT, "/api/v1/errors/rules", &rules);
    let groups = app.get("/api/v1/errors/groups?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z");
    let group = groups.json()["errors"][0]["errorGroup"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/errors/groups/{group}");
    send(&app, Method::PATCH, &path, &json!({"title": "Full disks"}));

    let log = entries(&app, "kind=change");
    let actions: Vec<_> = log
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "error_group.renamed",
            "error_rules.changed",
            "sli_target.changed",
            "segment.deleted",
            "segment.changed",
            "segment.created",
            "engagement_rule.changed",
            "engagement_rule.changed",
        ]
    );
    let change = |position: usize| {
        (
            &log[position]["detail"]["before"],
            &log[position]["detail"]["after"],
        )
    };
    assert_eq!(change(4).0["name"], "All");
    assert_eq!(change(4).1["name"], "Everybody");
    assert_eq!(
        (change(3).0["name"].as_str(), change(3).1),
        (Some("Everybody"), &Value::Null)
    );
    assert_eq!(
        (change(2).0, &change(2).1["targetSuccessPct"]),
        (&Value::Null, &json!(95.0))
    );
    assert_eq!(change(1).0["rules"], Value::Null);
    assert_eq!(change(1).1["rules"]["rules"][0]["group"], "Disks");
    assert_eq!(change(0).1["groups"][0]["title"], "Full disks");
    assert_eq!(change(7).0, &Value::Null);
    assert_eq!(change(6).0, change(7).1);
    for entry in &log {
        assert!(
            entry["actor"].as_str().unwrap().starts_with("key:"),
            "{entry}"
        );
        assert_eq!(entry["address"], "127.0.0.1", "{entry}");
    }
}

#[test]
fn every_read_of_figures_is_recorded_with_path_range_and_outcome() {
    let app = TestApp::start();
    let path = "/api/v1/analytics/executions";
    let asked = app
        .client()
        .get(&format!(
            "{path}?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z&workflowId=secret"
        ))
        .header("user-agent", "reader/1.0");
    assert_eq!(asked.send().status, 200);
    let entry = written(&app, "kind=access&action=analytics.read", |entry| {
        entry["subject"] == path
    });
    assert_eq!(entry["userAgent"], "reader/1.0");
    assert_eq!(
        entry["detail"],
        json!({"method": "GET", "route": path, "status": 200,
            "range": {"from": "2024-03-04T00:00:00Z", "to": "2024-03-05T00:00:00Z"}})
    );
    insta::assert_json_snapshot!("audit_access", shape(&entry));

    let query = json!({"metrics": ["executions"], "range": {"last": "7d"}});
    app.query(&query);
    let queried = |entry: &Value| entry["subject"] == "/api/v1/query";
    let entry = written(&app, "kind=access", queried);
    let range = &entry["detail"]["range"];
    assert!(
        range["from"].as_str() < range["to"].as_str() && range["to"].is_string(),
        "{entry}"
    );

    let refused = app.get("/api/v1/analytics/executions?granularity=eon");
    assert_eq!(refused.status, 400);
    written(&app, "kind=access", |entry| {
        entry["detail"]["status"] == 400
    });
    // Reading the log is recorded too.
    written(&app, "action=audit.read", |entry| entry["subject"] == AUDIT);
    let metrics = app.get("/metrics").text();
    assert!(
        metrics.contains("weir_audit_reads_dropped_total 0"),
        "{metrics}"
    );
}

#[test]
fn waiting_reads_are_recorded_when_the_server_stops() {
    let mut app = TestApp::start();
    assert_eq!(app.get("/api/v1/analytics/executions/summary").status, 200);
    assert!(app.stop().success());
    app.start_again();
    let reads = entries(&app, "action=analytics");
    assert_eq!(reads.len(), 1, "{reads:?}");
}

#[test]
fn reads_beyond_the_limit_are_counted() {
    let app = TestApp::configured(&[("WEIR_AUDIT_WAITING", "1")]);
    for _ in 0..20 {
        app.get("/api/v1/analytics/executions/summary");
    }
    let metrics = app.get("/metrics").text();
    let dropped = metrics
        .lines()
        .find_map(|line| line.strip_prefix("weir_audit_reads_dropped_total "));
    assert!(dropped.unwrap().parse::<u32>().unwrap() > 0, "{metrics}");
}

#[test]
fn the_log_can_be_filtered_and_an_invalid_filter_is_refused() {
    let app = TestApp::start();
    let path = "/api/v1/analytics/segments";
    for name in ["a", "b", "c"] {
        send(
            &app,
            Method::POST,
            path,
            &json!({"name": name, "definition": {}}),
        );
    }
    let all = entries(&app, "action=segment");
    assert_eq!(all.len(), 3);
    let (subject, at) = (
        all[1]["subject"].as_str().unwrap(),
        all[0]["at"].as_str().unwrap(),
    );
    assert_eq!(
        entries(&app, &format!("subject={subject}")),
        [all[1].clone()]
    );
    assert_eq!(entries(&app, "action=segment.changed"), [Value::Null; 0]);
    assert!(entries(&app, &format!("action=segment&to={at}")).len() < 3);
    assert!(entries(&app, "action=segment&actor=nobody").is_empty());
    for (filter, field) in [
        ("kind=x", "kind"),
        ("from=now", "from"),
        ("to=1", "to"),
        ("limit=0", "limit"),
    ] {
        let refused = app.get(&format!("{AUDIT}?{filter}"));
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{filter}"
        );
    }
}

#[test]
fn the_log_can_be_exported_and_the_export_is_recorded() {
    let app = TestApp::start();
    let path = "/api/v1/analytics/segments";
    for number in 0..520 {
        let segment = json!({"name": format!("n{number}"), "definition": {}});
        send(&app, Method::POST, path, &segment);
    }
    let lines = app.get(&format!(
        "{AUDIT}/export?format=ndjson&action=segment.created"
    ));
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let read: Vec<Value> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read.len(), 520);
    assert_eq!(read[0]["detail"]["after"]["name"], "n519");
    let table = app
        .client()
        .get(&format!("{AUDIT}/export?kind=change"))
        .header("user-agent", "=cmd()")
        .send();
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let text = table.text();
    assert!(text.starts_with("id,at,kind,actor,address,userAgent,action,subject,detail\r\n"));
    assert_eq!(text.lines().count(), 521);
    let exports = entries(&app, "action=audit.exported");
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1]["detail"]["format"], "ndjson");
    assert_eq!(exports[0]["userAgent"], "=cmd()");
    let again = app
        .get(&format!("{AUDIT}/export?action=audit.exported"))
        .text();
    assert!(again.contains("\"'=cmd()\""), "{again}");
    assert_eq!(app.get(&format!("{AUDIT}/export?format=pdf")).status, 400);
}

#[test]
fn the_export_needs_permission_to_read_the_log() {
    let app = TestApp::with_own_keys();
    let reader = app.client_with("read key");
    for path in [AUDIT.to_owned(), format!("{AUDIT}/export")] {
        assert_eq!(reader.get(&path).send().status, 403, "{path}");
        assert_eq!(app.client().get(&path).send().status, 401, "{path}");
    }
}
