//! What follows people to any browser: saved views, preferences, and announcements of the operator.

use serde_json::{Value, json};
use weir_e2e::{Answer, Client, TestApp, shape};

use crate::identity::join;

const VIEWS: &str = "/api/v1/views";
const PREFERENCES: &str = "/api/v1/profile/preferences";

fn view(name: &str, shared: bool) -> Value {
    json!({"name": name, "shared": shared,
        "page": {"path": ["executions"], "parameters": {"status": "failed", "last": "7d"}}})
}

fn save(client: &Client, body: &Value) -> Answer {
    client.post(VIEWS).json(body).send()
}

fn saved(client: &Client, body: &Value) -> Value {
    let answer = save(client, body);
    assert_eq!(
        (answer.status, answer.header("etag")),
        (201, "\"1\""),
        "{}",
        answer.text()
    );
    answer.json()
}

fn put(client: &Client, path: &str, tag: &str, body: &Value) -> Answer {
    let call = client.call("PUT".parse().unwrap(), path);
    call.header("if-match", tag).json(body).send()
}

fn names(client: &Client) -> Vec<String> {
    let page = client.get(VIEWS).send().json();
    let views = page["views"].as_array().unwrap().iter();
    views
        .map(|view| view["name"].as_str().unwrap().to_owned())
        .collect()
}

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[test]
fn a_private_view_is_seen_by_its_owner_and_a_shared_one_by_everyone() {
    let app = TestApp::start();
    let owner = app.owner();
    let viewer = join(&app, &owner, "vera@example.com", &json!({"role": "viewer"}));
    let made = saved(&owner, &view("mine", false));
    insta::assert_json_snapshot!(shape(&made));
    let shared = saved(&owner, &view("ours", true));
    saved(&viewer, &view("mine", false));
    assert_eq!(names(&owner), ["mine", "ours"]);
    assert_eq!(names(&viewer), ["ours", "mine"]);
    assert_eq!(names(app.client()), ["ours"]);

    let taken = save(&owner, &view("mine", false));
    assert_eq!(refusal(&taken), (409, "name_taken".to_owned()));
    let of_key = save(app.client(), &view("a key's", false));
    assert_eq!(
        (of_key.status, &of_key.json()["field"]),
        (400, &json!("shared"))
    );
    for (id, body) in [
        (&made["id"], view("stolen", false)),
        (&shared["id"], view("ours", false)),
    ] {
        let path = format!("{VIEWS}/{}", id.as_str().unwrap());
        let expected = match id == &made["id"] {
            true => (404, "not_found".to_owned()),
            false => (403, "missing_permission".to_owned()),
        };
        assert_eq!(refusal(&put(&viewer, &path, "*", &body)), expected);
        assert_eq!(refusal(&viewer.delete(&path)), expected);
    }
    let share = save(&viewer, &view("everyone's", true));
    assert_eq!(refusal(&share), (403, "missing_permission".to_owned()));
}

#[test]
fn a_view_is_changed_by_its_revision_and_leaves_with_its_owner() {
    let app = TestApp::start();
    let owner = app.owner();
    let ada = join(&app, &owner, "ada@example.com", &json!({"role": "analyst"}));
    let ours = saved(&ada, &view("ours", true));
    saved(&ada, &view("mine", false));
    let path = format!("{VIEWS}/{}", ours["id"].as_str().unwrap());
    let renamed = put(&owner, &path, "\"1\"", &view("Failed payments", true));
    assert_eq!(
        (renamed.status, renamed.header("etag")),
        (200, "\"2\""),
        "{}",
        renamed.text()
    );
    assert_eq!(renamed.json()["author"], "ada@example.com");
    let stale = put(&owner, &path, "\"1\"", &view("ours", true));
    assert_eq!(refusal(&stale), (412, "precondition_failed".to_owned()));

    let people = owner.get("/api/v1/people").send().json();
    let people = people["people"].as_array().unwrap().clone();
    let id = people
        .iter()
        .find(|one| one["email"] == "ada@example.com")
        .unwrap()["id"]
        .clone();
    assert_eq!(
        owner
            .delete(&format!("/api/v1/people/{}", id.as_str().unwrap()))
            .status,
        204
    );
    assert_eq!(names(&owner), ["Failed payments"]);
    let log = app
        .get("/api/v1/audit?kind=change&action=saved_view")
        .json();
    assert_eq!(log["entries"][0]["action"], "saved_view.changed");
    assert_eq!(owner.delete(&path).status, 204);
    assert_eq!(names(&owner), [""; 0]);
}

#[test]
fn views_are_checked_counted_and_paged() {
    let app = TestApp::configured(&[("WEIR_PROJECTS_SAVED_VIEWS", "2")]);
    let owner = app.owner();
    for (field, page) in [
        ("page", json!({"path": []})),
        ("page", json!({"path": vec!["x"; 11]})),
        ("page.path", json!({"path": [""]})),
        ("page.path", json!({"path": ["a\u{0}"]})),
        (
            "page.parameters",
            json!({"path": ["x"], "parameters": {"a": "x".repeat(4_001)}}),
        ),
    ] {
        let body = json!({"name": "bad", "page": page});
        let refused = save(&owner, &body);
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{body}"
        );
    }
    for name in ["a", "b"] {
        saved(&owner, &view(name, true));
    }
    let refused = save(&owner, &view("c", true));
    assert_eq!(refusal(&refused), (409, "quota_exceeded".to_owned()));
    // Private ones are counted separately.
    saved(&owner, &view("c", false));
    let first = owner.get(&format!("{VIEWS}?limit=2")).send().json();
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = owner
        .get(&format!("{VIEWS}?limit=2&cursor={cursor}"))
        .send()
        .json();
    assert_eq!(rest["views"][0]["name"], "c");
    assert_eq!(rest["nextCursor"], Value::Null);
}

