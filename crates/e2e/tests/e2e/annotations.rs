//! Annotations: releases, incidents and notes on a project's timeline.

use serde_json::{Value, json};
use weir_e2e::{Answer, Client, TestApp, shape};

const PATH: &str = "/api/v1/annotations";

fn add(client: &Client, body: &Value) -> Answer {
    client.post(PATH).json(body).send()
}

fn added(client: &Client, body: &Value) -> Value {
    let answer = add(client, body);
    assert_eq!(answer.status, 201, "{body}: {}", answer.text());
    assert_eq!(answer.header("etag"), "\"1\"");
    answer.json()
}

fn listed(client: &Client, query: &str) -> Value {
    let answer = client.get(&format!("{PATH}?{query}")).send();
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn titles(page: &Value) -> Vec<&str> {
    let annotations = page["annotations"].as_array().unwrap().iter();
    annotations
        .map(|one| one["title"].as_str().unwrap())
        .collect()
}

fn change(client: &Client, id: &str, tag: &str, body: &Value) -> Answer {
    client
        .call("PUT".parse().unwrap(), &format!("{PATH}/{id}"))
        .header("if-match", tag)
        .json(body)
        .send()
}

/// A moment, an interval, an open incident, and one of a workflow and an environment.
fn filled(app: &TestApp) {
    for body in [
        json!({"kind": "note", "title": "moved", "startsAt": "2024-03-01T10:00:00Z"}),
        json!({"kind": "incident", "title": "outage", "startsAt": "2024-03-02T10:00:00Z",
            "endsAt": "2024-03-04T10:00:00Z", "url": "https://status.example.com/7"}),
        json!({"kind": "incident", "title": "open", "startsAt": "2024-03-03T10:00:00Z"}),
        json!({"kind": "release", "title": "9 is out", "version": "9", "workflowId": "invoices",
            "environment": "production", "startsAt": "2024-03-05T10:00:00Z"}),
    ] {
        added(app.client(), &body);
    }
}

#[test]
fn annotations_are_listed_by_what_they_overlap_and_concern() {
    let app = TestApp::start();
    filled(&app);
    let client = app.client();
    let all = listed(client, "");
    assert_eq!(titles(&all), ["9 is out", "open", "outage", "moved"]);
    let mut shaped = shape(&all);
    for one in shaped["annotations"].as_array_mut().unwrap() {
        let author = one["author"].as_str().unwrap().to_owned();
        assert!(author.starts_with("key "), "{author}");
        one["author"] = json!("key [id]");
    }
    insta::assert_json_snapshot!(shaped);
    for (query, expected) in [
        // The open incident overlaps everything after its start; ends are exclusive.
        (
            "from=2024-03-06T00:00:00Z&to=2024-03-07T00:00:00Z",
            &["open"][..],
        ),
        (
            "from=2024-03-04T10:00:00Z&to=2024-03-05T10:00:00Z",
            &["open"],
        ),
        (
            "from=2024-03-04T09:59:59Z&to=2024-03-05T10:00:00Z",
            &["open", "outage"],
        ),
        ("to=2024-03-01T10:00:00.001Z", &["moved"]),
        (
            "from=2024-03-01T10:00:00Z&to=2024-03-02T10:00:00Z",
            &["moved"],
        ),
        ("kind=incident", &["open", "outage"]),
        (
            "workflowId=invoices",
            &["9 is out", "open", "outage", "moved"],
        ),
        ("workflowId=other", &["open", "outage", "moved"]),
        ("environment=staging&kind=release", &[]),
        ("environment=production&kind=release", &["9 is out"]),
    ] {
        assert_eq!(titles(&listed(client, query)), expected, "{query}");
    }
    let first = listed(client, "limit=3");
    assert_eq!(titles(&first), ["9 is out", "open", "outage"]);
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = listed(client, &format!("limit=3&cursor={cursor}"));
    assert_eq!(titles(&second), ["moved"]);
    assert_eq!(second["nextCursor"], Value::Null);
}

#[test]
fn an_annotation_is_changed_and_deleted_by_the_revision_that_was_read() {
    let app = TestApp::start();
    let client = app.client();
    let body = json!({"kind": "incident", "title": "outage"});
    let made = added(client, &body);
    let id = made["id"].as_str().unwrap();
    let mut body = json!({"kind": "incident", "title": "hubspot down", "description": "Their status page\nsays so",
        "startsAt": made["startsAt"], "endsAt": "2100-01-01T00:00:00Z"});
    let changed = change(client, id, "\"1\"", &body);
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
    let shown = client.get(&format!("{PATH}/{id}")).send();
    assert_eq!(shown.header("etag"), "\"2\"");
    assert_eq!(shown.json(), changed.json());
    assert_eq!(shown.json()["title"], "hubspot down");
    let stale = change(client, id, "\"1\"", &body);
    assert_eq!(
        (stale.status, stale.code()),
        (412, "precondition_failed".to_owned())
    );
    body["endsAt"] = made["startsAt"].clone();
    let backwards = change(client, id, "*", &body);
    assert_eq!(
        (backwards.status, &backwards.json()["field"]),
        (400, &json!("endsAt"))
    );

    let path = format!("{PATH}/{id}");
    let delete = |tag: &str| {
        let call = client.call("DELETE".parse().unwrap(), &path);
        call.header("if-match", tag).send()
    };
    assert_eq!(delete("\"1\"").status, 412);
    assert_eq!(delete("\"2\"").status, 204);
    assert_eq!(delete("\"2\"").status, 404);
    let log = app
        .get("/api/v1/audit?kind=change&action=annotation")
        .json();
    let actions: Vec<_> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "annotation.deleted",
            "annotation.changed",
            "annotation.added"
        ]
    );
}

#[test]
fn an_ingest_key_adds_annotations_and_no_more() {
    let app = TestApp::start();
    let made = app
        .client()
        .post("/api/v1/api-keys")
        .json(&json!({"name": "pipeline", "scopes": ["ingest"]}))
        .send();
    assert_eq!(made.status, 201, "{}", made.text());
    let pipeline = app.client().with_key(made.json()["key"].as_str());
    let release = added(&pipeline, &json!({"kind": "release", "title": "9 is out"}));
    let id = release["id"].as_str().unwrap();
    assert!(release["author"].as_str().unwrap().starts_with("key "));
    let own = json!({"kind": "release", "title": "10 is out"});
    for refused in [
        change(&pipeline, id, "*", &own),
        pipeline.delete(&format!("{PATH}/{id}")),
        pipeline.get(PATH).send(),
    ] {
        assert_eq!(
            (refused.status, refused.code()),
            (403, "missing_scope".to_owned())
        );
    }
    assert_eq!(titles(&listed(app.client(), "")), ["9 is out"]);
}

#[test]
fn a_project_has_only_so_many_annotations() {
    let app = TestApp::configured(&[("WEIR_PROJECTS_ANNOTATIONS", "1")]);
    let body = json!({"kind": "note", "title": "t"});
    added(app.client(), &body);
    let refused = add(app.client(), &body);
    assert_eq!(
        (refused.status, refused.code()),
        (409, "quota_exceeded".to_owned())
    );
    assert!(refused.text().contains("projects.annotations"));
}
