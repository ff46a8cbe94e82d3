//! `weir rollup`: verifying and rebuilding on the data directory of a stopped server.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::orders;

fn all_figures(app: &TestApp) -> Vec<Value> {
    let ask = |query: Value| {
        let answer = app.query(&query);
        answer["rows"].clone()
    };
    vec![
        ask(json!({
            "metrics": ["executions", "completed", "failed", "crashed", "canceled", "running",
                "waiting", "duration_avg", "duration_p50", "duration_p95", "duration_sum", "errors",
                "steps", "step_retries", "step_duration_p95", "users", "cost", "credits", "events"],
            "range": {"all": true},
        })),
        ask(json!({
            "metrics": ["executions", "success_rate", "duration_p95"], "dimensions": ["workflow"],
            "granularity": "hour", "range": {"all": true},
        })),
        ask(json!({
            "metrics": ["steps", "step_duration_sum"], "dimensions": ["step", "status"],
            "granularity": "day", "timezone": "Asia/Kolkata", "range": {"all": true},
        })),
    ]
}

#[test]
fn a_rebuild_changes_no_figures_and_a_verification_finds_no_differences() {
    let mut app = TestApp::start();
    app.take(&orders::events());
    let before = all_figures(&app);
    assert_eq!(before[0][0]["executions"], 10, "{:?}", before[0]);
    assert!(app.stop().success());

    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert!(verified.out.contains("no difference"), "{verified:?}");
    let compared: u64 = verified.out.split(' ').next().unwrap().parse().unwrap();
    assert!(compared > 20, "{verified:?}");

    let rebuilt = app.place().weir(&["rollup", "rebuild"]);
    assert_eq!(rebuilt.code, Some(0), "{rebuilt:?}");
    let rows: u64 = rebuilt.out.split(' ').next().unwrap().parse().unwrap();
    assert!(rows > 20, "{rebuilt:?}");
    assert_eq!(app.place().weir(&["rollup", "verify"]).code, Some(0));

    app.start_again();
    assert_eq!(all_figures(&app), before);
}

#[test]
fn a_range_can_be_rebuilt_and_verified() {
    let mut app = TestApp::start();
    app.take(&orders::events());
    let before = all_figures(&app);
    assert!(app.stop().success());
    let range = [
        "--from",
        "2024-03-05T00:00:00Z",
        "--to",
        "2024-03-06T00:00:00Z",
    ];
    for command in ["rebuild", "verify"] {
        let ended = app
            .place()
            .weir(&[&["rollup", command], &range[..]].concat());
        assert_eq!(ended.code, Some(0), "{command}: {ended:?}");
    }
    assert_eq!(app.place().weir(&["rollup", "verify"]).code, Some(0));
    app.start_again();
    assert_eq!(all_figures(&app), before);
}

#[test]
fn rollup_commands_refuse_the_data_of_a_running_server() {
    let app = TestApp::start();
    app.take(&orders::events());
    for command in ["verify", "rebuild"] {
        let ended = app.place().weir(&["rollup", command]);
        assert_eq!(ended.code, Some(1), "{command}: {ended:?}");
        assert!(ended.out.is_empty(), "{command}: {ended:?}");
        assert!(
            ended
                .err
                .contains("is in use by another Weir process; if it is a server, stop it first"),
            "{command}: {ended:?}"
        );
    }
    assert_eq!(app.get("/readyz").status, 200);
}

#[test]
fn a_missing_data_directory_is_named_and_not_created() {
    let place = weir_e2e::Place::new();
    let ended = place.weir(&["rollup", "verify"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.err.contains("there is no data directory"),
        "{ended:?}"
    );
    assert!(!place.data().exists());
}
