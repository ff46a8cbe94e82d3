//! Who sees what of the histogram and of single executions.

use serde_json::json;
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use crate::identity::strangers::stranger;

const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";

fn run(id: &str, environment: &str) -> serde_json::Value {
    let event = execution("w", id, "completed", "2024-03-04T10:00:00Z");
    with(event, json!({"environment": environment, "userId": "ada"}))
}

#[test]
fn a_key_of_an_environment_counts_its_executions_and_opens_no_view_that_covers_others() {
    let app = TestApp::start();
    let called = with(
        run("called", "prod"),
        json!({"parentExecutionId": "caller"}),
    );
    app.take(&json!([
        run("caller", "test"),
        called,
        run("other", "test")
    ]));
    let body = json!({"name": "bound", "scopes": ["read"], "environment": "prod"});
    let made = app.owner().post("/api/v1/api-keys").json(&body).send();
    assert_eq!(made.status, 201, "{}", made.text());
    let bound = app.client().with_key(made.json()["key"].as_str());
    let total = |query: &str| {
        let answer = bound
            .get(&format!("/api/v1/executions/histogram?{RANGE}{query}"))
            .send();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["total"].clone()
    };
    assert_eq!(total(""), 1);
    assert_eq!(total("&kind=root"), 0);
    // The caller is of another environment, so its name means nothing here.
    assert_eq!(total("&parentId=caller"), 0);
    let all = app.get(&format!("/api/v1/executions/histogram?{RANGE}"));
    assert_eq!(all.json()["total"], 3);
    let own = bound
        .get(&format!("/api/v1/executions/histogram?{RANGE}"))
        .send();
    assert_ne!(all.header("etag"), own.header("etag"));
    for path in [
        format!("/api/v1/executions/histogram?{RANGE}&environment=test"),
        "/api/v1/executions/called".to_owned(),
        "/api/v1/executions/called/norms".to_owned(),
        "/api/v1/executions/called/tree".to_owned(),
        format!("/api/v1/executions/called/neighbours?{RANGE}&environment=test"),
        "/api/v1/executions/comparison?a=called&b=called".to_owned(),
    ] {
        let answer = bound.get(&path).send();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "environment_bound"),
            "{path}"
        );
    }
}

#[test]
fn the_executions_of_another_organisation_cannot_be_found() {
    let app = TestApp::start();
    let (_, second) = stranger(&app);
    app.take(&json!([run("mine", "prod"), run("too", "prod")]));
    let sent = second.post_events(&json!([run("theirs", "prod")]));
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    let list = app.get(&format!("/api/v1/executions?{RANGE}")).json();
    let id = list["executions"][0]["id"].as_str().unwrap();
    let since = list["newestCursor"].as_str().unwrap();
    for place in [id, "mine"] {
        for path in [
            format!("/api/v1/executions/{place}/norms"),
            format!("/api/v1/executions/{place}/tree"),
            format!("/api/v1/executions/{place}/neighbours?{RANGE}"),
            format!("/api/v1/executions/comparison?a=theirs&b={place}"),
        ] {
            let answer = second.get(&path).send();
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (404, "not_found"),
                "{path}"
            );
        }
    }
    let count = |query: &str| {
        let path = format!("/api/v1/executions/histogram?{RANGE}{query}");
        second.get(&path).send().json()["total"].clone()
    };
    assert_eq!(count(""), 1);
    assert_eq!(count("&parentId=mine"), 0);
    assert!(count(&format!("&since={since}")).as_u64() <= Some(1));
}

#[test]
fn answers_are_reused_until_something_changes() {
    let app = TestApp::start();
    app.take(&json!([run("mine", "prod"), run("too", "prod")]));
    let id = app.get("/api/v1/executions/mine").json()["id"].clone();
    let id = id.as_str().unwrap();
    for path in [
        format!("/api/v1/executions/histogram?{RANGE}"),
        format!("/api/v1/executions/{id}/tree"),
        format!("/api/v1/executions/{id}/neighbours?{RANGE}"),
        format!("/api/v1/executions/comparison?a={id}&b=too"),
    ] {
        let first = app.get(&path);
        let again = |tag: &str| {
            let call = app.client().get(&path);
            call.header("if-none-match", tag).send().status
        };
        assert_eq!(again(first.header("etag")), 304, "{path}");
        app.take(&json!([run(&format!("more of {path}"), "prod")]));
        assert_eq!(again(first.header("etag")), 200, "{path}");
    }
}

#[test]
fn an_execution_that_got_another_id_is_found_under_it() {
    let app = TestApp::start();
    let event = |status: &str, minute: u32, more| {
        with(
            execution("w", "x", status, &format!("2024-03-04T10:{minute:02}:00Z")),
            more,
        )
    };
    app.take(&json!([event("started", 1, json!({}))]));
    let before = app.get("/api/v1/executions/x").json()["id"].clone();
    app.take(&json!([event(
        "completed",
        2,
        json!({"environment": "prod"})
    )]));
    let before = before.as_str().unwrap();
    let now = app.get("/api/v1/executions/x").json()["id"].clone();
    let now = now.as_str().unwrap();
    assert_ne!(before, now);
    for part in ["/norms", "/tree"] {
        let moved = app.get(&format!("/api/v1/executions/{before}{part}?run=1"));
        assert_eq!(moved.status, 308);
        assert_eq!(
            moved.header("location"),
            format!("/api/v1/executions/{now}{part}?run=1")
        );
    }
    let compared = app.get(&format!("/api/v1/executions/comparison?a={before}&b={now}"));
    assert_eq!(
        (&compared.json()["a"]["id"], &compared.json()["differences"]),
        (&json!(now), &json!([]))
    );
}
