//! The loan process of a Dutch bank (BPI Challenge 2012), imported with `weir import`: the server's
//! answers match the file.

mod activity;
pub mod log;
mod process;
mod views;

use std::{path::PathBuf, time::Instant};

use log::{Log, quantile};
use serde_json::{Value, json};
use weir_e2e::{Ended, TestApp, counts, repository, rows, run, say, weir};

const WORKFLOW: &str = "bpi-challenge-2012";
const ZONE: &str = "Europe/Amsterdam";

/// The log; if it is not on this machine, prints that and returns `None`.
pub fn file() -> Option<PathBuf> {
    let path = repository().join("../shared/data/bpic2012.xes.gz");
    if path.is_file() {
        return Some(path);
    }
    say(&format!(
        "SKIPPED: the real log {} does not exist",
        path.display()
    ));
    None
}

/// Imports the log as a user does.
pub fn import(app: &TestApp, file: &std::path::Path) -> Ended {
    let mut command = weir(&["import", "--server", app.server().url(), "--quiet"]);
    run(command.env("WEIR_API_KEY", app.key()).arg(file))
}

#[test]
fn the_figures_of_the_imported_log_match_the_file() {
    let Some(file) = file() else { return };
    let log = Log::read(&file);
    assert_eq!(
        (log.executions, log.events, log.users.len()),
        (13_087, 262_200, 68)
    );
    let app = TestApp::start();
    let started = Instant::now();
    let imported = import(&app, &file);
    say(&format!(
        "the log was imported in {:.1?}",
        started.elapsed()
    ));
    assert_eq!(imported.code, Some(0), "{imported:?}");

    executions_match_the_file(&app, &log);
    executions_in_time_match_the_file(&app, &log);
    log_events_match_the_file(&app, &log);
    step_durations_match_the_file(&app, &log);
    the_steps_view_has_the_slowest_first(&app, &log);
    the_busiest_days_match_the_file(&app, &log);
    an_automatic_range_covers_the_data(&app, &log);
    activity::sessions_match_the_file(&app, &log);
    activity::active_users_match_the_file(&app, &log);
    activity::returning_users_match_the_file(&app, &log);
    views::they_agree_with_the_file(&app, &log);
    process::it_matches_the_file(&app, &log);
    a_repeated_import_counts_nothing_twice(&app, &file, &log);
}

fn all(mut query: Value) -> Value {
    query["range"] = json!({"all": true});
    query["timezone"] = ZONE.into();
    query
}

fn assert_near(what: &str, found: &Value, exact: i64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    let near = (found - exact as f64).abs() <= exact as f64 * 0.01;
    assert!(near, "{what}: {found} is not within 1 % of {exact}");
}

const QUANTILES: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

fn executions_match_the_file(app: &TestApp, log: &Log) {
    let answer = app.query(&all(json!({
        "metrics": ["executions", "completed", "running", "success_rate", "duration_p50",
            "duration_p95", "duration_p99", "duration_avg", "duration_sum", "users", "activities", "steps"],
        "dimensions": [],
    })));
    let row = &answer["rows"][0];
    for (metric, count) in [
        ("executions", log.executions),
        ("completed", log.executions),
        ("running", 0),
        ("success_rate", 100),
        ("users", log.users.len()),
        ("activities", log.events),
        ("steps", log.steps.values().sum::<u64>() as usize),
    ] {
        assert_eq!(row[metric].as_f64(), Some(count as f64), "{metric}");
    }
    for (name, q) in QUANTILES {
        let exact = quantile(&log.execution_durations, q);
        assert_near(name, &row[format!("duration_{name}")], exact);
    }
    let sum: i64 = log.execution_durations.iter().sum();
    assert_eq!(row["duration_sum"].as_f64(), Some(sum as f64));
}

fn executions_in_time_match_the_file(app: &TestApp, log: &Log) {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let durations = &log.execution_durations;
    for threshold in [
        0,
        1_000,
        60_000,
        DAY / 24,
        DAY,
        14 * DAY,
        60 * DAY,
        365 * DAY,
    ] {
        let answer = app.query(&all(json!({
            "metrics": ["durations", "durations_within", "duration_within_rate"],
            "threshold": threshold,
        })));
        let row = &answer["rows"][0];
        assert_eq!(row["durations"], durations.len());
        let within = row["durations_within"].as_i64().unwrap();
        // The threshold is accurate within 1 %.
        let below = |limit: f64| durations.iter().filter(|&&d| d as f64 <= limit).count() as i64;
        let (least, most) = (
            below(threshold as f64 * 0.99),
            below(threshold as f64 * 1.01),
        );
        assert!(
            (least..=most).contains(&within),
            "{threshold}: {within} of {least} to {most}"
        );
        let rate = row["duration_within_rate"].as_f64().unwrap();
        let exact = 100.0 * within as f64 / durations.len() as f64;
        assert!((rate - exact).abs() < 1e-9, "{threshold}: {rate}");
    }
}

