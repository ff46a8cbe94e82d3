//! The demonstration data is as documented.

#![allow(clippy::unwrap_used)]

mod incidents;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;

use crate::DemoGenerator;

const NOW: &str = "2026-03-12T15:20:30Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn company() -> DemoGenerator {
    DemoGenerator::new(7, now()).executions_per_day(2_000)
}

/// A month of history, generated once for all tests.
fn month() -> &'static [Value] {
    static MONTH: OnceLock<Vec<Value>> = OnceLock::new();
    MONTH.get_or_init(|| company().history(30).flatten().collect())
}

fn text<'a>(event: &'a Value, key: &str) -> &'a str {
    event[key].as_str().unwrap_or_default()
}

fn at(event: &Value) -> Timestamp {
    text(event, "timestamp").parse().unwrap()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
fn the_same_seed_and_time_give_the_same_events_however_they_are_split() {
    let from = now() - SignedDuration::from_hours(30);
    let whole = company().live(from, now());
    let mut parts = Vec::new();
    let mut cut = from;
    while cut < now() {
        let next = (cut + 7.minutes()).min(now());
        parts.extend(company().live(cut, next));
        cut = next;
    }
    assert!(whole.len() > 5_000);
    assert_eq!(whole, parts);
    assert_ne!(
        whole,
        DemoGenerator::new(8, now())
            .executions_per_day(2_000)
            .live(from, now())
    );
}

#[test]
fn history_and_live_join_without_gap_or_overlap() {
    let history: Vec<Value> = company().history(1).flatten().collect();
    let live = company().live(now(), now() + 2.hours());
    assert!(history.iter().all(|event| at(event) < now()));
    assert!(live.iter().all(|event| at(event) >= now()));
    let started = |events: &[Value], status: &str| -> BTreeSet<String> {
        let runs = events.iter().filter(|event| event["type"] == "execution");
        runs.filter(|run| {
            (run["status"] == "started") == (status == "started") && run["status"] != "waiting"
        })
        .map(|run| text(run, "executionId").to_owned())
        .collect()
    };
    let open: BTreeSet<String> = started(&history, "started")
        .difference(&started(&history, "ended"))
        .cloned()
        .collect();
    assert!(!open.is_empty(), "something is always running");
    assert!(
        open.is_subset(&started(&live, "ended")),
        "what is running at `now` ends in `live`"
    );
}

#[test]
fn every_event_has_a_unique_id_a_time_in_order_and_the_fields_of_its_type() {
    let events = month();
    let mut ids = BTreeSet::new();
    let mut before = Timestamp::MIN;
    let mut types: BTreeMap<&str, u64> = BTreeMap::new();
    for event in events {
        assert!(ids.insert(text(event, "id")), "{event}");
        assert!(at(event) >= before, "{event}");
        before = at(event);
        *types.entry(text(event, "type")).or_default() += 1;
        let needed: &[&str] = match text(event, "type") {
            "execution" => &[
                "executionId",
                "status",
                "workflowId",
                "workflowVersion",
                "triggerType",
            ],
            "step" => &["executionId", "stepId", "stepType", "status"],
            "cost" => &[
                "executionId",
                "stepId",
                "actionType",
                "provider",
                "dollarAmount",
            ],
            "activity" => &["sessionId", "action", "userId"],
            "document" => &["executionId", "kind", "status", "duration"],
            "queue" => &["queue", "action", "executionId"],
            "goal" => &["executionId", "subjectId", "goalId"],
            other => panic!("unknown type {other}"),
        };
        assert!(
            needed.iter().all(|field| !event[*field].is_null()),
            "{event}"
        );
        assert!(
            event["duration"].is_null() || event["duration"].as_i64().is_some_and(|ms| ms >= 0),
            "{event}"
        );
    }
    println!("{types:?}");
    assert_eq!(types.len(), 7);
}

#[test]
fn a_sub_process_contains_its_steps_and_a_step_that_asks_a_person_mostly_waits() {
    let steps = || month().iter().filter(|event| event["type"] == "step");
    let within = |step: &Value, time: &str| -> Timestamp { text(step, time).parse().unwrap() };
    let mut contained = 0;
    let containers: BTreeMap<(&str, &str), &Value> = steps()
        .filter(|step| step["stepType"] == "subProcess")
        .map(|step| ((text(step, "executionId"), text(step, "stepId")), step))
        .collect();
    for step in steps().filter(|step| step["startTime"].is_string()) {
        let around = containers.get(&(text(step, "executionId"), text(step, "parentStepId")));
        if let Some(around) = around {
            contained += 1;
            assert!(
                within(around, "startTime") <= within(step, "startTime"),
                "{step}"
            );
            assert!(
                within(around, "endTime") >= within(step, "endTime"),
                "{step}"
            );
        }
        if let Some(waited) = step["waitDuration"].as_i64() {
            let took = step["duration"].as_i64().unwrap();
            assert!(waited * 10 > took * 9 && waited < took, "{step}");
        }
    }
    assert!(containers.len() > 20 && contained > 60, "{contained}");
    assert!(steps().any(|step| step["stepName"] == "Ask manager" && step["waitDuration"].is_i64()));
}

#[test]
fn every_execution_starts_once_and_ends_once() {
    let mut statuses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let late = now() - SignedDuration::from_hours(2);
    for event in month().iter().filter(|event| event["type"] == "execution") {
        let status = text(event, "status").to_owned();
        statuses
            .entry(text(event, "executionId").to_owned())
            .or_default()
            .push(format!("{status} {}", at(event)));
    }
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    for (id, statuses) in &statuses {
        let started: Timestamp = statuses[0]
            .strip_prefix("started ")
            .unwrap()
            .parse()
            .unwrap();
        let rest: Vec<&String> = statuses[1..]
            .iter()
            .filter(|status| !status.starts_with("waiting"))
            .collect();
        assert!(
            rest.len() == 1 || (rest.is_empty() && started > late),
            "{id}: {statuses:?}"
        );
        if let Some(end) = rest.first() {
            *ends
                .entry(end.split(' ').next().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    let total: u64 = ends.values().sum();
    let share = |status: &str| ends[status] as f64 / total as f64;
    println!("{ends:?}");
    assert!(
        (1_600.0..2_400.0).contains(&(total as f64 / 30.0)),
        "{total} in 30 days"
    );
    assert!((0.88..0.985).contains(&share("completed")), "{ends:?}");
    assert!(
        share("failed") > 0.01 && share("canceled") > 0.002 && share("crashed") > 0.0005,
        "{ends:?}"
    );
}

#[test]
fn working_hours_are_busier_than_nights_and_weekends() {
    let mut by_day: BTreeMap<String, u64> = BTreeMap::new();
    let (mut noon, mut night) = (0, 0);
    for event in month().iter().filter(|event| event["status"] == "started") {
        let zoned = at(event).to_zoned(jiff::tz::TimeZone::UTC);
        *by_day.entry(zoned.date().to_string()).or_default() += 1;
        match zoned.hour() {
            10 => noon += 1,
            2 => night += 1,
            _ => {}
        }
    }
    let (mut weekend, mut week) = (Vec::new(), Vec::new());
    for (day, count) in by_day.iter().skip(1).take(28) {
        let date: jiff::civil::Date = day.parse().unwrap();
        if date.weekday().to_monday_zero_offset() > 4 {
            weekend.push(*count as f64)
        } else {
            week.push(*count as f64)
        }
    }
    assert!(
        median(week.clone()) > 1.5 * median(weekend.clone()),
        "{week:?} {weekend:?}"
    );
    assert!(noon > 3 * night, "{noon} at ten, {night} at two");
}

#[test]
fn there_are_two_hundred_workflows_in_two_environments_with_many_connectors_and_models() {
    let events = month();
    let distinct = |key: &str| {
        events
            .iter()
            .map(|event| text(event, key))
            .filter(|value| !value.is_empty())
            .collect::<BTreeSet<_>>()
    };
    assert!(
        distinct("workflowId").len() >= 195,
        "{}",
        distinct("workflowId").len()
    );
    assert_eq!(
        distinct("environment"),
        BTreeSet::from(["production", "staging"])
    );
    assert_eq!(
        distinct("triggerType"),
        BTreeSet::from(["api", "event", "manual", "schedule", "webhook"])
    );
    assert!(
        distinct("stepType").len() > 20
            && distinct("errorType").len() > 12
            && distinct("userId").len() > 30
    );
    assert_eq!(distinct("model").len(), 3);
    assert!(events.iter().any(|event| !event["retryOf"].is_null()));
    assert!(
        events
            .iter()
            .any(|event| event["type"] == "step" && event["attempt"] == 2)
    );
}
