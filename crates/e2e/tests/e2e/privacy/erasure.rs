//! An erased user is named nowhere.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp, until};

use super::{ADA, BOB, RANGE, events, pages};
use crate::views::shape;

const PATH: &str = "/api/v1/privacy/erasures";
/// Erasing a few events is quick, but the machine may be busy.
const DEADLINE: Duration = Duration::from_secs(60);

fn erase(app: &TestApp, user: &str) -> Answer {
    app.client()
        .post(PATH)
        .json(&json!({"userId": user}))
        .send()
}

fn erasures(app: &TestApp) -> Vec<Value> {
    app.get(PATH).json()["erasures"].as_array().unwrap().clone()
}

fn done(app: &TestApp) -> Value {
    until("the erasure to be done", DEADLINE, || {
        let newest = erasures(app).into_iter().next()?;
        (newest["state"] == "done").then_some(newest)
    })
}

/// The files of the data directory that contain a text.
fn files_with(app: &TestApp, text: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    let files = app.place().files_of_data().into_iter();
    let found = files.filter(|(_, bytes)| holds(bytes));
    found.map(|(path, _)| format!("{path:?}")).collect()
}

fn prepared() -> TestApp {
    let app = TestApp::start();
    app.take(&events());
    let segment = json!({"name": format!("With {ADA}"), "definition": {"of": "workflows", "conditions": [
        {"type": "property", "property": "user", "values": [ADA, BOB]}]}});
    let made = app
        .client()
        .post("/api/v1/analytics/segments")
        .json(&segment)
        .send();
    assert_eq!(made.status, 201, "{}", made.text());
    let budget = |user: &str| {
        json!({"name": "one's own", "level": "user", "userId": user,
        "metric": "cost", "amount": 5, "period": "month"})
    };
    let budgets = json!({"budgets": [budget(ADA), budget(BOB)]});
    let path = "/api/v1/analytics/costs/budgets";
    let put = app.client().call(Method::PUT, path).json(&budgets).send();
    assert_eq!(put.status, 200, "{}", put.text());
    for (path, body) in [
        (
            "/api/v1/annotations",
            json!({"kind": "note", "title": format!("{ADA} moved"), "description": format!("ask {ADA}"),
                "url": format!("https://example.com/{ADA}")}),
        ),
        (
            "/api/v1/views",
            json!({"name": format!("Of {ADA}"), "shared": true,
                "page": {"path": ["activity", ADA], "parameters": {"user": ADA}}}),
        ),
    ] {
        let made = app.client().post(path).json(&body).send();
        assert_eq!(made.status, 201, "{path}: {}", made.text());
    }
    let groups = app.get(&format!("/api/v1/errors/groups?{RANGE}")).json();
    let group = groups["errors"][0]["errorGroup"].as_str().unwrap();
    let ignored = json!({"state": "ignored", "note": format!("{ADA} knows")});
    let put = app
        .client()
        .put(&format!("/api/v1/errors/groups/{group}/state"), &ignored);
    assert_eq!(put.status, 200, "{}", put.text());
    let rules = json!({"rules": [{"kind": "never", "step": format!("ask {ADA}")}]});
    let put = app.client().put("/api/v1/workflows/w/rules", &rules);
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(
        app.get(&format!("/api/v1/analytics/activity/users/{ADA}?{RANGE}"))
            .status,
        200
    );
    app
}

#[test]
fn an_erased_user_is_named_nowhere_and_counts_stay() {
    let mut app = prepared();
    let figures = [
        "executions",
        "failed",
        "steps",
        "cost",
        "activities",
        "documents",
        "goals",
    ];
    let before = app.figures(&figures, None);
    let named: Vec<_> = pages()
        .into_iter()
        .filter(|page| app.get(page).text().contains(ADA))
        .collect();
    assert!(named.len() > 8, "{named:?}");

    let asked = erase(&app, ADA);
    assert_eq!(asked.status, 202, "{}", asked.text());
    insta::assert_json_snapshot!("erasure_asked", shape(&asked.json()));
    let erasure = done(&app);
    assert_eq!(
        (&erasure["userId"], &erasure["events"]),
        (&Value::Null, &json!(9))
    );
    insta::assert_json_snapshot!("erasure_done", shape(&erasure));

    for page in pages() {
        let text = app.get(&page).text();
        assert!(!text.contains(ADA), "{page}: {text}");
    }
    assert!(
        app.get(&format!("/api/v1/executions?{RANGE}"))
            .text()
            .contains(BOB)
    );
    assert_eq!(
        app.get(&format!("/api/v1/analytics/activity/users/{ADA}"))
            .status,
        404
    );
    assert_eq!(app.figures(&figures, None), before);
    assert_eq!(app.figures(&["users"], None)["users"], 1);
    let budgets = app.get("/api/v1/analytics/costs/budgets").json();
    assert_eq!(budgets["budgets"].as_array().unwrap().len(), 1);
    let segments = app.get("/api/v1/analytics/segments").json();
    let values = &segments["segments"][0]["definition"]["conditions"][0]["values"];
    assert_eq!(*values, json!(["[erased]", BOB]));
    assert_eq!(segments["segments"][0]["name"], "With [erased]");

    let rules = app.get("/api/v1/workflows/w/rules").json();
    assert_eq!(rules["rules"][0]["step"], "ask [erased]");
    let annotation = app.get("/api/v1/annotations").json()["annotations"][0].clone();
    assert_eq!(annotation["title"], "[erased] moved");
    assert_eq!(annotation["url"], "https://example.com/[erased]");
    let view = app.get("/api/v1/views").json()["views"][0].clone();
    assert_eq!(view["name"], "Of [erased]");
    assert_eq!(
        view["page"],
        json!({"path": ["activity", "[erased]"], "parameters": {"user": "[erased]"}})
    );

    // The pages above were read after the erasure and name no one; only the last one has the user in its path.
    let erased_again = erase(&app, ADA);
    assert_eq!(erased_again.status, 202);
    let last = done(&app);
    assert_eq!(last["events"], 0);
    let log = app.get("/api/v1/audit/export?format=ndjson").text();
    assert!(!log.contains(ADA), "{log}");
    assert!(
        log.contains("erasure.finished") && log.contains("/users/[erased]"),
        "{log}"
    );

    assert!(app.stop().success());
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert_ne!(
        files_with(&app, BOB),
        [""; 0],
        "the search finds existing text"
    );
    // DuckDB keeps the bytes of freed blocks, but none of its tables name her any more, which the
    // conformance suite checks, column by column.
    let left = files_with(&app, ADA);
    assert!(
        left.iter().all(|file| file.contains("events.duckdb")),
        "{left:?}"
    );
}