fn log_events_match_the_file(app: &TestApp, log: &Log) {
    for (dimension, expected) in [("resource", &log.activities), ("action", &log.transitions)] {
        let answer = app.query(&all(json!({
            "metrics": ["activities"], "dimensions": [dimension],
            "filters": [{"dimension": "workflow", "op": "in", "values": [WORKFLOW]}],
        })));
        let mut found = counts(&answer, dimension, "activities");
        // Executions of named users are in the same family, but are not log events.
        found.retain(|_, &mut count| count > 0);
        assert_eq!(&found, expected, "{dimension}");
    }
    let by_user = app.query(&all(
        json!({"metrics": ["activities"], "dimensions": ["user"]}),
    ));
    let users = rows(&by_user, "user")
        .into_keys()
        .filter(|user| !user.is_empty());
    assert!(
        users.eq(log.users.iter().cloned()),
        "the users have different names"
    );
}

fn step_durations_match_the_file(app: &TestApp, log: &Log) {
    let answer = app.query(&all(json!({
        "metrics": ["steps", "steps_completed", "step_duration_p50", "step_duration_p95",
            "step_duration_p99", "step_duration_sum"],
        "dimensions": ["step"],
    })));
    assert_eq!(counts(&answer, "step", "steps_completed"), log.steps);
    for (step, row) in rows(&answer, "step") {
        let Some(durations) = log.step_durations.get(&step) else {
            assert_eq!(
                row["step_duration_p50"],
                Value::Null,
                "{step} has no duration"
            );
            continue;
        };
        for (name, q) in QUANTILES {
            let found = &row[format!("step_duration_{name}")];
            assert_near(&format!("{step} {name}"), found, quantile(durations, q));
        }
        let sum: i64 = durations.iter().sum();
        assert_eq!(
            row["step_duration_sum"].as_f64(),
            Some(sum as f64),
            "{step}"
        );
    }
}

fn the_steps_view_has_the_slowest_first(app: &TestApp, log: &Log) {
    let range = "from=2011-09-01T00:00:00Z&to=2012-04-01T00:00:00Z";
    let found = app
        .get(&format!(
            "/api/v1/analytics/workflows/{WORKFLOW}/steps?{range}"
        ))
        .json();
    let total = |durations: &Vec<i64>| durations.iter().sum::<i64>();
    let mut expected: Vec<(&String, i64)> = log
        .step_durations
        .iter()
        .map(|(step, durations)| (step, total(durations)))
        .collect();
    expected.sort_by_key(|&(_, total)| std::cmp::Reverse(total));
    let everything: i64 = expected.iter().map(|&(_, total)| total).sum();
    let steps = found["steps"].as_array().unwrap();
    assert_eq!(steps.len(), log.steps.len());
    for (shown, (step, total)) in steps.iter().zip(expected) {
        assert_eq!(shown["stepId"].as_str(), Some(step.as_str()));
        assert_eq!(
            shown["totalDuration"].as_f64(),
            Some(total as f64),
            "{step}"
        );
        assert_eq!(shown["executions"], log.steps[step], "{step}");
        let share = total as f64 / everything as f64 * 100.0;
        let found = shown["shareOfTime"].as_f64().unwrap();
        assert!(
            (found - share).abs() < 1e-6,
            "{step}: {found} is not {share}"
        );
    }
    assert_eq!(steps[0]["isBottleneck"], true);
    assert_eq!(found["workflowName"], "BPI Challenge 2012");
}

fn the_busiest_days_match_the_file(app: &TestApp, log: &Log) {
    let answer = app.query(&all(json!({
        "metrics": ["activities"], "granularity": "day",
        "orderBy": [{"metric": "activities", "direction": "desc"}],
    })));
    let day = |row: &Value| {
        (
            row["time"].as_str().unwrap()[..10].to_owned(),
            row["activities"].as_u64().unwrap(),
        )
    };
    let found: Vec<(String, u64)> = answer["rows"].as_array().unwrap().iter().map(day).collect();
    let busy = found
        .iter()
        .filter(|(_, count)| *count > 0)
        .cloned()
        .collect();
    assert_eq!(log.days, busy);
    let mut expected: Vec<(&String, &u64)> = log.days.iter().collect();
    expected.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    for ((day, count), (expected_day, expected_count)) in found.iter().zip(&expected[..10]) {
        assert_eq!((day, count), (*expected_day, *expected_count));
    }
}

fn an_automatic_range_covers_the_data(app: &TestApp, log: &Log) {
    let (first, newest) = ("2011-09-30T22:38:44.546Z", "2012-03-14T15:04:54.681Z");
    assert_eq!(log.range, (1_317_422_324_546, 1_331_737_494_681));
    let project = app.get("/api/v1/projects").json()["projects"][0].clone();
    assert_eq!(project["firstEvent"], first);
    assert_eq!(project["newestEvent"], newest);
    let answer = app.query(&all(
        json!({"metrics": ["executions"], "granularity": "auto"}),
    ));
    let answered = &answer["query"]["range"];
    assert!(answered["from"].as_str().unwrap() <= first, "{answered}");
    assert!(answered["to"].as_str().unwrap() > newest, "{answered}");
    let completeness = &answer["meta"]["completeness"];
    assert_eq!(completeness["newestEvent"], project["newestEvent"]);
}

fn a_repeated_import_counts_nothing_twice(app: &TestApp, file: &std::path::Path, log: &Log) {
    let again = import(app, file);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(
        again.out.contains("accepted  0, already stored"),
        "{again:?}"
    );
    executions_match_the_file(app, log);
}
