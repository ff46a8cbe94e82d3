//! Data that an earlier version stored: it is opened and converted to the current rules, and the same events sent
//! again count nothing twice.

use std::{fs, path::Path, process::Command, time::Duration};

use flate2::read::GzDecoder;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use weir_e2e::{Place, TestApp, weir};

/// A data directory written by version 0.1.0, and the events that were sent to it as one body.
const DATA: &[u8] = include_bytes!("../data/version-0.1.0/data.tar.gz");
const EVENTS: &str = include_str!("../data/version-0.1.0/events.ndjson");

/// Unpacks that data into a place.
fn unpack(place: &Place) {
    let folder = place.data();
    fs::create_dir_all(&folder).unwrap();
    let archive = folder.join("data.tar");
    let mut file = fs::File::create(&archive).unwrap();
    std::io::copy(&mut GzDecoder::new(DATA), &mut file).unwrap();
    let status = Command::new("tar")
        .args(["-xf", "data.tar"])
        .current_dir(&folder)
        .status();
    assert!(status.unwrap().success(), "the archive is unpacked");
    fs::remove_file(archive).unwrap();
}

fn events() -> Value {
    let lines = EVENTS
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Value::Array(lines.collect())
}

/// Asserts the figures of the events according to the current rules.
fn check(app: &TestApp) {
    let by_workflow = |metrics: &[&str], workflow| app.figures(metrics, Some(workflow));
    let life = ["executions", "completed", "running", "duration_sum"];
    let expected = [
        (
            "orders",
            json!({"executions": 1, "completed": 1, "running": 0, "duration_sum": 600_000}),
        ),
        (
            "users",
            json!({"executions": 1, "completed": 0, "running": 1, "duration_sum": 0}),
        ),
        (
            "skew",
            json!({"executions": 1, "completed": 1, "running": 0, "duration_sum": 0}),
        ),
        (
            "grown",
            json!({"executions": 1, "completed": 1, "running": 0, "duration_sum": 90_000_000}),
        ),
    ];
    for (workflow, figures) in expected {
        assert_eq!(by_workflow(&life, workflow), figures, "{workflow}");
    }
    assert_eq!(
        by_workflow(&["steps", "cost", "goal_value", "documents"], "parts"),
        json!({"steps": 1, "cost": 1, "goal_value": 3, "documents": 1})
    );
    let merged = app.query(&json!({"metrics": ["executions"], "range": {"all": true},
        "dimensions": ["environment", "version", "user", "trigger_type"],
        "filters": [{"dimension": "workflow", "op": "in", "values": ["merge"]}]}));
    assert_eq!(
        merged["rows"],
        json!([{"environment": "prod", "version": "7", "user": "ada", "trigger_type": "webhook", "executions": 1}])
    );
    assert_eq!(
        by_workflow(&["work_items", "work_success_rate"], "retry"),
        json!({"work_items": 1, "work_success_rate": 100})
    );
    let again = app.post_events(&events()).json();
    assert_eq!(
        (&again["accepted"], &again["duplicates"]),
        (&json!(0), &json!(events().as_array().unwrap().len())),
        "{again}"
    );
}

fn verify(place: &Place) {
    let verified = place.weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

#[test]
fn data_of_version_0_1_0_is_opened_and_converted() {
    let mut app = TestApp::on(unpack);
    check(&app);
    app.stop();
    verify(app.place());
    app.start_again();
    check(&app);
}

#[test]
fn a_conversion_that_is_killed_at_any_moment_is_completed_by_the_next_start() {
    let mut random = StdRng::seed_from_u64(9);
    for _ in 0..6 {
        let mut app = TestApp::on(|place| {
            unpack(place);
            let delay = Duration::from_millis(random.random_range(5..900));
            start_and_kill(&place.data(), delay);
        });
        check(&app);
        app.stop();
        verify(app.place());
    }
}

/// Starts a server on the data and kills it after the delay, whatever it is doing.
fn start_and_kill(data: &Path, delay: Duration) {
    let mut server = weir(&["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .env("WEIR_EXECUTIONS_STALE_AFTER", "100000d")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(delay);
    server.kill().unwrap();
    server.wait().unwrap();
}
