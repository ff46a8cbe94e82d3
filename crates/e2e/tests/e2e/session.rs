//! People: logging in, the cookie, logging out.

use serde_json::json;
use ureq::http::Method;
use weir_e2e::{Answer, TestApp, shape};

use crate::orders;

const EMAIL: &str = "owner@localhost";

fn log_in(app: &TestApp, password: &str) -> Answer {
    let stranger = app.client().with_key(None);
    let call = stranger.post("/api/v1/session");
    call.json(&json!({"email": EMAIL, "password": password}))
        .send()
}

/// The cookie as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    set.split(';').next().unwrap_or_default().to_owned()
}

fn with_cookie(app: &TestApp, method: Method, path: &str, cookie: &str) -> Answer {
    let stranger = app.client().with_key(None);
    stranger.call(method, path).header("cookie", cookie).send()
}

#[test]
fn a_person_logs_in_reads_figures_and_logs_out() {
    let app = TestApp::start();
    app.take(&orders::events());
    let password = app.password();

    let wrong = log_in(&app, "wrong");
    assert_eq!(
        (wrong.status, wrong.code().as_str()),
        (401, "invalid_credentials")
    );
    assert_eq!(wrong.header("set-cookie"), "");

    let opened = log_in(&app, &password);
    assert_eq!(opened.status, 200, "{}", opened.text());
    insta::assert_json_snapshot!("session", shape(&opened.json()));
    assert_eq!(opened.json()["projects"][0]["name"], "Default");
    let set = opened.header("set-cookie");
    assert!(set.starts_with("weir_session="), "{set}");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{attribute} in {set}");
    }

    let cookie = cookie(&opened);
    let shown = with_cookie(&app, Method::GET, "/api/v1/session", &cookie);
    assert_eq!(shown.json(), opened.json());
    let path = format!("/api/v1/analytics/executions/summary?{}", orders::RANGE);
    let summary = with_cookie(&app, Method::GET, &path, &cookie).json();
    assert_eq!(summary["current"]["totalExecutions"], 10);

    let closed = with_cookie(&app, Method::DELETE, "/api/v1/session", &cookie);
    assert_eq!(closed.status, 204);
    assert!(closed.header("set-cookie").contains("Max-Age=0"));
    for path in ["/api/v1/session", &path] {
        let after = with_cookie(&app, Method::GET, path, &cookie);
        assert_eq!(
            (after.status, after.code().as_str()),
            (401, "unauthenticated"),
            "{path}"
        );
    }
}

#[test]
fn a_request_caused_by_another_site_has_no_effect() {
    let app = TestApp::start();
    let password = app.password();
    let cookie = cookie(&log_in(&app, &password));
    let ask = |origin: (&'static str, &str)| {
        let stranger = app.client().with_key(None);
        let query = json!({"metrics": ["executions"], "range": {"all": true}});
        let call = stranger.post("/api/v1/query").json(&query);
        let answer = call
            .header("cookie", &cookie)
            .header(origin.0, origin.1)
            .send();
        let code = answer.json()["code"].clone();
        (answer.status, code.as_str().unwrap_or_default().to_owned())
    };
    let refused = (403, "cross_site_request".to_owned());
    assert_eq!(ask(("origin", "https://evil.example")), refused);
    assert_eq!(ask(("sec-fetch-site", "cross-site")), refused);
    let stranger = app.client().with_key(None);
    let call = stranger.call(Method::DELETE, "/api/v1/session");
    let foreign = call
        .header("cookie", &cookie)
        .header("origin", "https://evil.example")
        .send();
    assert_eq!(foreign.status, 403, "{}", foreign.text());
    // The session is still valid, and its own site may send requests.
    let fine = (200, String::new());
    assert_eq!(ask(("origin", app.server().url())), fine);
    assert_eq!(ask(("sec-fetch-site", "same-origin")), fine);
}

#[test]
fn a_key_is_not_a_person() {
    let app = TestApp::start();
    let answer = app.get("/api/v1/session");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "unauthenticated")
    );
}

#[test]
fn a_reset_password_ends_all_sessions() {
    let app = TestApp::start();
    let old = app.password();
    let cookie = cookie(&log_in(&app, &old));
    let reset = app.place().weir(&["reset-password"]);
    assert_eq!(reset.code, Some(0), "{reset:?}");
    let line = reset
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("password"));
    let new = line.unwrap().trim();

    assert_eq!(log_in(&app, &old).status, 401);
    assert_eq!(log_in(&app, new).status, 200);
    let after = with_cookie(&app, Method::GET, "/api/v1/session", &cookie);
    assert_eq!(after.status, 401, "{}", after.text());
}

#[test]
fn each_start_prints_a_setup_link_until_one_was_used() {
    let mut app = TestApp::start();
    let first = app.server().printed("setup link").unwrap();
    assert!(app.stop().success());
    app.start_again();
    let second = app.server().printed("setup link").unwrap();
    let try_with = |app: &TestApp, link: &str| {
        let (_, token) = link.split_once('#').unwrap();
        let owner = json!({"token": token, "email": EMAIL, "name": "Ada", "password": "a password of mine",
            "tenantName": "Example", "projectName": "Loans"});
        let stranger = app.client().with_key(None);
        stranger.post("/api/v1/setup").json(&owner).send()
    };
    let old = try_with(&app, &first);
    assert_eq!((old.status, old.code().as_str()), (404, "unknown_link"));
    let done = try_with(&app, &second);
    assert_eq!(done.status, 200, "{}", done.text());
    let session = done.json();
    assert_eq!(session["tenant"]["name"], "Example");
    assert_eq!(session["projects"][0]["name"], "Loans");
    assert_eq!(session["user"]["name"], "Ada");
    let again = try_with(&app, &second);
    assert_eq!((again.status, again.code().as_str()), (404, "unknown_link"));
    let state = app.client().with_key(None).get("/api/v1/setup").send();
    assert_eq!(state.json(), json!({"needed": false}));
    assert!(app.stop().success());
    app.start_again();
    assert_eq!(app.server().printed("setup link"), None);
    assert_eq!(log_in(&app, "a password of mine").status, 200);
}

#[test]
fn every_authenticated_caller_can_read_the_table_of_roles() {
    let app = TestApp::start();
    insta::assert_json_snapshot!("roles", app.get("/api/v1/roles").json());
    let stranger = app.client().with_key(None);
    assert_eq!(stranger.get("/api/v1/roles").send().status, 401);
}
