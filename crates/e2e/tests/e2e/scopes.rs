//! The scopes of keys, and the data that they can read.

use serde_json::json;
use weir_e2e::TestApp;

use crate::orders;

#[test]
fn a_key_can_do_only_what_its_scopes_allow() {
    let app = TestApp::with_own_keys();
    let (ingest, read) = (app.client_with("ingest key"), app.client_with("read key"));
    assert_eq!(ingest.post_events(&orders::events()).status, 200);

    let query = json!({"metrics": ["executions"], "range": {"all": true}});
    assert_eq!(read.query(&query)["rows"][0]["executions"], 10);
    for refused in [
        read.post_events(&orders::events()),
        ingest.post("/api/v1/query").json(&query).send(),
        ingest.get("/api/v1/catalog").send(),
        ingest.get("/api/v1/analytics/executions").send(),
    ] {
        assert_eq!(refused.status, 403, "{}", refused.text());
        assert_eq!(refused.code(), "missing_scope");
    }
    assert_eq!(read.query(&query)["rows"][0]["executions"], 10);
    assert_eq!(ingest.get("/api/v1/projects").send().status, 200);
}

#[test]
fn an_unknown_key_is_refused_like_no_key() {
    let app = TestApp::start();
    let elsewhere = TestApp::with_own_keys();
    let foreign = elsewhere.server().printed("ingest key");
    for key in [
        None,
        Some("weir_ing_0123456789abcdef"),
        foreign.as_deref(),
        Some("x"),
    ] {
        let answer = app.client().with_key(key).post_events(&orders::events());
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "unauthenticated"),
            "{key:?}"
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    assert_eq!(app.figures(&["executions"], None)["executions"], 0);
}

#[test]
fn a_key_sees_its_own_project_only() {
    let app = TestApp::start();
    let own = app.get("/api/v1/projects").json()["projects"][0]["id"].clone();
    let own = own.as_str().unwrap();
    let query = json!({"metrics": ["executions"], "range": {"all": true}});
    for (project, status) in [
        (own, 200),
        ("0192f3a4-5b6c-7d8e-9f01-23456789abcd", 404),
        ("not-a-uuid", 404),
    ] {
        let path = format!("/api/v1/query?projectId={project}");
        let answer = app.client().post(&path).json(&query).send();
        assert_eq!(answer.status, status, "{project}: {}", answer.text());
        if status == 404 {
            assert_eq!(answer.code(), "unknown_project");
        }
    }
    let elsewhere = app.client().post("/api/v1/events?projectId=not-a-uuid");
    assert_eq!(elsewhere.json(&orders::events()).send().status, 404);
    assert_eq!(app.figures(&["executions"], None)["executions"], 0);
}