#[test]
fn an_erasure_continues_after_the_server_was_killed() {
    let mut app = prepared();
    for round in 0..3 {
        app.take(&events_again(round));
        assert_eq!(erase(&app, ADA).status, 202);
        app.kill();
        app.start_again();
        done(&app);
        assert!(
            !app.get(&format!("/api/v1/executions?{RANGE}"))
                .text()
                .contains(ADA),
            "{round}"
        );
    }
    assert!(app.stop().success());
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

fn events_again(round: usize) -> Value {
    let mut events = events();
    for (number, event) in events.as_array_mut().unwrap().iter_mut().enumerate() {
        event["id"] = json!(format!("{round}-{number}"));
        event["executionId"] = json!(format!(
            "{}-{round}",
            event["executionId"].as_str().unwrap()
        ));
    }
    events
}

#[test]
fn the_command_erases_a_user_while_the_server_is_stopped() {
    let mut app = prepared();
    let running = app.place().weir(&["privacy", "erase", "--user", ADA]);
    assert_ne!(running.code, Some(0), "the server is running: {running:?}");
    assert!(app.stop().success());
    let erased = app.place().weir(&["privacy", "erase", "--user", ADA]);
    assert_eq!(erased.code, Some(0), "{erased:?}");
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    app.start_again();
    assert_eq!(erasures(&app)[0]["events"], 9);
    assert_eq!(erasures(&app)[0]["by"], "operator");
    assert!(
        !app.get(&format!("/api/v1/executions?{RANGE}"))
            .text()
            .contains(ADA)
    );
}

#[test]
fn later_events_belong_to_a_new_user() {
    let app = prepared();
    assert_eq!(erase(&app, ADA).status, 202);
    done(&app);
    app.take(&events_again(7));
    assert_eq!(
        app.get(&format!("/api/v1/analytics/activity/users/{ADA}?{RANGE}"))
            .status,
        200
    );
    assert_eq!(app.figures(&["users"], None)["users"], 2);
}

#[test]
fn an_invalid_user_is_refused_and_erasing_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let reader = app.client_with("read key");
    assert_eq!(reader.get(PATH).send().status, 403);
    assert_eq!(
        reader
            .post(PATH)
            .json(&json!({"userId": ADA}))
            .send()
            .status,
        403
    );
    assert_eq!(
        app.client()
            .post(PATH)
            .json(&json!({"userId": ADA}))
            .send()
            .status,
        401
    );
    let app = TestApp::start();
    for wrong in [
        json!({"userId": ""}),
        json!({"userId": "a\nb"}),
        json!({"userId": "x".repeat(257)}),
    ] {
        let refused = app.client().post(PATH).json(&wrong).send();
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!("userId")),
            "{wrong}"
        );
    }
    assert_eq!(app.client().post(PATH).json(&json!({})).send().status, 400);
    assert_eq!(erasures(&app), [Value::Null; 0]);
}

#[test]
fn equal_names_after_an_erasure_hold_up_no_one() {
    let app = TestApp::start();
    app.take(&events());
    let owner = app.owner();
    for path in ["/api/v1/views", "/api/v1/analytics/segments"] {
        for name in ["[erased]", ADA, &format!("{ADA} "), BOB] {
            let body = match path {
                "/api/v1/views" => json!({"name": name, "page": {"path": ["overview"]}}),
                _ => json!({"name": name, "definition": {}}),
            };
            let made = owner.post(path).json(&body).send();
            assert!([201, 409].contains(&made.status), "{name}: {}", made.text());
        }
    }
    assert_eq!(erase(&app, ADA).status, 202);
    done(&app);
    assert_eq!(erase(&app, BOB).status, 202);
    done(&app);
    for path in ["/api/v1/views", "/api/v1/analytics/segments"] {
        let text = owner.get(path).send().text();
        assert!(!text.contains(ADA) && !text.contains(BOB), "{text}");
    }
}
