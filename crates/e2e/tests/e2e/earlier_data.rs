//! Data that an earlier version stored: it is opened and converted to the current rules, and the same events sent
//! again count nothing twice.

use std::{fs, path::Path, process::Command, time::Duration};

use flate2::read::GzDecoder;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use weir_e2e::{Place, TestApp, weir};

/// A data directory that was written earlier, and the events that were sent to it as one body.
struct Earlier {
    data: &'static [u8],
    events: &'static str,
    /// Asserts the figures of the events according to the current rules.
    check: fn(&TestApp),
}

/// Written by version 0.1.0.
const FIRST: Earlier = Earlier {
    data: include_bytes!("../data/version-0.1.0/data.tar.gz"),
    events: include_str!("../data/version-0.1.0/events.ndjson"),
    check: check_first,
};

/// Written before steps said how long they waited. Its events are placed by the current rules already, so only
/// its steps and their cubes are converted.
const WITHOUT_WAITS: Earlier = Earlier {
    data: include_bytes!("../data/steps-without-waits/data.tar.gz"),
    events: include_str!("../data/steps-without-waits/events.ndjson"),
    check: check_waits,
};

/// Unpacks such data into a place.
fn unpack(place: &Place, data: &[u8]) {
    let folder = place.data();
    fs::create_dir_all(&folder).unwrap();
    let archive = folder.join("data.tar");
    let mut file = fs::File::create(&archive).unwrap();
    std::io::copy(&mut GzDecoder::new(data), &mut file).unwrap();
    let status = Command::new("tar")
        .args(["-xf", "data.tar"])
        .current_dir(&folder)
        .status();
    assert!(status.unwrap().success(), "the archive is unpacked");
    fs::remove_file(archive).unwrap();
}

impl Earlier {
    /// Asserts the figures, and that the same events sent again count nothing twice.
    fn check(&self, app: &TestApp) {
        (self.check)(app);
        let lines = self.events.lines();
        let events: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let again = app.post_events(&json!(events)).json();
        assert_eq!(
            (&again["accepted"], &again["duplicates"]),
            (&json!(0), &json!(events.len())),
            "{again}"
        );
    }
}

fn check_first(app: &TestApp) {
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
}

fn check_waits(app: &TestApp) {
    let by_step = app.query(
        &json!({"metrics": ["step_duration_sum", "step_waiting_sum"], "range": {"all": true},
        "dimensions": ["step"], "orderBy": [{"metric": "step_duration_sum", "direction": "desc"}]}),
    );
    let row = |step: &str, duration: i64, waiting: i64| json!({"step": step, "step_duration_sum": duration, "step_waiting_sum": waiting});
    let rows = by_step["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 6, "{by_step}");
    for expected in [
        row("approve", 3_600_000, 3_600_000),
        row("check", 10_000, 0),
        row("sleep", 10_000, 10_000),
        row("untyped", 5_000, 0),
        row("pay", 4_000, 0),
        row("form", 0, 0),
    ] {
        assert!(rows.contains(&expected), "{expected} in {by_step}");
    }
    let steps = app.get("/api/v1/executions/l1").json()["timeline"]["steps"].clone();
    let of = |id: &str| {
        let found = steps
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["stepId"] == id);
        found.unwrap()["waitDuration"].clone()
    };
    let waits = ["check", "approve", "form", "untyped"].map(of);
    assert_eq!(json!(waits), json!([0, 3_600_000, null, 0]));
}

fn verify(place: &Place) {
    let verified = place.weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

/// Opens the data with a server that is stopped and started again.
fn open(earlier: &Earlier) {
    let mut app = TestApp::on(|place| unpack(place, earlier.data));
    earlier.check(&app);
    app.stop();
    verify(app.place());
    app.start_again();
    earlier.check(&app);
}

#[test]
fn data_of_version_0_1_0_is_opened_and_converted() {
    open(&FIRST);
}

#[test]
fn steps_that_did_not_say_how_long_they_waited_are_judged_by_their_types() {
    open(&WITHOUT_WAITS);
}

#[test]
fn a_conversion_that_is_killed_at_any_moment_is_completed_by_the_next_start() {
    let mut random = StdRng::seed_from_u64(9);
    for earlier in [FIRST, WITHOUT_WAITS] {
        for _ in 0..6 {
            let mut app = TestApp::on(|place| {
                unpack(place, earlier.data);
                let delay = Duration::from_millis(random.random_range(5..900));
                start_and_kill(&place.data(), delay);
            });
            earlier.check(&app);
            app.stop();
            verify(app.place());
        }
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
