//! A person's own account: sessions, name and password.

use serde_json::json;
use ureq::http::Method;
use weir_e2e::{TestApp, shape};

use super::{PASSWORD, join, refusal, refused};

#[test]
fn a_person_can_list_and_end_their_own_sessions() {
    let app = TestApp::start();
    app.password();
    let stranger = app.client().with_key(None);
    let credentials = json!({"email": app.email(), "password": app.password()});
    let opened = stranger
        .post("/api/v1/session")
        .header("user-agent", "Browser of a test")
        .json(&credentials)
        .send();
    let (elsewhere, here) = (stranger.with_session(&opened), app.owner());

    let listed = here.get("/api/v1/sessions").send();
    assert_eq!(listed.status, 200, "{}", listed.text());
    let sessions = listed.json()["sessions"].as_array().unwrap().clone();
    let current: Vec<_> = sessions.iter().map(|s| s["current"] == true).collect();
    // The session that the setup opened is listed too.
    assert_eq!(current, [true, false, false]);
    let other = &sessions[1];
    assert_eq!(other["userAgent"], "Browser of a test");
    assert_eq!(other["address"], "127.0.0.1");
    insta::assert_json_snapshot!("session_list", shape(other));

    let id = other["id"].as_str().unwrap();
    assert_eq!(here.delete(&format!("/api/v1/sessions/{id}")).status, 204);
    let after = elsewhere.get("/api/v1/session").send();
    assert_eq!(refusal(&after), refused(401, "unauthenticated"));
    assert_eq!(here.get("/api/v1/session").send().status, 200);
    for unknown in [id, "not-a-uuid", "0192f3a4-5b6c-7d8e-9f01-23456789abcd"] {
        let answer = here.delete(&format!("/api/v1/sessions/{unknown}"));
        assert_eq!(refusal(&answer), refused(404, "not_found"), "{unknown}");
    }

    let everywhere = here.delete("/api/v1/sessions");
    assert_eq!(everywhere.status, 204, "{}", everywhere.text());
    assert!(everywhere.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(here.get("/api/v1/session").send().status, 401);
}

#[test]
fn no_one_can_end_the_session_of_another_person() {
    let app = TestApp::start();
    let owner = app.owner();
    let other = join(&app, &owner, "ada@example.com", &json!({"role": "admin"}));
    let sessions = other.get("/api/v1/sessions").send().json();
    let id = sessions["sessions"][0]["id"].as_str().unwrap().to_owned();
    let answer = owner.delete(&format!("/api/v1/sessions/{id}"));
    assert_eq!(refusal(&answer), refused(404, "not_found"));
    assert_eq!(other.get("/api/v1/session").send().status, 200);
}

#[test]
fn changing_the_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::start();
    let (here, elsewhere) = (app.owner(), app.owner());
    let change = |current: &str, new: &str| {
        here.put(
            "/api/v1/profile/password",
            &json!({"current": current, "new": new}),
        )
    };
    let wrong = change("not my password", PASSWORD);
    assert_eq!(refusal(&wrong), refused(401, "invalid_credentials"));
    let short = change(&app.password(), "short");
    assert_eq!(refusal(&short), refused(400, "invalid_parameter"));
    assert_eq!(short.json()["field"], "new");
    let done = change(&app.password(), PASSWORD);
    assert_eq!(done.status, 204, "{}", done.text());
    assert_eq!(here.get("/api/v1/session").send().status, 200);
    assert_eq!(elsewhere.get("/api/v1/session").send().status, 401);
    app.person(app.email(), PASSWORD);
}

#[test]
fn a_person_can_change_their_name() {
    let app = TestApp::start();
    let owner = app.owner();
    let renamed = owner.put("/api/v1/profile", &json!({"name": " Ada Lovelace "}));
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    assert_eq!(renamed.json()["user"]["name"], "Ada Lovelace");
    let session = owner.get("/api/v1/session").send().json();
    assert_eq!(session["user"]["name"], "Ada Lovelace");
    for bad in [
        json!({"name": ""}),
        json!({"name": "a\nb"}),
        json!({"name": "x".repeat(129)}),
    ] {
        let answer = owner.put("/api/v1/profile", &bad);
        assert_eq!(refusal(&answer), refused(400, "invalid_parameter"), "{bad}");
        assert_eq!(answer.json()["field"], "name");
    }
}

#[test]
fn a_key_has_no_account() {
    let app = TestApp::start();
    for (method, path) in [
        (Method::GET, "/api/v1/sessions"),
        (Method::DELETE, "/api/v1/sessions"),
        (Method::PUT, "/api/v1/profile"),
        (Method::PUT, "/api/v1/profile/password"),
        (Method::POST, "/api/v1/profile/second-factor"),
        (Method::PUT, "/api/v1/session/tenant"),
    ] {
        let call = app.client().call(method, path).json(&json!({}));
        assert_eq!(
            refusal(&call.send()),
            refused(401, "unauthenticated"),
            "{path}"
        );
    }
}
