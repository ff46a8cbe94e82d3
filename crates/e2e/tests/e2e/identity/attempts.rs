//! Guessing passwords: it is slowed down and recorded.

use std::time::Duration;

use serde_json::json;
use weir_e2e::{Answer, TestApp, until};

use super::{refusal, refused};

fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let credentials = json!({"email": email, "password": password});
    app.client()
        .with_key(None)
        .post("/api/v1/session")
        .json(&credentials)
        .send()
}

#[test]
fn guessing_leads_to_growing_delays_and_is_recorded() {
    let app = TestApp::start();
    let owner = app.owner();
    for email in [app.email(), "nobody@example.com"] {
        for attempt in 0..5 {
            let wrong = log_in(&app, email, "a wrong password");
            assert_eq!(
                refusal(&wrong),
                refused(401, "invalid_credentials"),
                "{email} {attempt}"
            );
        }
        let refusal_of = log_in(&app, email, &app.password());
        assert_eq!(
            refusal(&refusal_of),
            refused(429, "too_many_attempts"),
            "{email}"
        );
        let wait: u64 = refusal_of.header("retry-after").parse().unwrap();
        assert!((1..=2).contains(&wait), "{wait}");
    }
    // After the delay, the login works; existing sessions were not affected.
    until("the delay to be over", Duration::from_secs(30), || {
        (log_in(&app, app.email(), &app.password()).status == 200).then_some(())
    });
    assert_eq!(owner.get("/api/v1/session").send().status, 200);

    let log = app.owner().get("/api/v1/audit?limit=100").send();
    assert_eq!(log.status, 200, "{}", log.text());
    let entries = log.json()["entries"].as_array().unwrap().clone();
    let count = |subject: &str, reason: &str| {
        let same = |entry: &&serde_json::Value| {
            entry["action"] == "session.refused"
                && entry["subject"].as_str().unwrap().starts_with(subject)
                && entry["detail"]["reason"] == reason
        };
        entries.iter().filter(same).count()
    };
    assert_eq!(count(app.email(), "wrong_password"), 5);
    assert!(count(app.email(), "too_many_attempts") >= 1);
    // An unknown address may be a password in the wrong field: only its hash is stored.
    assert_eq!(count("unknown:", "wrong_password"), 5);
    assert!(!log.text().contains("nobody@example.com"));
}

#[test]
fn guessing_many_accounts_from_one_address_is_slowed_down_too() {
    let app = TestApp::start();
    for number in 0..20 {
        let wrong = log_in(&app, &format!("{number}@example.com"), "a wrong password");
        assert_eq!(wrong.status, 401, "{number}: {}", wrong.text());
    }
    let next = log_in(&app, "x@example.com", "a wrong password");
    assert_eq!(refusal(&next), refused(429, "too_many_attempts"));
}

#[test]
fn the_client_address_is_that_of_the_connection_unless_a_trusted_proxy_states_another() {
    let seen = |app: &TestApp| {
        let stranger = app.client().with_key(None);
        let credentials = json!({"email": app.email(), "password": app.password()});
        let call = stranger.post("/api/v1/session").json(&credentials);
        let opened = call.header("x-forwarded-for", "203.0.113.7").send();
        let sessions = stranger
            .with_session(&opened)
            .get("/api/v1/sessions")
            .send()
            .json();
        sessions["sessions"][0]["address"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(seen(&TestApp::start()), "127.0.0.1");
    let behind = TestApp::configured(&[("WEIR_TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)]);
    assert_eq!(seen(&behind), "203.0.113.7");
}
