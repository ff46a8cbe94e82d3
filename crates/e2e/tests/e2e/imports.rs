//! `weir import` of small files: its output and its exit code.

use std::{fs, path::PathBuf};

use serde_json::json;
use tempfile::TempDir;
use weir_e2e::{Ended, TestApp, events::execution, run, weir};

const TIME: &str = "2024-03-04T10:00:00Z";

/// A folder with one file in it.
fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn import(server: &str, key: &str, path: &PathBuf, flags: &[&str]) -> Ended {
    let mut command = weir(&["import", "--quiet", "--server", server, "--api-key", key]);
    run(command.args(flags).arg(path))
}

#[test]
fn a_bad_line_is_reported_by_file_and_line_and_the_good_ones_are_imported() {
    let app = TestApp::start();
    let good = |id| execution("flow", id, "completed", TIME).to_string();
    let refused = execution("flow", "e3", "succeeded", TIME);
    let text = format!("{}\n{{broken\n{refused}\n{}\n", good("e1"), good("e4"));
    let (_folder, path) = file("events.ndjson", &text);
    let ended = import(app.server().url(), app.key(), &path, &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for line in [2, 3] {
        let place = format!("events.ndjson:{line}: ");
        assert!(ended.out.contains(&place), "{place} in {ended:?}");
    }
    assert!(
        ended
            .out
            .contains("accepted  2, already stored 0, rejected 2"),
        "{ended:?}"
    );
    assert_eq!(app.figures(&["executions"], None)["executions"], 2);
    let allowed = import(app.server().url(), app.key(), &path, &["--allow-rejected"]);
    assert_eq!(allowed.code, Some(0), "{allowed:?}");
    assert!(
        allowed.out.contains("accepted  0, already stored 2"),
        "{allowed:?}"
    );
}

#[test]
fn the_columns_of_a_table_become_fields_according_to_the_flags() {
    let app = TestApp::start();
    let text =
        "case;outcome;when;took\n1;completed;04/03/2024 11:00;1.5\n2;failed;04/03/2024 12:00;2\n";
    let (_folder, path) = file("runs.csv", text);
    let flags = [
        ["--type", "execution"],
        ["--delimiter", ";"],
        [
            "--map",
            "executionId=case,status=outcome,timestamp=when,duration=took",
        ],
        ["--constant", "workflowId=orders"],
        ["--time-format", "%d/%m/%Y %H:%M"],
        ["--timezone", "Europe/Amsterdam"],
        ["--duration-unit", "s"],
    ];
    let ended = import(app.server().url(), app.key(), &path, &flags.concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let answer = app.query(&json!({
        "metrics": ["completed", "failed", "duration_sum"], "dimensions": ["workflow"],
        "granularity": "hour", "range": {"all": true},
    }));
    assert_eq!(
        answer["rows"],
        json!([
            {"time": TIME, "workflow": "orders", "completed": 1, "failed": 0, "duration_sum": 1500},
            {"time": "2024-03-04T11:00:00Z", "workflow": "orders", "completed": 0, "failed": 1,
                "duration_sum": 2000},
        ])
    );
}

#[test]
fn the_error_of_a_failed_import_names_the_cause() {
    let app = TestApp::with_own_keys();
    let read_key = app.server().printed("read key").unwrap();
    let (_folder, path) = file(
        "events.ndjson",
        &execution("f", "e", "completed", TIME).to_string(),
    );
    let url = app.server().url().to_owned();
    let no_file = path.with_file_name("nothing.ndjson");
    for (what, ended) in [
        ("scope", import(&url, &read_key, &path, &[])),
        ("401", import(&url, "weir_ing_unknown_0000000", &path, &[])),
        ("nothing.ndjson", import(&url, &read_key, &no_file, &[])),
        (
            "127.0.0.1:1",
            import(
                "http://127.0.0.1:1",
                &read_key,
                &path,
                &["--retry-for", "0"],
            ),
        ),
    ] {
        assert_eq!(ended.code, Some(1), "{what}: {ended:?}");
        assert!(ended.err.contains(what), "{what}: {ended:?}");
    }
}

/// The figures of the one workflow that was imported.
fn imported(
    name: &str,
    text: &str,
    flags: &[&str],
    metrics: &[&str],
) -> (serde_json::Value, Ended) {
    let app = TestApp::start();
    let (_folder, path) = file(name, text);
    let ended = import(app.server().url(), app.key(), &path, flags);
    (app.figures(metrics, None), ended)
}

#[test]
fn an_event_in_the_far_future_is_rejected_and_its_case_is_completed() {
    let event = |activity: &str, time: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"{activity}\"/><date key=\"time:timestamp\" value=\"{time}\"/></event>\n"
        )
    };
    let log = format!(
        "<?xml version=\"1.0\"?>\n<log>\n<trace><string key=\"concept:name\" value=\"1\"/>\n{}{}{}</trace>\n</log>\n",
        event("a", "2024-03-04T10:00:00Z"),
        event("b", "2024-03-04T10:10:00Z"),
        event("c", "2184-03-04T10:10:00Z"),
    );
    let metrics = ["executions", "completed", "running", "duration_sum"];
    let (figures, ended) = imported("a.xes", &log, &["--workflow", "w"], &metrics);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.out.contains("a.xes:6: timestamp_too_far_ahead")
            && ended
                .out
                .contains("accepted  6, already stored 0, rejected 1"),
        "{ended:?}"
    );
    assert_eq!(
        figures,
        json!({"executions": 1, "completed": 1, "running": 0, "duration_sum": 600_000})
    );
}

#[test]
fn rows_that_are_events_of_a_log_become_executions_and_all_of_them_count() {
    let log = "case;act;time;lifecycle;who\n\
        1;a;2024-03-04 10:00:00;start;Mike\n\
        1;a;2024-03-04 10:10:00;complete;Mike\n\
        1;b;2024-03-04 10:10:00;complete;Anne\n\
        1;b;2024-03-04 10:10:00;complete;Anne\n";
    let flags = [
        "--type",
        "log",
        "--workflow",
        "w",
        "--map",
        "activity=act,timestamp=time,resource=who",
    ];
    let metrics = [
        "executions",
        "completed",
        "steps",
        "step_durations",
        "duration_sum",
        "users",
    ];
    let (figures, ended) = imported("log.csv", log, &flags, &metrics);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.out.contains("already stored 0, rejected 0"),
        "{ended:?}"
    );
    assert_eq!(
        figures,
        json!({
            "executions": 1, "completed": 1, "steps": 3, "step_durations": 1, "duration_sum": 600_000, "users": 2,
        })
    );
}
