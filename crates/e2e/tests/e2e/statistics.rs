//! Execution statistics by every dimension and at every granularity, against plain counting.

use serde_json::Value;
use weir_e2e::TestApp;

use crate::{
    generated::{self, Run, assert_figure, by, count, durations, mean, success_rate},
    real_log::log::quantile,
};

type Key = fn(&Run) -> Option<String>;

/// Every dimension of executions, by its name and its alias.
const GROUPS: [(&str, Key); 9] = [
    ("workflow", |run| Some(run.workflow.clone())),
    ("workflowId", |run| Some(run.workflow.clone())),
    ("triggerType", |run| Some(run.trigger.to_owned())),
    ("trigger_type", |run| Some(run.trigger.to_owned())),
    ("version", |run| Some(run.version.clone())),
    ("user", |run| Some(run.user.clone())),
    ("environment", |run| Some(run.environment.to_owned())),
    ("status", |run| Some(run.status.to_owned())),
    ("errorType", |run| run.error_type.map(str::to_owned)),
];

#[test]
fn statistics_by_every_dimension_match_plain_counting() {
    let app = TestApp::start();
    let runs = generated::runs(11, 2_000);
    generated::send(&app, &runs);
    for (word, key) in GROUPS {
        let path = format!(
            "/api/v1/analytics/executions?{}&granularity=month&groupBy={word}",
            generated::RANGE
        );
        let found = app.get(&path).json();
        let points = found["data"].as_array().unwrap();
        let groups = by(&runs, key);
        assert_eq!(points.len(), groups.len(), "{word}");
        for (group, runs) in groups {
            let point = points
                .iter()
                .find(|point| point["group"].as_str() == group.as_deref());
            let point = point.unwrap_or_else(|| panic!("{word} has no {group:?}"));
            figures_are_those_of(&format!("{word} {group:?}"), point, &runs);
        }
    }
}

fn figures_are_those_of(what: &str, point: &Value, runs: &[&Run]) {
    assert_eq!(point["totalExecutions"], runs.len(), "{what}");
    assert_eq!(point["successful"], count(runs, &["completed"]), "{what}");
    assert_eq!(point["failed"], count(runs, &["failed"]), "{what}");
    assert_figure(what, &point["successRate"], success_rate(runs), 1e-9);
    let durations = durations(runs);
    assert_figure(what, &point["avgDuration"], mean(&durations), 1e-9);
    let p95 = (!durations.is_empty()).then(|| quantile(&durations, 0.95) as f64);
    assert_figure(what, &point["p95Duration"], p95, 0.01);
}

#[test]
fn statistics_at_every_granularity_fall_into_the_buckets_of_the_calendar() {
    let app = TestApp::start();
    let runs = generated::runs(13, 800);
    generated::send(&app, &runs);
    for (word, width) in [
        ("minute", 60_000),
        ("five_minutes", 300_000),
        ("half_hour", 1_800_000),
        ("hour", 3_600_000),
        ("half_day", 43_200_000),
        ("day", 86_400_000),
    ] {
        let day = "from=2024-03-03T00:00:00Z&to=2024-03-05T00:00:00Z";
        let path = format!("/api/v1/analytics/executions?{day}&granularity={word}");
        let found = app.get(&path).json();
        let points = found["data"].as_array().unwrap();
        let from = generated::START + 2 * 86_400_000;
        assert_eq!(points.len() as i64, 2 * 86_400_000 / width, "{word}");
        for (position, point) in points.iter().enumerate() {
            let bucket = from + position as i64 * width;
            let expected = runs
                .iter()
                .filter(|run| run.at - run.at.rem_euclid(width) == bucket);
            assert_eq!(
                point["totalExecutions"],
                expected.count(),
                "{word} {position}"
            );
        }
    }
    // Weeks begin on Monday, 4 March; months are calendar months.
    for (word, expected) in [("week", vec![3, 7]), ("month", vec![10])] {
        let path = format!(
            "/api/v1/analytics/executions?{}&granularity={word}",
            generated::RANGE
        );
        let found = app.get(&path).json();
        let points = found["data"].as_array().unwrap().iter();
        let totals: Vec<_> = points
            .map(|point| point["totalExecutions"].as_u64().unwrap())
            .collect();
        let mut day = 0;
        let expected: Vec<u64> = expected
            .into_iter()
            .map(|days| {
                let (from, to) = (day, day + days);
                day = to;
                let within =
                    |run: &&Run| (from..to).contains(&((run.at - generated::START) / 86_400_000));
                runs.iter().filter(within).count() as u64
            })
            .collect();
        assert_eq!(totals, expected, "{word}");
    }
}
