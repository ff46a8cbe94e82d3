//! API keys: their scopes, lifetime and environment.

use serde_json::{Value, json};
use weir_e2e::{Answer, Client, TestApp, events, shape};

use super::{join, refusal, refused};

const KEYS: &str = "/api/v1/api-keys";

fn create(client: &Client, body: &Value) -> Answer {
    client.post(KEYS).json(body).send()
}

/// The id of a new key, and a client with that key.
fn key(app: &TestApp, body: &Value) -> (String, Client) {
    let made = create(&app.owner(), body);
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let client = app.client().with_key(made["key"].as_str());
    (made["id"].as_str().unwrap().to_owned(), client)
}

fn run(id: &str) -> Value {
    events::execution("w", id, "completed", "2026-01-05T10:00:00Z")
}

fn reads(client: &Client) -> u16 {
    let query = json!({"metrics": ["executions"], "range": {"all": true}});
    client.post("/api/v1/query").json(&query).send().status
}

#[test]
fn a_key_is_shown_once_and_listed_by_its_prefix() {
    let app = TestApp::start();
    let owner = app.owner();
    let body = json!({"name": "n8n", "scopes": ["ingest"], "environment": "production", "expiresAt": "2100-01-01T00:00:00Z"});
    let made = create(&owner, &body);
    assert_eq!(made.status, 201, "{}", made.text());
    insta::assert_json_snapshot!("api_key", shape(&made.json()));
    let secret = made.json()["key"].as_str().unwrap().to_owned();
    let listed = owner.get(KEYS).send();
    assert!(!listed.text().contains(&secret));
    insta::assert_json_snapshot!("api_keys", shape(&listed.json()));
    assert!(secret.starts_with(listed.json()["keys"][0]["prefix"].as_str().unwrap()));
    let client = app.client().with_key(Some(&secret));
    assert_eq!(client.post_events(&run("1")).status, 200);
    let used = owner.get(KEYS).send().json()["keys"][0]["lastUsedAt"].clone();
    assert!(used.is_string(), "{used}");
}

#[test]
fn an_invalid_key_is_refused_with_its_field() {
    let app = TestApp::start();
    let owner = app.owner();
    for (body, field) in [
        (json!({"name": "", "scopes": ["read"]}), "name"),
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["root"]}), "scopes"),
        (
            json!({"name": "x", "scopes": ["read"], "environment": ""}),
            "environment",
        ),
        (
            json!({"name": "x", "scopes": ["manage"], "environment": "test"}),
            "environment",
        ),
        (
            json!({"name": "x", "scopes": ["read"], "expiresAt": "2020-01-01T00:00:00Z"}),
            "expiresAt",
        ),
    ] {
        let answer = create(&owner, &body);
        assert_eq!(
            refusal(&answer),
            refused(400, "invalid_parameter"),
            "{body}"
        );
        assert_eq!(answer.json()["field"], field, "{body}");
    }
}

#[test]
fn revoking_a_key_takes_effect_immediately_even_while_it_is_in_use() {
    let app = TestApp::start();
    let (id, client) = key(&app, &json!({"name": "x", "scopes": ["ingest", "read"]}));
    assert_eq!(
        (client.post_events(&run("1")).status, reads(&client)),
        (200, 200)
    );
    let session = app.owner().get("/api/v1/session").send().json();
    let path = format!(
        "/api/v1/sse/counts/{}",
        session["tenant"]["id"].as_str().unwrap()
    );
    let mut stream = client.get(&path).follow(None).expect("it streams");
    stream.next_of("counts.update");
    let owner = app.owner();
    assert_eq!(owner.delete(&format!("{KEYS}/{id}")).status, 204);
    let refusals = [
        client.post_events(&run("2")),
        client.get("/api/v1/projects").send(),
    ];
    for answer in refusals {
        assert_eq!(refusal(&answer), refused(401, "unauthenticated"));
    }
    // The revocation itself ends the stream: the regular check is a minute away.
    let began = std::time::Instant::now();
    while stream.next_news().is_some() {}
    assert!(began.elapsed().as_secs() < 30);
    let again = owner.delete(&format!("{KEYS}/{id}"));
    assert_eq!(refusal(&again), refused(404, "unknown_key"));
}

