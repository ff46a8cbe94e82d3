//! Targets: permissions, validation, and which target applies.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use super::{configure, report, runs};

const CONFIG: &str = "/api/workflow-analytics/sli-config";

#[test]
fn a_target_can_be_set_read_and_changed() {
    let app = TestApp::start();
    let default = report(&app, "")["config"].clone();
    assert_eq!(
        default,
        json!({"id": null, "workflowId": null, "level": "default", "targetSuccessPct": 99.0,
            "targetP95Ms": 5000, "errorBudgetPct": 1.0, "window": "7d", "minimumRuns": 30,
            "timezone": "UTC", "createdAt": null, "updatedAt": null})
    );
    let project = app.get("/api/v1/projects").json()["projects"][0]["id"].clone();
    let set = configure(
        &app,
        json!({"projectId": project, "targetSuccessPct": 99, "targetP95Ms": 4000,
            "errorBudgetPct": 1, "window": "30d"}),
    );
    assert_eq!(report(&app, "")["config"], set);
    let found = report(&app, "");
    assert_eq!(found["burnRates"]["period"], "30d");
    assert_eq!(
        found["current"]["target"],
        json!({"successPct": 99.0, "p95Ms": 4000, "errorBudgetPct": 1.0})
    );
    let changed = configure(&app, json!({"targetSuccessPct": 99.95, "minimumRuns": 5}));
    assert_eq!(changed["id"], set["id"]);
    let kept = (&changed["targetP95Ms"], &changed["window"]);
    assert_eq!(kept, (&json!(4000), &json!("30d")));
    let mut masked = changed;
    for field in ["id", "createdAt", "updatedAt"] {
        assert!(masked[field].is_string(), "{field}");
        masked[field] = "[varies]".into();
    }
    insta::assert_json_snapshot!("sli_config", masked);
}

#[test]
fn a_workflow_has_its_own_target_or_that_of_its_project() {
    let app = TestApp::start();
    app.take(&runs("a", 90, 10).into());
    let level = |parameters: &str| {
        let found = report(&app, parameters);
        let config = &found["config"];
        (
            config["level"].clone(),
            config["targetSuccessPct"].clone(),
            found["current"]["violatesTarget"].clone(),
        )
    };
    assert_eq!(
        level("workflowId=a"),
        (json!("default"), json!(99.0), json!(true))
    );
    configure(&app, json!({"targetSuccessPct": 90, "window": "28d"}));
    assert_eq!(
        level("workflowId=a"),
        (json!("project"), json!(90.0), json!(false))
    );
    // A workflow's target inherits omitted values from its project.
    let own = configure(&app, json!({"workflowId": "a", "targetSuccessPct": 95}));
    let taken = (&own["level"], &own["workflowId"], &own["window"]);
    assert_eq!(taken, (&json!("workflow"), &json!("a"), &json!("28d")));
    assert_eq!(
        level("workflowId=a"),
        (json!("workflow"), json!(95.0), json!(true))
    );
    assert_eq!(
        level("workflowId=b"),
        (json!("project"), json!(90.0), json!(false))
    );
    assert_eq!(level(""), (json!("project"), json!(90.0), json!(false)));
}

#[test]
fn setting_a_target_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let body = json!({"targetSuccessPct": 50});
    for key in ["ingest key", "read key"] {
        let refused = app.client_with(key).post(CONFIG).json(&body).send();
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "missing_scope"),
            "{key}"
        );
    }
    let anonymous = app.client().post(CONFIG).json(&body).send();
    assert_eq!(anonymous.status, 401);
    let read = app.client_with("read key");
    let path = "/api/workflow-analytics/sli";
    assert_eq!(read.get(path).send().json()["config"]["level"], "default");
    assert_eq!(app.client_with("ingest key").get(path).send().status, 403);

    // The owner, as the page sends it.
    let password = app.password();
    let login = json!({"email": "owner@localhost", "password": password});
    let opened = app.client().post("/api/v1/session").json(&login).send();
    let cookie = opened
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let call = app.client().post(CONFIG).json(&body);
    let call = call
        .header("cookie", cookie)
        .header("sec-fetch-site", "same-origin");
    let answer = call.send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        read.get(path).send().json()["config"]["targetSuccessPct"],
        50.0
    );
}

#[test]
fn an_invalid_target_is_refused_with_its_field_and_changes_nothing() {
    let app = TestApp::start();
    let cases = [
        (json!({"targetSuccessPct": 0}), "targetSuccessPct"),
        (json!({"targetSuccessPct": 100.5}), "targetSuccessPct"),
        (json!({"targetP95Ms": 0}), "targetP95Ms"),
        (json!({"errorBudgetPct": -1}), "errorBudgetPct"),
        (json!({"window": "90d"}), "window"),
        (json!({"minimumRuns": 0}), "minimumRuns"),
        (json!({"timezone": "Europe/Amsterdm"}), "timezone"),
        (json!({"workflowId": "x".repeat(257)}), "workflowId"),
    ];
    let refuse = |body: &Value| app.client().post(CONFIG).json(body).send();
    for (body, field) in &cases {
        let refused = refuse(body);
        assert_eq!(refused.status, 400, "{body}: {}", refused.text());
        assert_eq!(refused.json()["field"], *field, "{body}");
        assert!(refused.json()["fix"].is_string(), "{body}");
    }
    let unknown = refuse(&json!({"targetSucessPct": 99}));
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (400, "invalid_parameter")
    );
    assert!(
        unknown.text().contains("targetSucessPct"),
        "{}",
        unknown.text()
    );
    let elsewhere = refuse(&json!({"projectId": "0192f3a4-5b6c-7d8e-9f01-23456789abcd"}));
    assert_eq!(
        (elsewhere.status, elsewhere.code().as_str()),
        (404, "unknown_project")
    );
    assert_eq!(report(&app, "")["config"]["level"], "default");
    for (parameters, field) in [("window=2d", "window"), ("timezone=Mars", "timezone")] {
        let answer = app.get(&format!("/api/workflow-analytics/sli?{parameters}"));
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (400, &json!(field))
        );
    }
}

#[test]
fn the_etag_changes_with_the_target() {
    let app = TestApp::start();
    app.take(&runs("a", 90, 10).into());
    for page in ["sli", "overview"] {
        let path = format!("/api/workflow-analytics/{page}?workflowId=a");
        let again = || {
            // A minute may end between the two, which moves the burn rates.
            (0..3).any(|_| {
                let tag = app.get(&path).header("etag").to_owned();
                let call = app.client().get(&path).header("if-none-match", tag);
                call.send().status == 304
            })
        };
        assert!(again(), "{page}");
        let before = app.get(&path);
        configure(
            &app,
            json!({"targetSuccessPct": if page == "sli" { 80 } else { 70 }}),
        );
        let call = app
            .client()
            .get(&path)
            .header("if-none-match", before.header("etag"));
        let after = call.send();
        assert_eq!(after.status, 200, "{page}");
        assert!(again(), "{page}");
    }
}
