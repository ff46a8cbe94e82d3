//! Two organisations on one server: neither can see or infer the other's data.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Client, TestApp, events};

use super::{join, person, project, refusal, token_of};

const WORKFLOW: &str = "workflow-of-the-first";

/// The owner of a second organisation on the same server, with a session and with a key that has every scope.
pub fn stranger(app: &TestApp) -> (Client, Client) {
    let made = app.place().weir(&["tenant", "create", "Second"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let link = made.out.trim().rsplit(' ').next().unwrap().to_owned();
    let anonymous = app.client().with_key(None);
    let body = json!({"token": token_of(&link), "email": "eve@example.com", "name": "Eve", "password": "a password of Eve"});
    let opened = anonymous.post("/api/v1/setup").json(&body).send();
    assert_eq!(opened.status, 200, "{}", opened.text());
    let session = anonymous.with_session(&opened);
    let body = json!({"name": "x", "scopes": ["ingest", "read", "manage"]});
    let made = session.post("/api/v1/api-keys").json(&body).send();
    assert_eq!(made.status, 201, "{}", made.text());
    let key = anonymous.with_key(made.json()["key"].as_str());
    (session, key)
}

#[test]
fn no_endpoint_shows_the_data_of_another_organisation() {
    let app = TestApp::start();
    let owner = app.owner();
    let run = events::execution(
        WORKFLOW,
        "run-of-the-first",
        "failed",
        "2026-01-05T10:00:00Z",
    );
    app.take(&events::with(
        run,
        json!({"userId": "user-of-the-first", "errorMessage": "boom"}),
    ));
    join(&app, &owner, "ada@example.com", &json!({"role": "viewer"}));
    let mine = json!({"project": project(&owner), "person": person(&owner, "ada@example.com"),
        "tenant": owner.get("/api/v1/session").send().json()["tenant"]["id"]});
    let (session, key) = stranger(&app);
    let document = app.get("/openapi.json").json();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["security"] == json!([{}]) {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path
                .replace("{tenant_id}", mine["tenant"].as_str().unwrap())
                .replace("{id}", WORKFLOW);
            let path = format!("{path}?projectId={}", mine["project"].as_str().unwrap());
            for client in [&session, &key] {
                if method == Method::DELETE && path.contains("/session") {
                    continue;
                }
                asked += 1;
                let call = client
                    .call(method.clone(), &path)
                    .header("accept", "application/json");
                let answer = match method {
                    Method::GET => call.send(),
                    _ => call.json(&json!({})).send(),
                };
                let what = format!("{method} {path}: {} {}", answer.status, answer.text());
                for secret in [
                    WORKFLOW,
                    "run-of-the-first",
                    "user-of-the-first",
                    "ada@example.com",
                    app.email(),
                    mine["person"].as_str().unwrap(),
                ] {
                    assert!(!answer.text().contains(secret), "{secret} in {what}");
                }
                let of_a_project = operation["parameters"]
                    .to_string()
                    .contains("\"projectId\"");
                if of_a_project {
                    let expected = [400, 401, 403, 404];
                    assert!(expected.contains(&answer.status), "{what}");
                }
                if of_a_project && method == Method::GET && answer.status != 400 {
                    assert_eq!(answer.status, 404, "{what}");
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn ids_of_another_organisation_are_reported_as_nonexistent() {
    let app = TestApp::start();
    let owner = app.owner();
    join(&app, &owner, "ada@example.com", &json!({"role": "viewer"}));
    let (session, _) = stranger(&app);
    let first = |path: &str, list: &str| {
        let answer = owner.get(path).send().json();
        answer[list][0]["id"].as_str().unwrap().to_owned()
    };
    let invited = json!({"email": "bob@example.com", "role": "viewer"});
    let invitation = owner
        .post("/api/v1/invitations")
        .json(&invited)
        .send()
        .json();
    let ids = [
        (
            Method::DELETE,
            "/api/v1/people/ID",
            person(&owner, "ada@example.com"),
            Value::Null,
        ),
        (
            Method::PUT,
            "/api/v1/people/ID/roles",
            person(&owner, "ada@example.com"),
            json!({"role": "viewer"}),
        ),
        (
            Method::DELETE,
            "/api/v1/invitations/ID",
            invitation["id"].as_str().unwrap().to_owned(),
            Value::Null,
        ),
        (
            Method::DELETE,
            "/api/v1/sessions/ID",
            first("/api/v1/sessions", "sessions"),
            Value::Null,
        ),
        (
            Method::DELETE,
            "/api/v1/api-keys/ID",
            first("/api/v1/api-keys", "keys"),
            Value::Null,
        ),
        (
            Method::POST,
            "/api/v1/api-keys/ID/rotate",
            first("/api/v1/api-keys", "keys"),
            json!({}),
        ),
        (
            Method::PATCH,
            "/api/v1/projects/ID",
            project(&owner),
            json!({"name": "mine now"}),
        ),
        (
            Method::PUT,
            "/api/v1/session/tenant",
            String::new(),
            json!({"tenantId": owner.get("/api/v1/session").send().json()["tenant"]["id"]}),
        ),
    ];
    for (method, path, id, body) in ids {
        let ask = |id: &str| {
            let call = session.call(method.clone(), &path.replace("ID", id));
            match body {
                Value::Null => call.send(),
                _ => call.json(&body).send(),
            }
        };
        let (theirs, unknown) = (ask(&id), ask("0192f3a4-5b6c-7d8e-9f01-23456789abcd"));
        assert_eq!(theirs.status, 404, "{method} {path}: {}", theirs.text());
        assert_eq!(refusal(&theirs), refusal(&unknown), "{method} {path}");
    }
    // Nothing has changed.
    assert_eq!(
        owner.get("/api/v1/people").send().json()["people"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        owner.get("/api/v1/invitations").send().json()["invitations"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let given = json!({"projects": [{"projectId": project(&owner), "role": "viewer"}], "email": "x@example.com"});
    let invited = session.post("/api/v1/invitations").json(&given).send();
    assert_eq!(
        (invited.status, invited.code().as_str()),
        (404, "unknown_project")
    );
}
