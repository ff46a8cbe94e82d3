//! Error groups that people resolve, ignore and assign.

use serde_json::{Value, json};
use weir_e2e::{
    Answer, TestApp,
    events::{execution, now, with},
};

const TIMED_OUT: &str = "Connection timed out";
const REFUSED: &str = "Batch was refused by the warehouse";

/// A failed execution that ended now, or later.
fn fail(app: &TestApp, id: &str, message: &str, later: i64) {
    let mut failed = execution("orders", id, "failed", "2024-03-04T10:00:00Z");
    failed["timestamp"] = json!(now() + later);
    app.take(&json!([with(failed, json!({"errorMessage": message}))]));
}

fn groups(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/api/v1/errors/groups?last=24h&{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()["errors"].as_array().unwrap().clone()
}

/// The messages and states of the groups.
fn states(app: &TestApp, query: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |group: &Value| {
        (
            text(&group["sampleMessage"]),
            text(&group["triage"]["state"]),
        )
    };
    let mut states: Vec<_> = groups(app, query).iter().map(of).collect();
    states.sort();
    states
}

fn id_of(app: &TestApp, message: &str) -> String {
    let groups = groups(app, "");
    let group = groups
        .iter()
        .find(|group| group["sampleMessage"] == message);
    group.unwrap()["errorGroup"].as_str().unwrap().to_owned()
}

fn put(app: &TestApp, path: &str, tag: Option<&str>, body: &Value) -> Answer {
    let call = app.client().call(
        "PUT".parse().unwrap(),
        &format!("/api/v1/errors/groups/{path}"),
    );
    let call = match tag {
        Some(tag) => call.header("if-match", tag),
        None => call,
    };
    call.json(body).send()
}

fn pair(message: &str, state: &str) -> (String, String) {
    (message.to_owned(), state.to_owned())
}

#[test]
fn a_resolved_group_comes_back_with_the_next_error_and_an_ignored_one_does_not() {
    let app = TestApp::start();
    fail(&app, "1", TIMED_OUT, -60_000);
    fail(&app, "2", REFUSED, -60_000);
    let (slow, full) = (id_of(&app, TIMED_OUT), id_of(&app, REFUSED));
    let body = json!({"state": "resolved", "note": "retries are on"});
    let resolved = put(&app, &format!("{slow}/state"), Some("\"0\""), &body);
    assert_eq!(
        (resolved.status, resolved.header("etag")),
        (200, "\"1\""),
        "{}",
        resolved.text()
    );
    assert_eq!(resolved.json()["note"], "retries are on");
    assert_eq!(
        put(
            &app,
            &format!("{full}/state"),
            None,
            &json!({"state": "ignored"})
        )
        .status,
        200
    );

    // An error that ended before, and arrives only now, does not bring it back.
    fail(&app, "3", TIMED_OUT, -30_000);
    assert_eq!(
        states(&app, ""),
        [pair(REFUSED, "ignored"), pair(TIMED_OUT, "resolved")]
    );
    assert_eq!(states(&app, "state=open"), []);
    assert_eq!(
        states(&app, "state=resolved"),
        [pair(TIMED_OUT, "resolved")]
    );

    fail(&app, "4", TIMED_OUT, 1_000);
    fail(&app, "5", REFUSED, 1_000);
    assert_eq!(
        states(&app, ""),
        [pair(REFUSED, "ignored"), pair(TIMED_OUT, "came_back")]
    );
    assert_eq!(states(&app, "state=open"), [pair(TIMED_OUT, "came_back")]);
    assert_eq!(
        states(&app, "state=came_back"),
        [pair(TIMED_OUT, "came_back")]
    );
    assert_eq!(states(&app, "state=resolved"), []);
    assert_eq!(states(&app, "state=ignored"), [pair(REFUSED, "ignored")]);
    let shown = app
        .get(&format!("/api/v1/errors/groups/{slow}?last=24h"))
        .json();
    let triage = &shown["group"]["triage"];
    assert!(
        triage["cameBackAt"].as_str() > triage["resolvedAt"].as_str(),
        "{triage}"
    );

    let stale = put(&app, &format!("{slow}/state"), Some("\"0\""), &body);
    assert_eq!(
        (stale.status, stale.code()),
        (412, "precondition_failed".to_owned())
    );
    let reopened = put(
        &app,
        &format!("{slow}/state"),
        Some("\"1\""),
        &json!({"state": "open"}),
    );
    assert_eq!(reopened.json()["state"], "open");
    assert_eq!(reopened.json()["resolvedAt"], Value::Null);
    let log = app
        .get("/api/v1/audit?kind=change&action=error_group")
        .json();
    assert_eq!(log["entries"][0]["action"], "error_group.reopened");
    assert_eq!(log["entries"][0]["detail"]["before"]["state"], "resolved");
}

#[test]
fn a_group_is_assigned_to_someone_who_can_read_the_project() {
    let app = TestApp::start();
    fail(&app, "1", TIMED_OUT, -60_000);
    let group = id_of(&app, TIMED_OUT);
    let owner = app.owner();
    let people = owner.get("/api/v1/errors/assignees").send().json();
    let me = people["assignees"][0].clone();
    assert_eq!(me["email"], app.email());
    let path = format!("{group}/assignee");
    let stranger = put(
        &app,
        &path,
        None,
        &json!({"assigneeId": "00000000-0000-7000-8000-000000000000"}),
    );
    assert_eq!(
        (stranger.status, stranger.code()),
        (404, "unknown_person".to_owned())
    );
    let assigned = put(&app, &path, None, &json!({"assigneeId": me["id"]}));
    assert_eq!(assigned.json()["assignee"], me, "{}", assigned.text());
    // To assign a group is no decision about it, and does not change who decided.
    assert_eq!(assigned.json()["decidedBy"], Value::Null);
    let ignored = owner.put(
        &format!("/api/v1/errors/groups/{group}/state"),
        &json!({"state": "ignored"}),
    );
    assert_eq!(
        ignored.json()["decidedBy"],
        app.email(),
        "{}",
        ignored.text()
    );
    let again = put(&app, &path, None, &json!({"assigneeId": me["id"]})).json();
    assert_eq!(again["decidedBy"], app.email());
    assert_eq!(again["decidedAt"], ignored.json()["decidedAt"]);
    assert!(again["author"].as_str().unwrap().starts_with("key "));
    put(
        &app,
        &format!("{group}/state"),
        None,
        &json!({"state": "open"}),
    );
    let mine = format!("assigneeId={}", me["id"].as_str().unwrap());
    assert_eq!(states(&app, &mine), [pair(TIMED_OUT, "open")]);
    assert_eq!(states(&app, &format!("{mine}&state=resolved")), []);
    let nobody = put(&app, &path, None, &json!({"assigneeId": null}));
    assert_eq!(nobody.json()["assignee"], Value::Null);
    assert_eq!(states(&app, &mine), []);
    let unknown = put(&app, "nothing/assignee", None, &json!({"assigneeId": null}));
    assert_eq!(
        (unknown.status, unknown.code()),
        (404, "unknown_error_group".to_owned())
    );
}

#[test]
fn decisions_are_limited_and_change_the_tag_of_the_list() {
    let app = TestApp::configured(&[("WEIR_PROJECTS_TRIAGED_ERRORS", "1")]);
    fail(&app, "1", TIMED_OUT, -60_000);
    fail(&app, "2", REFUSED, -60_000);
    let (slow, full) = (id_of(&app, TIMED_OUT), id_of(&app, REFUSED));
    let range = "from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z";
    let list = || app.get(&format!("/api/v1/errors/groups?{range}"));
    let before = list().header("etag").to_owned();
    let ignore = |group: &str| {
        put(
            &app,
            &format!("{group}/state"),
            None,
            &json!({"state": "ignored"}),
        )
    };
    assert_eq!(ignore(&slow).status, 200);
    assert_ne!(list().header("etag"), before);
    assert_eq!(ignore(&slow).status, 200);
    let refused = ignore(&full);
    assert_eq!(
        (refused.status, refused.code()),
        (409, "quota_exceeded".to_owned())
    );
    assert!(refused.text().contains("projects.triaged_errors"));
}