#[test]
fn preferences_follow_a_person_and_are_theirs_alone() {
    let app = TestApp::start();
    let owner = app.owner();
    let ada = join(&app, &owner, "ada@example.com", &json!({"role": "viewer"}));
    let none = ada.get(PREFERENCES).send();
    assert_eq!(
        (none.header("etag"), &none.json()["theme"]),
        ("\"0\"", &Value::Null)
    );
    let wanted = json!({"theme": "dark", "timezone": "Europe/Amsterdam", "range": "7d",
        "startPage": "executions", "executionColumns": ["status", "metadata.client"]});
    let put_once = put(&ada, PREFERENCES, "\"0\"", &wanted);
    assert_eq!(
        (put_once.status, put_once.header("etag")),
        (200, "\"1\""),
        "{}",
        put_once.text()
    );
    let again = put(&ada, PREFERENCES, "\"0\"", &wanted);
    assert_eq!(refusal(&again), (412, "precondition_failed".to_owned()));
    let elsewhere = app.person("ada@example.com", "twelve letters at least");
    let read = elsewhere.get(PREFERENCES).send().json();
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&read[name], value, "{name}");
    }
    assert_eq!(owner.get(PREFERENCES).send().json()["revision"], 0);
    let key = app.get(PREFERENCES);
    assert_eq!(refusal(&key), (401, "unauthenticated".to_owned()));
    for (field, value) in [
        ("timezone", json!("Europe/Amsterdm")),
        ("range", json!("7 days")),
        ("startPage", json!("")),
        ("executionColumns", json!(vec!["x"; 51])),
    ] {
        let refused = put(&ada, PREFERENCES, "*", &json!({ field: value }));
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{}",
            refused.text()
        );
    }
    assert_eq!(elsewhere.get(PREFERENCES).send().json()["revision"], 1);
}

#[test]
fn the_operator_announces_to_everyone_while_the_server_runs() {
    let app = TestApp::start();
    let announce = |arguments: &[&str]| {
        let all = [&["announce"], arguments].concat();
        let ended = app.place().weir(&all);
        (ended.code == Some(0), ended.out.clone() + &ended.err)
    };
    let shown = |what: &str, wanted: &dyn Fn(&Value) -> bool| {
        weir_e2e::until(what, std::time::Duration::from_secs(30), || {
            let found = app.get("/api/v1/announcement").json()["announcement"].clone();
            wanted(&found).then_some(found)
        })
    };
    assert_eq!(shown("nothing", &Value::is_null), Value::Null);
    assert!(
        announce(&[
            "--until",
            "2999-01-01T00:00:00Z",
            "--warning",
            "Down at noon"
        ])
        .0
    );
    let found = shown("the announcement", &Value::is_object);
    assert_eq!(
        (&found["text"], &found["level"]),
        (&json!("Down at noon"), &json!("warning"))
    );
    assert_eq!(found["endsAt"], "2999-01-01T00:00:00Z");
    // One that is over is not shown.
    assert!(announce(&["--until", "2020-01-01T00:00:00Z", "Too late"]).0);
    shown("no announcement", &Value::is_null);
    assert!(announce(&["Hello"]).0);
    shown("the next one", &|found| found["text"] == "Hello");
    assert!(announce(&["--end"]).0);
    shown("the end", &Value::is_null);
    for wrong in [&["two\nlines"][..], &["--until", "noon", "Hello"], &[]] {
        let (done, said) = announce(wrong);
        assert!(!done && !said.contains("panicked"), "{wrong:?}: {said}");
    }
    let log = app
        .owner()
        .get("/api/v1/audit?kind=change&action=announcement")
        .send()
        .json();
    assert_eq!(log["entries"][0]["action"], "announcement.ended");
    assert_eq!(log["entries"][0]["actor"], "operator");
}

#[test]
fn ids_that_a_viewer_with_pseudonyms_guesses_stay_as_typed() {
    use crate::privacy::{ADA, events};
    let app = TestApp::start();
    app.take(&events());
    let owner = app.owner();
    let analyst = join(&app, &owner, "ada@example.com", &json!({"role": "analyst"}));
    let set = owner.put("/api/v1/privacy", &json!({"anonymizeUsers": true}));
    assert_eq!(set.status, 200, "{}", set.text());
    for (path, body) in [
        (
            VIEWS,
            json!({"name": ADA, "page": {"path": ["activity", ADA], "parameters": {"user": ADA}}}),
        ),
        (
            VIEWS,
            json!({"name": ADA, "shared": true, "page": {"path": ["activity", ADA]}}),
        ),
        (
            "/api/v1/annotations",
            json!({"kind": "note", "title": ADA, "description": ADA, "environment": ADA, "version": ADA}),
        ),
    ] {
        let made = analyst.post(path).json(&body).send();
        assert_eq!(made.status, 201, "{path}: {}", made.text());
        for text in [made.text(), analyst.get(path).send().text()] {
            assert!(text.contains(ADA) && !text.contains("u_"), "{path}: {text}");
        }
    }
    // What someone wrote who sees users is shown with pseudonyms, and changes no filter.
    let note =
        json!({"kind": "note", "title": format!("{ADA} moved"), "environment": ADA.to_uppercase()});
    assert_eq!(
        owner.post("/api/v1/annotations").json(&note).send().status,
        201
    );
    let seen = analyst.get("/api/v1/annotations?limit=1").send().text();
    assert!(seen.contains("u_") && !seen.contains(ADA), "{seen}");
}
