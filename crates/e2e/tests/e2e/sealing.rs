//! Secrets at rest, and the master key that seals them.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use weir_e2e::TestApp;

/// 2024-03-01.
const START: i64 = 1_709_251_200_000;

#[test]
fn the_master_key_is_created_once_with_owner_access_and_rotated_only_while_the_server_is_stopped() {
    let mut app = TestApp::start();
    let path = app.place().data().join("master.key");
    let first = std::fs::read_to_string(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let under_a_server = app.place().weir(&["secrets", "rotate"]);
    assert_eq!(under_a_server.code, Some(1), "{under_a_server:?}");
    assert!(
        under_a_server.err.contains("stop it first"),
        "{under_a_server:?}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    assert!(app.stop().success());
    let rotated = app.place().weir(&["secrets", "rotate"]);
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let second = std::fs::read_to_string(&path).unwrap();
    assert_ne!(second, first);
    assert_eq!(second.lines().count(), 1);
    app.start_again();
}

const MARKER: &str = "a-plain-text-marker";
const ENCRYPTED: &[(&str, &str)] = &[
    ("WEIR_ENCRYPT_STORE", "true"),
    ("WEIR_CRYPTO_MODULE", "builtin"),
];

fn run(number: i64) -> Value {
    json!({"type": "execution", "executionId": format!("{MARKER}-{number}"), "status": "completed",
        "workflowId": "w", "duration": 5, "timestamp": START + number * 1000})
}

/// Whether a file of the data directory contains the marker.
fn marker_is_readable(app: &TestApp) -> bool {
    let files = app.place().files_of_data();
    assert!(
        files
            .iter()
            .any(|(path, _)| path.ends_with("events.duckdb"))
    );
    files.iter().any(|(_, bytes)| {
        bytes
            .windows(MARKER.len())
            .any(|part| part == MARKER.as_bytes())
    })
}

#[test]
fn an_encrypted_store_reveals_nothing_and_loses_nothing_when_the_server_is_killed() {
    let mut app = TestApp::configured(ENCRYPTED);
    for kill in 0..3 {
        app.take(&json!([run(2 * kill), run(2 * kill + 1)]));
        app.kill();
        assert!(!marker_is_readable(&app), "after kill {kill}");
        app.start_again();
        let found = app.figures(&["executions"], None);
        assert_eq!(found["executions"], 2 * (kill + 1));
    }
    assert!(app.stop().success());
    assert!(!marker_is_readable(&app));
    let verified = app.place().weir_with(&["rollup", "verify"], ENCRYPTED);
    assert!(verified.out.contains("no difference"), "{verified:?}");
}

#[test]
fn a_store_is_encrypted_only_by_command() {
    let mut app = TestApp::start();
    app.take(&run(1));
    assert!(app.stop().success());
    assert!(marker_is_readable(&app), "an unencrypted store is readable");
    let weir = |arguments: &[&str]| {
        app.place()
            .weir_with(arguments, &[("WEIR_CRYPTO_MODULE", "builtin")])
    };
    let refused = app.place().weir_with(&["rollup", "verify"], ENCRYPTED);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("weir store encrypt"), "{refused:?}");
    let encrypted = weir(&["store", "encrypt"]);
    assert_eq!(encrypted.code, Some(0), "{encrypted:?}");
    assert!(!marker_is_readable(&app));
    assert!(weir(&["store", "encrypt"]).out.contains("already"));
    // Another master key cannot open the store; after a rotation, the new one can.
    let rotated = weir(&["secrets", "rotate"]);
    assert!(rotated.out.contains("2 of 2 secrets"), "{rotated:?}");
    assert_eq!(weir(&["rollup", "verify"]).code, Some(0));
    let key = app.place().data().join("master.key");
    let kept = key.with_extension("kept");
    std::fs::rename(&key, &kept).unwrap();
    let missing = weir(&["rollup", "verify"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.err.contains("master.key is missing"), "{missing:?}");
    assert!(!key.exists());
    let another = "07".repeat(32);
    let given = [
        ("WEIR_CRYPTO_MODULE", "builtin"),
        ("WEIR_MASTER_KEY", another.as_str()),
    ];
    let other = app.place().weir_with(&["rollup", "verify"], &given);
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(other.err.contains("master key"), "{other:?}");
    std::fs::rename(&kept, &key).unwrap();
    let decrypted = weir(&["store", "decrypt"]);
    assert_eq!(decrypted.code, Some(0), "{decrypted:?}");
    assert!(marker_is_readable(&app));
    app.start_again();
    assert_eq!(app.figures(&["executions"], None)["executions"], 1);
}
