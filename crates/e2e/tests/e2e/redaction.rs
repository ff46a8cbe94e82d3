//! Redaction: secrets are stored nowhere.

mod rules;

use serde_json::json;
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

const SECRETS: [&str; 6] = [
    "hunter2-in-a-key",
    "grace.hopper@example.org",
    "4111 1111 1111 1111",
    "abcdef0123456789TOKEN",
    "pw-in-a-url-9f3a",
    "sk-live-55aa66bb",
];

fn telling_event() -> serde_json::Value {
    let [key, address, card, token, in_url, api_key] = SECRETS;
    let message = format!(
        "harmless-marker: mail to {address} failed, card {card}, Authorization: Bearer {token}, \
         postgres://app:{in_url}@db/x"
    );
    with(
        execution("flow", "e1", "failed", "2024-03-04T10:00:00Z"),
        json!({
            "errorType": "Refused", "errorMessage": message,
            "metadata": {"login": {"Pass_Word": key}, "note": format!("api_key={api_key}"),
                "seen": "metadata-marker", "inputTokens": 5},
        }),
    )
}

#[test]
fn the_sample_of_an_error_contains_no_secrets() {
    let app = TestApp::start();
    app.take(&telling_event());
    let answer = app.get(
        "/api/v1/analytics/executions/errors?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z",
    );
    let sample = answer.json()["errors"][0]["sampleMessage"].clone();
    let sample = sample.as_str().unwrap();
    assert!(
        sample.starts_with("harmless-marker: mail to [redacted] failed"),
        "{sample}"
    );
    for secret in SECRETS {
        assert!(!answer.text().contains(secret), "{secret} in {sample}");
    }
}

#[test]
fn the_data_directory_contains_neither_secrets_nor_keys() {
    let mut app = TestApp::start();
    app.take(&telling_event());
    let password = app.password();
    let key = app.key().to_owned();
    let look = |app: &TestApp, when: &str| {
        let holds = |text: &str| {
            let files = app.place().files_of_data();
            let mut files = files.into_iter();
            files.any(|(_, bytes)| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            })
        };
        for secret in SECRETS.into_iter().chain([password.as_str(), key.as_str()]) {
            assert!(!holds(secret), "{secret} is stored, {when}");
        }
        // The same search finds text that is not secret.
        assert!(holds("harmless-marker"), "{when}");
    };
    look(&app, "while the server runs");
    assert!(app.stop().success());
    look(&app, "after it stopped");
}

#[test]
fn the_rules_come_from_the_configuration() {
    let app = TestApp::configured(&[
        ("WEIR_REDACTION_VALUES", r#"["internal-\\d+"]"#),
        ("WEIR_REDACTION_EMAILS", "false"),
    ]);
    let message = "mail to grace.hopper@example.org about internal-4711 failed";
    app.take(&with(
        execution("flow", "e1", "failed", "2024-03-04T10:00:00Z"),
        json!({"errorMessage": message}),
    ));
    let answer = app.get(
        "/api/v1/analytics/executions/errors?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z",
    );
    assert_eq!(
        answer.json()["errors"][0]["sampleMessage"],
        "mail to grace.hopper@example.org about [redacted] failed"
    );
}

#[test]
fn names_types_subjects_and_triggers_are_stored_without_secrets() {
    let app = TestApp::start();
    let address = "grace.hopper@example.org";
    app.take(&with(
        execution("flow", "e1", "failed", "2024-03-04T10:00:00Z"),
        json!({
            "workflowName": format!("Mail {address}"), "errorType": format!("NoMailbox {address}"),
            "subjectId": address, "triggerId": "https://bob:pw1234@h/x",
        }),
    ));
    app.take(&json!({"type": "step", "workflowId": "flow", "executionId": "e1", "stepId": "s", "status": "failed",
        "timestamp": "2024-03-04T10:00:00Z", "stepName": format!("To {address}"), "errorType": address}));
    let detail = app.get("/api/v1/executions/e1");
    let text = detail.text();
    assert!(
        !text.contains(address) && !text.contains("pw1234"),
        "{text}"
    );
    let shown = detail.json();
    assert_eq!(
        (&shown["workflowName"], &shown["errorType"]),
        (&json!("Mail [redacted]"), &json!("NoMailbox [redacted]")),
        "{text}"
    );
    assert!(
        text.contains("https://bob:[redacted]@h/x") && text.contains("To [redacted]"),
        "{text}"
    );
}

#[test]
fn chat_ids_are_kept_and_its_key_is_redacted() {
    let app = TestApp::start();
    let made_up = format!("sk-{}", "a".repeat(24));
    app.take(&with(
        execution("w", "1", "completed", "2024-03-04T10:00:00Z"),
        json!({"metadata": {"chatId": 5_012_345_678_908_i64, "msg": 234_567_890_123_456_703_i64,
            "file": "backup-2026-11-26-10-15-04.tar", "OPENAI_KEY": made_up, "u": "https://bob:pw1234@h/x"}}),
    ));
    assert_eq!(
        app.get("/api/v1/executions/1").json()["metadata"],
        json!({"chatId": 5_012_345_678_908_i64, "msg": 234_567_890_123_456_703_i64,
            "file": "backup-2026-11-26-10-15-04.tar", "OPENAI_KEY": "[redacted]", "u": "https://bob:[redacted]@h/x"})
    );
}