#[test]
fn a_rotated_key_works_until_the_overlap_is_over() {
    let app = TestApp::start();
    let owner = app.owner();
    let (id, old) = key(&app, &json!({"name": "x", "scopes": ["read"]}));
    let rotate = |id: &str, body: Value| {
        owner
            .post(&format!("{KEYS}/{id}/rotate"))
            .json(&body)
            .send()
    };
    let rotated = rotate(&id, json!({}));
    assert_eq!(rotated.status, 201, "{}", rotated.text());
    let new = app.client().with_key(rotated.json()["key"].as_str());
    assert_eq!((reads(&old), reads(&new)), (200, 200));
    let listed = owner.get(KEYS).send().json();
    let before = listed["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["id"] == id.as_str())
        .unwrap()
        .clone();
    assert_eq!(before["replacedBy"], rotated.json()["id"]);
    assert!(before["expiresAt"].is_string());
    assert_eq!(
        refusal(&rotate(&id, json!({}))),
        refused(409, "key_not_in_force")
    );

    let second = rotated.json()["id"].as_str().unwrap().to_owned();
    let without = rotate(&second, json!({"overlapSeconds": 0}));
    assert_eq!(without.status, 201, "{}", without.text());
    assert_eq!(reads(&new), 401);
    let bad = rotate(
        without.json()["id"].as_str().unwrap(),
        json!({"overlapSeconds": -1}),
    );
    assert_eq!(refusal(&bad), refused(400, "invalid_parameter"));
    for unknown in ["x", "0192f3a4-5b6c-7d8e-9f01-23456789abcd"] {
        assert_eq!(
            refusal(&rotate(unknown, json!({}))),
            refused(404, "unknown_key")
        );
    }
}

#[test]
fn a_key_of_an_environment_can_send_to_it_and_read_from_it_only() {
    let app = TestApp::start();
    let in_test = events::with(run("1"), json!({"environment": "test"}));
    app.take(&json!([
        in_test,
        events::with(run("2"), json!({"environment": "production"}))
    ]));
    let (_, bound) = key(
        &app,
        &json!({"name": "x", "scopes": ["ingest", "read"], "environment": "production"}),
    );
    let sent = bound.post_events(&json!([
        run("3"),
        events::with(run("4"), json!({"environment": "test"}))
    ]));
    assert_eq!(sent.json()["accepted"], 1, "{}", sent.text());
    let fault = &sent.json()["errors"][0];
    assert_eq!(
        (&fault["code"], &fault["field"]),
        (&json!("environment_bound"), &json!("environment"))
    );
    // The same event sent with a key of the whole project is a duplicate: its id is the same.
    let again = app.post_events(&events::with(
        run("3"),
        json!({"environment": "production"}),
    ));
    assert_eq!(again.json()["duplicates"], 1, "{}", again.text());

    let query =
        json!({"metrics": ["executions"], "dimensions": ["environment"], "range": {"all": true}});
    let rows = bound.query(&query)["rows"].clone();
    assert_eq!(
        rows,
        json!([{"environment": "production", "executions": 2}])
    );
    let path =
        "/api/v1/analytics/executions/summary?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z";
    let summary = bound.get(path).send();
    assert_eq!(
        summary.json()["current"]["totalExecutions"],
        2,
        "{}",
        summary.text()
    );
    let whole = app.get(path);
    assert_eq!(
        whole.json()["current"]["totalExecutions"],
        3,
        "{}",
        whole.text()
    );
    assert_ne!(whole.header("etag"), summary.header("etag"));
    let listed = bound
        .get("/api/v1/executions?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z")
        .send();
    assert_eq!(listed.status, 200, "{}", listed.text());
    assert!(!listed.text().contains("\"test\""), "{}", listed.text());
    for path in [
        "/api/v1/analytics/executions?environment=test",
        "/api/v1/observability/environments",
        "/api/v1/analytics/costs",
        "/api/v1/analytics/workflows/w/map?environment=test",
        // The rules of a workflow are about all of its environments.
        "/api/v1/analytics/workflows/w/conformance",
        "/api/v1/audit",
    ] {
        let answer = bound.get(path).send();
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    let projects = bound.get("/api/v1/projects").send().json();
    let project = &projects["projects"][0];
    assert_eq!(project["environments"], json!(["production"]));
    assert_eq!(
        (&project["firstEvent"], &project["newestEvent"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_key_of_an_environment_learns_nothing_about_other_environments() {
    let app = TestApp::start();
    let named = |id: &str, workflow: &str, environment: &str| {
        events::with(
            run(id),
            json!({"workflowId": workflow, "workflowName": format!("The {workflow}"),
                   "environment": environment}),
        )
    };
    app.take(&json!([
        named("1", "secret", "test"),
        named("2", "known", "production")
    ]));
    let (_, bound) = key(
        &app,
        &json!({"name": "x", "scopes": ["read"], "environment": "production"}),
    );
    let performance = |workflow: &str| {
        let path = format!(
            "/api/v1/analytics/workflows/{workflow}/performance?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"
        );
        let answer = bound.get(&path).send();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    assert_eq!(performance("secret")["workflowName"], Value::Null);
    let known = performance("known");
    assert_eq!(known["workflowName"], "The known");
    let completeness = &known["meta"]["completeness"];
    assert_eq!(
        (&completeness["sources"], &completeness["newestEvent"]),
        (&json!([]), &Value::Null)
    );
    assert!(completeness["completeUntil"].is_string(), "{completeness}");
}

#[test]
fn a_key_with_only_the_ingest_scope_sees_the_names_of_its_projects() {
    let app = TestApp::start();
    app.take(&json!([events::with(
        run("1"),
        json!({"environment": "test"})
    )]));
    let (_, sends) = key(&app, &json!({"name": "x", "scopes": ["ingest"]}));
    let projects = sends.get("/api/v1/projects").send().json();
    let project = projects["projects"][0].as_object().expect("its project");
    assert!(project["id"].is_string() && project["name"].is_string());
    for field in ["firstEvent", "newestEvent", "ingestKeyPrefix"] {
        assert_eq!(project[field], Value::Null, "{field}");
    }
    assert_eq!(project["environments"], json!([]));
}

#[test]
fn no_one_can_create_a_key_with_more_permissions_than_their_own() {
    let app = TestApp::start();
    let owner = app.owner();
    let (_, manages) = key(&app, &json!({"name": "x", "scopes": ["manage"]}));
    let wide = create(
        &manages,
        &json!({"name": "y", "scopes": ["manage", "ingest"]}),
    );
    assert_eq!(refusal(&wide), refused(403, "missing_scope"));
    assert_eq!(
        create(&manages, &json!({"name": "y", "scopes": ["manage"]})).status,
        201
    );
    let all = owner.get(KEYS).send().json();
    let given = all["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["name"] == "given key")
        .unwrap()["id"]
        .clone();
    let path = format!("{KEYS}/{}/rotate", given.as_str().unwrap());
    let taken_over = manages.post(&path).json(&json!({})).send();
    assert_eq!(refusal(&taken_over), refused(403, "missing_scope"));
    let analyst = join(&app, &owner, "ada@example.com", &json!({"role": "analyst"}));
    let refusal_of = create(&analyst, &json!({"name": "y", "scopes": ["read"]}));
    assert_eq!(refusal(&refusal_of), refused(403, "missing_permission"));
}
