//! Windows that have ended, measured by the clock.

use std::time::Duration;

use serde_json::{Value, json};
use weir_e2e::{TestApp, events, until};

use super::{configure, report};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const DAYS: i64 = 10;

/// A run: its end, whether it failed, and its duration.
pub struct Run {
    at: i64,
    failed: bool,
    duration: i64,
}

/// On each of the last ten days at noon (UTC), 20 completed runs, and as many failed ones as the day
/// is in the past.
pub fn history() -> Vec<Run> {
    let today = events::now().div_euclid(DAY) * DAY;
    let on = |ago: i64| {
        (0..20 + ago).map(move |index| Run {
            at: today - ago * DAY + 12 * HOUR,
            failed: index >= 20,
            duration: 100 * ago + index,
        })
    };
    (1..=DAYS).flat_map(on).collect()
}

pub fn sent(runs: &[Run], workflow: &str) -> Value {
    let event = |(index, run): (usize, &Run)| {
        let status = if run.failed { "failed" } else { "completed" };
        json!({"type": "execution", "workflowId": workflow, "executionId": index,
            "status": status, "duration": run.duration, "timestamp": run.at})
    };
    runs.iter().enumerate().map(event).collect()
}

fn milliseconds(text: &Value) -> i64 {
    let text = text.as_str().expect("a time");
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().expect("a number");
    // Days since 1970 by the civil calendar (Hinnant's days_from_civil).
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    days * DAY + seconds * 1000
}

/// Waits for all windows and returns them; each of the last ten days has one.
pub fn measured(app: &TestApp, parameters: &str) -> Vec<Value> {
    until(
        "the windows to be measured",
        Duration::from_secs(60),
        || {
            let history = report(app, parameters)["history"].as_array()?.clone();
            (history.len() >= DAYS as usize).then_some(history)
        },
    )
}

#[test]
fn windows_are_measured_on_a_schedule_and_match_the_events() {
    let app = TestApp::configured(&[("WEIR_SLI_MEASURE_SECONDS", "1")]);
    let runs = history();
    app.take(&sent(&runs, "daily"));
    for (window, days) in [("1d", 1), ("7d", 7), ("30d", 30)] {
        for found in measured(&app, &format!("window={window}")) {
            let (from, to) = (
                milliseconds(&found["windowStart"]),
                milliseconds(&found["windowEnd"]),
            );
            assert_eq!(to - from, days * DAY, "{found}");
            assert_eq!(to % DAY, 0, "{found}");
            assert_window(&found, &runs, from, to);
        }
    }
    let mut first = measured(&app, "window=7d").remove(0);
    for field in ["windowStart", "windowEnd", "createdAt", "updatedAt"] {
        first[field] = "[varies]".into();
    }
    insta::assert_json_snapshot!("sli_window", first);
}

/// Counts the runs of a window again.
fn assert_window(found: &Value, runs: &[Run], from: i64, to: i64) {
    let within = runs.iter().filter(|run| (from..to).contains(&run.at));
    let mut durations: Vec<i64> = within.clone().map(|run| run.duration).collect();
    let failed = within.filter(|run| run.failed).count();
    let total = durations.len();
    assert_eq!(found["totalRuns"], total, "{found}");
    assert_eq!(found["failedRuns"], failed, "{found}");
    if total == 0 {
        assert_eq!(
            (&found["successPct"], &found["verdict"]),
            (&Value::Null, &json!("no_data"))
        );
        return;
    }
    let failed_pct = 100.0 * failed as f64 / total as f64;
    let tenth = |field: &str, exact: f64| {
        let value = found[field].as_f64().unwrap_or(f64::NAN);
        assert!(
            (value - exact).abs() <= 0.051,
            "{field}: {value} is not {exact}"
        );
    };
    tenth("successPct", 100.0 - failed_pct);
    // 2 % may fail.
    tenth("errorBudgetBurnPct", failed_pct / 2.0 * 100.0);
    assert_eq!(found["violatesTarget"], true);
    durations.sort_unstable();
    let rank = (95 * total).div_ceil(100);
    let (p95, exact) = (found["p95Ms"].as_f64().unwrap(), durations[rank - 1] as f64);
    assert!((p95 / exact - 1.0).abs() <= 0.01, "{p95} is not {exact}");
}

#[test]
fn workflows_with_a_target_have_windows_of_their_own_in_the_zone_of_the_target() {
    let app = TestApp::configured(&[("WEIR_SLI_MEASURE_SECONDS", "1")]);
    configure(
        &app,
        json!({"workflowId": "daily", "targetSuccessPct": 50, "timezone": "Asia/Kolkata"}),
    );
    let runs = history();
    app.take(&sent(&runs, "daily"));
    for found in measured(&app, "workflowId=daily&window=1d") {
        let (from, to) = (
            milliseconds(&found["windowStart"]),
            milliseconds(&found["windowEnd"]),
        );
        // Midnight in Kolkata is half past six in the evening.
        assert_eq!(
            (to - from, to.rem_euclid(DAY)),
            (DAY, 18 * HOUR + HOUR / 2),
            "{found}"
        );
        let within = runs.iter().filter(|run| (from..to).contains(&run.at));
        assert_eq!(found["totalRuns"], within.count(), "{found}");
        assert_eq!(found["target"]["successPct"], 50.0);
    }
    assert_eq!(
        report(&app, "workflowId=other&window=1d")["history"],
        json!([])
    );
    assert_eq!(
        report(&app, "window=1d&environment=test")["history"],
        json!([])
    );
}

#[test]
fn the_report_has_this_shape() {
    let app = TestApp::configured(&[("WEIR_SLI_MEASURE_SECONDS", "1")]);
    app.take(&sent(&history(), "daily"));
    measured(&app, "");
    let found = report(&app, "workflowId=&window=7d");
    insta::assert_json_snapshot!("sli_report", crate::views::shape(&found));
}
