//! Declared dimensions: keys of metadata by which a project groups and filters its figures.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{
    Answer, Client, TestApp,
    events::{cost, execution, step, with},
    until,
};

const DAY: &str = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";

fn project(app: &TestApp) -> String {
    let projects = app.get("/api/v1/projects").json();
    projects["projects"][0]["id"].as_str().unwrap().to_owned()
}

fn path(app: &TestApp) -> String {
    format!("/api/v1/projects/{}/dimensions", project(app))
}

fn declare(app: &TestApp, keys: &[&str]) -> Answer {
    let dimensions: Vec<Value> = keys.iter().map(|key| json!({ "key": key })).collect();
    app.client()
        .put(&path(app), &json!({ "dimensions": dimensions }))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn at(second: u32) -> String {
    format!("2024-03-04T10:00:{second:02}Z")
}

/// Two executions of acme and one of globex, whose step and cost arrived before it, and a cost with its own value.
fn events() -> Value {
    let of = |client: &str| json!({"metadata": {"client": client}});
    let ended =
        |id: &str, client: &str| with(execution("flow", id, "completed", &at(9)), of(client));
    json!([
        step("flow", "3", "s", &at(1), 10),
        cost("flow", "3", &at(2), "3"),
        with(cost("flow", "1", &at(2), "5"), of("globex")),
        step("flow", "1", "s", &at(3), 10),
        ended("1", "acme"),
        with(
            ended("2", "acme"),
            json!({"status": "failed", "userId": "ada"})
        ),
        ended("3", "globex"),
    ])
}

fn by_client(client: &Client, metric: &str) -> Value {
    let answer = client.query(&json!({
        "metrics": [metric], "dimensions": ["metadata.client"], "range": {"all": true},
        "orderBy": [{"dimension": "metadata.client"}],
    }));
    assert_eq!(answer["query"]["dimensions"], json!(["metadata.client"]));
    let rows = answer["rows"].as_array().unwrap().iter();
    let rows = rows.map(|row| (row["metadata.client"].clone(), row[metric].clone()));
    rows.map(|(client, figure)| json!([client, figure]))
        .collect()
}

#[test]
fn every_kind_of_figure_groups_by_a_declared_key_in_any_order_of_arrival() {
    let mut app = TestApp::start();
    app.take(&events());
    assert_eq!(declare(&app, &["client"]).status, 200);
    for _ in 0..2 {
        let client = app.client();
        assert_eq!(
            by_client(client, "executions"),
            json!([["acme", 2], ["globex", 1]])
        );
        assert_eq!(
            by_client(client, "steps"),
            json!([["acme", 1], ["globex", 1]])
        );
        assert_eq!(by_client(client, "cost"), json!([["globex", 8]]));
        assert_eq!(
            by_client(client, "success_rate"),
            json!([["acme", 50], ["globex", 100]])
        );
        assert!(app.stop().success());
        app.start_again();
    }
}

#[test]
fn views_segments_and_the_catalogue_support_declared_dimensions() {
    let app = TestApp::start();
    app.take(&events());
    let put = app.client().put(
        &path(&app),
        &json!({"dimensions": [{"key": "client", "label": "Customer"}]}),
    );
    assert_eq!(put.status, 200, "{}", put.text());
    let catalogue = app.get("/api/v1/catalog").json();
    let declared = json!([{"name": "metadata.client", "label": "Customer"}]);
    assert_eq!(catalogue["declared"], declared);

    let summary = |more: &str| {
        let path = format!("/api/v1/analytics/executions/summary?{DAY}{more}");
        app.get(&path).json()["current"]["totalExecutions"].clone()
    };
    assert_eq!(summary(""), 3);
    assert_eq!(summary("&metadata.client=acme"), 2);
    assert_eq!(summary("&metadata.client=acme&metadata.client=globex"), 3);
    assert_eq!(summary("&metadata.client="), 3);
    let grouped = format!("/api/v1/analytics/executions?{DAY}&groupBy=metadata.client");
    let grouped = app.get(&grouped).json();
    let groups = grouped["data"].as_array().unwrap().iter();
    assert!(
        groups
            .map(|point| &point["group"])
            .any(|group| group == "globex"),
        "{grouped}"
    );
    for view in [
        "/api/v1/analytics/workflows/rankings",
        "/api/v1/analytics/workflows/flow/performance",
        "/api/v1/analytics/workflows/flow/steps",
        "/analytics/nodes",
        "/analytics/workflows",
        "/analytics/performance",
        "/analytics/costs",
        "/api/workflow-analytics/documents",
        "/api/workflow-analytics/queues",
        "/api/v1/observability/kpis",
        "/api/v1/observability/status",
        "/api/v1/observability/overview",
    ] {
        let narrowed = app.get(&format!("{view}?{DAY}&metadata.client=acme"));
        assert_eq!(narrowed.status, 200, "{view}: {}", narrowed.text());
    }
    // The listed records are those that the figures count.
    let listed = |parameters: &str| {
        let list = app.get(&format!("/api/v1/executions?{DAY}{parameters}"));
        assert_eq!(list.status, 200, "{}", list.text());
        let list = list.json();
        let mut ids = array(&list["executions"])
            .iter()
            .map(|execution| execution["executionId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>();
        ids.sort();
        ids
    };
    assert_eq!(listed("&metadata.client=acme"), ["1", "2"]);
    assert_eq!(listed("&metadata.client=globex"), ["3"]);
    assert_eq!(listed("&metadata.client=acme&status=failed"), ["2"]);
    assert_eq!(listed("&metadata.client="), ["1", "2", "3"]);
    for (client, total) in [("acme", 1), ("globex", 0)] {
        let errors = format!("/api/v1/analytics/executions/errors?{DAY}&metadata.client={client}");
        let errors = app.get(&errors).json();
        assert_eq!(errors["total"], total, "{errors}");
        assert_eq!(array(&errors["errors"]).len(), total, "{errors}");
    }
    let undeclared = app.get(&format!("/api/v1/executions?{DAY}&metadata.clint=acme"));
    assert_eq!(undeclared.status, 400, "{}", undeclared.text());
    assert_eq!(undeclared.json()["field"], "metadata.clint");
    // Views whose records do not belong to single executions refuse the filter.
    let waste = app.get(&format!(
        "/api/v1/analytics/costs?{DAY}&metadata.client=acme"
    ));
    assert_eq!(waste.status, 400, "{}", waste.text());
    assert_eq!(waste.json()["field"], "metadata.client");

    let segment = |client: &str| {
        json!({"conditions": [{"type": "behaviour", "metric": "executions", "value": 1,
            "filters": [{"dimension": "metadata.client", "values": [client]}], "range": {"all": true}}]})
    };
    for (client, size) in [("acme", 1), ("globex", 0)] {
        let body = json!({"name": client, "definition": segment(client)});
        let made = app
            .client()
            .post("/api/v1/analytics/segments")
            .json(&body)
            .send();
        assert_eq!(made.status, 201, "{}", made.text());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let members = app
            .get(&format!("/api/v1/analytics/segments/{id}/members"))
            .json();
        assert_eq!(members["size"], size, "{client}: {members}");
    }
}

#[test]
fn an_undeclared_key_is_named_and_an_outdated_change_is_refused() {
    let app = TestApp::start();
    app.take(&events());
    let query = json!({"metrics": ["executions"], "dimensions": ["metadata.client"], "range": {"all": true}});
    let ask = || app.client().post("/api/v1/query").json(&query).send();
    let refused = ask();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "unknown_dimension")
    );
    assert!(
        refused.json()["fix"]
            .as_str()
            .unwrap()
            .contains("/dimensions")
    );
    let elsewhere = app.get("/api/v1/analytics/segments?metadata.client=acme");
    assert_eq!(elsewhere.code(), "invalid_parameter");

    let fresh = app.get(&path(&app));
    assert_eq!(
        (fresh.header("etag"), &fresh.json()["version"]),
        ("\"0\"", &json!(0))
    );
    let first = declare(&app, &["client", "region"]);
    assert_eq!((first.status, first.header("etag")), (200, "\"1\""));
    assert_eq!(first.json()["dimensions"][0]["values"], 2);
    assert_eq!(first.json()["dimensions"][1]["values"], 0);
    assert_eq!(ask().status, 200);
    let change = |tag: &str, keys: Value| {
        let call = app
            .client()
            .call(Method::PUT, &path(&app))
            .header("if-match", tag);
        call.json(&json!({ "dimensions": keys })).send()
    };
    let late = change("\"0\"", json!([]));
    assert_eq!(
        (late.status, late.code().as_str()),
        (412, "precondition_failed")
    );
    assert_eq!(change("\"1\"", json!([{"key": "region"}])).status, 200);
    assert_eq!(ask().status, 400, "it is declared no more");

    let many: Vec<Value> = (0..21).map(|i| json!({"key": format!("k{i}")})).collect();
    let many = change("\"2\"", json!(many));
    assert_eq!(
        (
            many.status,
            many.json()["field"].as_str().unwrap().to_owned()
        ),
        (400, "dimensions".to_owned())
    );
    let log = app.get("/api/v1/audit?action=dimensions").json();
    assert_eq!(log["entries"].as_array().unwrap().len(), 2, "{log}");
    assert_eq!(
        log["entries"][0]["detail"]["after"],
        json!([{"key": "region", "fast": false}])
    );
}

#[test]
fn values_beyond_the_limit_count_as_other_and_a_metric_shows_it() {
    let app = TestApp::configured(&[("WEIR_DIMENSIONS_MOST_VALUES", "1")]);
    app.take(&events());
    let put = declare(&app, &["client"]);
    assert_eq!(
        put.json()["dimensions"][0]["overflows"],
        true,
        "{}",
        put.text()
    );
    // Globex was reported first, by the cost.
    assert_eq!(
        by_client(app.client(), "executions"),
        json!([["globex", 1], ["other", 2]])
    );
    let metrics = app.get("/metrics").text();
    assert!(
        metrics.contains("weir_dimensions_overflowing 1"),
        "{metrics}"
    );
}

#[test]
fn a_fast_dimension_is_answered_from_rollups_with_the_same_figures() {
    let mut app = TestApp::configured(&[("WEIR_STORE_COMPACTION_SECONDS", "1")]);
    app.take(&events());
    let body = json!({"dimensions": [{"key": "client", "fast": true}]});
    assert_eq!(app.client().put(&path(&app), &body).status, 200);
    let ready = |app: &TestApp| app.get(&path(app)).json()["dimensions"][0]["ready"] == true;
    until("rollups of the dimension", Duration::from_secs(30), || {
        ready(&app).then_some(())
    });
    let ask = |app: &TestApp, metric: &str| {
        app.query(&json!({
            "metrics": [metric], "dimensions": ["metadata.client"], "orderBy": [{"dimension": "metadata.client"}],
            "range": {"from": "2024-03-01T00:00:00Z", "to": "2024-04-01T00:00:00Z"}, "timezone": "Europe/Amsterdam",
        }))
    };
    for (metric, figures) in [
        ("executions", [json!(2), json!(1)]),
        ("success_rate", [json!(50), json!(100)]),
        ("steps", [json!(1), json!(1)]),
    ] {
        let answer = ask(&app, metric);
        assert!(
            answer["meta"]["source"]
                .as_str()
                .unwrap()
                .contains("cube declared_"),
            "{answer}"
        );
        let rows = [&answer["rows"][0][metric], &answer["rows"][1][metric]];
        assert_eq!(rows, [&figures[0], &figures[1]], "{answer}");
    }
    // Late events count immediately, and those before a crash are not lost.
    let late = with(
        execution("flow", "3", "completed", "2024-03-04T12:00:00Z"),
        json!({"id": "late", "metadata": {"client": "acme"}}),
    );
    app.take(&late);
    for _ in 0..2 {
        let answer = ask(&app, "steps");
        assert_eq!(
            answer["rows"][0],
            json!({"metadata.client": "acme", "steps": 2}),
            "{answer}"
        );
        app.kill();
        app.start_again();
    }
    app.kill();
    let verified = app.place().weir(&["rollup", "verify"]);
    assert!(verified.out.contains("no difference"), "{verified:?}");
}

#[test]
fn dimensions_belong_to_a_project_and_changing_them_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let (ingest, read) = (app.client_with("ingest key"), app.client_with("read key"));
    let owner = app.owner();
    let project = owner.get("/api/v1/projects").send().json()["projects"][0]["id"].clone();
    let path = format!("/api/v1/projects/{}/dimensions", project.as_str().unwrap());
    let body = json!({"dimensions": [{"key": "client"}]});
    assert_eq!(read.put(&path, &body).code(), "missing_scope");
    assert_eq!(ingest.get(&path).send().code(), "missing_scope");
    assert_eq!(read.get(&path).send().status, 200);
    let foreign = "/api/v1/projects/0192f3a4-5b6c-7d8e-9f01-23456789abcd/dimensions";
    assert_eq!(owner.get(foreign).send().code(), "unknown_project");
    let put = owner
        .call(Method::PUT, &path)
        .header("sec-fetch-site", "same-origin")
        .json(&body)
        .send();
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(ingest.post_events(&events()).status, 200);

    // A value that mentions a user is veiled like any other text.
    let of_ada = with(
        execution("flow", "4", "completed", &at(9)),
        json!({"metadata": {"client": "box of ada"}}),
    );
    assert_eq!(ingest.post_events(&of_ada).status, 200);
    let anonymize = owner
        .call(Method::PUT, "/api/v1/privacy")
        .header("sec-fetch-site", "same-origin")
        .json(&json!({"anonymizeUsers": true}))
        .send();
    assert_eq!(anonymize.status, 200, "{}", anonymize.text());
    let veiled = by_client(&read, "executions").to_string();
    assert!(
        !veiled.contains("ada") && veiled.contains("box of u_"),
        "{veiled}"
    );
}
