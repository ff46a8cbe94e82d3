//! Conditions that must neither destroy figures nor prevent a start: missing files, a full disk, rollups that
//! drift.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use weir_e2e::{Ended, TestApp, events::execution, until, weir};

use crate::orders;

const DEADLINE: Duration = Duration::from_secs(60);

fn executions(app: &TestApp) -> Value {
    let answer = app.query(&json!({"metrics": ["executions"], "range": {"all": true}}));
    answer["rows"][0]["executions"].clone()
}

/// A start that must be refused: if it is not, the process is killed and the test fails.
pub fn refused_start(app: &TestApp) -> Ended {
    let log = app.place().data().with_extension("refused");
    let mut command = weir(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
    command
        .arg(app.place().data())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let mut waits = 0;
    let code = until("the start to be refused", DEADLINE, || {
        waits += 1;
        // If it still runs after about five seconds, it was not refused.
        if waits > 1_000 {
            child.kill().unwrap();
        }
        child.try_wait().unwrap()
    });
    Ended {
        code: code.code(),
        out: String::new(),
        err: fs::read_to_string(&log).unwrap(),
    }
}

/// Removes a file, asserts that a start and `verify` are refused, and restores it.
fn without(app: &TestApp, name: &str, says: &[&str]) {
    let path = app.place().data().join(name);
    let aside = app.place().data().with_extension("aside");
    fs::rename(&path, &aside).unwrap();
    let before = names(app.place().data());
    for ended in [refused_start(app), app.place().weir(&["rollup", "verify"])] {
        assert_eq!(ended.code, Some(1), "without {name}: {ended:?}");
        for text in says {
            assert!(ended.err.contains(text), "without {name}: {ended:?}");
        }
    }
    assert_eq!(names(app.place().data()), before, "without {name}");
    fs::rename(&aside, &path).unwrap();
}

fn names(folder: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let names = entries.map(|entry| name(entry.unwrap()));
    // SQLite creates and removes these as it opens and closes.
    let mut names: Vec<String> = names
        .filter(|name| !name.ends_with("-shm") && !name.ends_with("-wal"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_missing_part_of_the_data_is_named_and_not_created_again() {
    let mut app = TestApp::start();
    app.take(&orders::events());
    let before = executions(&app);
    assert!(app.stop().success());
    without(
        &app,
        "events.duckdb",
        &[
            "events.duckdb is missing",
            "Restore it",
            "weir store accept",
        ],
    );
    without(
        &app,
        "meta.sqlite",
        &["meta.sqlite is missing", "Restore it", "weir store accept"],
    );
    without(
        &app,
        "master.key",
        &[
            "master.key is missing",
            "WEIR_MASTER_KEY",
            "weir store accept",
        ],
    );
    app.start_again();
    assert_eq!(executions(&app), before);
}

#[test]
fn a_log_that_is_missing_after_a_crash_is_noticed_and_the_rest_can_be_accepted() {
    let mut app = TestApp::start();
    app.take(&execution(
        "flow",
        "one",
        "completed",
        "2024-03-04T10:00:00Z",
    ));
    until("control data to record the commit", DEADLINE, || {
        let metrics = app.client().with_key(None).get("/metrics").send().text();
        let noted = metrics
            .lines()
            .any(|line| line == "weir_store_noted_commit 1");
        noted.then_some(())
    });
    app.kill();
    without(
        &app,
        "events.duckdb.wal",
        &["was acknowledged", "events.duckdb.wal", "weir store accept"],
    );
    app.start_again();
    assert_eq!(executions(&app), 1);
    app.kill();

    fs::remove_file(app.place().data().join("events.duckdb.wal")).unwrap();
    let accepted = app.place().weir(&["store", "accept"]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    app.start_again();
    app.take(&execution(
        "flow",
        "two",
        "completed",
        "2024-03-04T10:00:00Z",
    ));
    assert_eq!(executions(&app), 1);
}

#[test]
fn rollups_are_compared_with_raw_events_and_the_status_reports_it() {
    let mut app = TestApp::configured(&[("WEIR_STORE_COMPACTION_SECONDS", "1")]);
    app.take(&orders::events());
    assert!(app.stop().success());
    app.start_again();
    let found = until("a reconciliation", DEADLINE, || {
        let status = app.get("/api/v1/observability/status").json();
        let rollups = status["rollups"].clone();
        (!rollups["reconciliation"].is_null()).then_some(rollups)
    });
    assert_eq!(found["expiry_resting"], false);
    assert_eq!(found["clock_ahead_seconds"], 0);
    let found = &found["reconciliation"];
    assert_eq!(found["differences"], 0, "{found}");
    assert!(found["keys"].as_u64().unwrap() > 10, "{found}");
    assert!(!found["ranges"].as_array().unwrap().is_empty(), "{found}");
    assert!(found["checked_at"].is_string(), "{found}");
    let metrics = app.client().with_key(None).get("/metrics").send().text();
    for line in [
        "weir_rollup_keys_different 0",
        "weir_store_expiry_resting 0",
        "weir_store_events_to_sum 0",
    ] {
        assert!(metrics.lines().any(|shown| shown == line), "{line}");
    }
}

/// A small disk mounted as the data directory; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// Prints a message and returns `None` if the process may not mount one.
    fn mount(data: &Path) -> Option<Self> {
        fs::create_dir_all(data).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(data)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(data.to_owned()));
        }
        weir_e2e::say("SKIPPED: cannot mount a disk here (root can), so a full one is NOT tested");
        None
    }

    fn fill(&self) {
        for (name, piece) in [("fill", 1 << 16), ("crumbs", 1 << 10)] {
            let mut filling = fs::File::create(self.0.join(name)).unwrap();
            while std::io::Write::write_all(&mut filling, &vec![0; piece]).is_ok() {}
        }
    }

    fn make_room(&self) {
        for name in ["fill", "crumbs"] {
            fs::remove_file(self.0.join(name)).unwrap();
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // If it stays mounted, it takes a few megabytes until the machine restarts.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// More events than fit into the rest of a block.
fn many(name: &str) -> Value {
    (0..2_000)
        .map(|n| {
            execution(
                "flow",
                &format!("{name}-{n}"),
                "completed",
                "2024-03-04T10:00:00Z",
            )
        })
        .collect()
}

#[test]
fn a_full_disk_has_its_own_error_code_and_starts_stops_and_queries_still_work() {
    let mut app = TestApp::start();
    assert!(app.stop().success());
    let aside = app.place().data().with_extension("first");
    fs::rename(app.place().data(), &aside).unwrap();
    let Some(disk) = Disk::mount(&app.place().data()) else {
        return;
    };
    for entry in fs::read_dir(&aside).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), app.place().data().join(entry.file_name())).unwrap();
    }
    app.start_again();
    app.take(&execution(
        "flow",
        "one",
        "completed",
        "2024-03-04T10:00:00Z",
    ));
    assert_eq!(executions(&app), 1);
    disk.fill();
    let refused = app.post_events(&many("lost"));
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (507, "storage_full"),
        "{}",
        refused.text()
    );
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(executions(&app), 1);
    assert!(app.stop().success(), "a stop on a full disk");

    app.start_again();
    assert_eq!(executions(&app), 1);
    app.kill();
    app.start_again();
    assert_eq!(executions(&app), 1);
    assert_eq!(app.post_events(&many("lost")).status, 507);
    assert!(app.stop().success(), "another stop on a full disk");
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");

    disk.make_room();
    app.start_again();
    app.take(&many("kept"));
    assert_eq!(executions(&app), 2_001);
    assert!(app.stop().success());
    drop(app);
    drop(disk);
}
