//! The loan process of a Dutch bank: people and machines in one funnel, compared with the file.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use weir_e2e::TestApp;

use super::{column, counts};
use crate::real_log::{
    file, import,
    log::{Log, LogMark},
};

const WORKFLOW: &str = "bpi-challenge-2012";
const RANGE: &str = "start_date=2011-09-01&end_date=2012-04-01&timezone=Europe/Amsterdam";
const DAY: i64 = 86_400_000;

#[test]
fn journeys_of_the_imported_log_match_the_file() {
    let Some(file) = file() else { return };
    let log = Log::read(&file);
    let app = TestApp::start();
    let imported = import(&app, &file);
    assert_eq!(imported.code, Some(0), "{imported:?}");
    enrolments_match_the_traces(&app, &log);
    funnels_match_the_traces(&app, &log);
    the_most_common_path_matches_the_traces(&app, &log);
    reached_actions_match_the_traces(&app, &log);
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(&format!("/api/v1/workflows/{WORKFLOW}/analytics{path}"));
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn enrolments_match_the_traces(app: &TestApp, log: &Log) {
    let found = get(app, &format!("?{RANGE}&granularity=daily"));
    let traces = log.traces.len() as i64;
    let summary = counts(&found["summary"], ["enrolled", "completed", "active"]);
    assert_eq!(summary, [traces, traces, 0]);
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for trace in &log.traces {
        let first = trace.iter().min_by_key(|mark| mark.at).unwrap();
        *expected.entry(first.day.clone()).or_default() += 1;
    }
    let days = found["series"].as_array().unwrap();
    let day = |day: &Value| {
        let time = day["time"].as_str().unwrap()[..10].to_owned();
        (time, day["enrolled"].as_i64().unwrap())
    };
    let found: BTreeMap<_, _> = days
        .iter()
        .map(day)
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(found, expected);
}

/// The marks of a trace in order of time; those with the same time in the order of the steps.
fn ordered<'a>(trace: &'a [LogMark], steps: &[&str]) -> Vec<(i64, &'a str)> {
    let mut marks: Vec<_> = trace
        .iter()
        .map(|mark| (mark.at, mark.activity.as_str()))
        .collect();
    let place = |name: &str| steps.iter().position(|step| *step == name);
    marks.sort_by_key(|(at, name)| (*at, place(name).unwrap_or(steps.len())));
    marks
}

fn depth(marks: &[(i64, &str)], steps: &[&str], order: &str, window: i64) -> usize {
    let from = |start: usize| {
        let end = marks[start].0.saturating_add(window);
        let rest = marks[start..].iter().take_while(|(at, _)| *at <= end);
        match order {
            "sequential" => rest.fold(0, |done, (_, name)| {
                done + usize::from(steps.get(done) == Some(name))
            }),
            "strict" => rest
                .zip(steps)
                .take_while(|((_, name), step)| name == *step)
                .count(),
            _ => {
                let names: HashSet<&str> = rest.map(|(_, name)| *name).collect();
                steps.iter().filter(|step| names.contains(*step)).count()
            }
        }
    };
    (0..marks.len()).map(from).max().unwrap_or(0)
}

fn funnels_match_the_traces(app: &TestApp, log: &Log) {
    let way = ["A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_APPROVED"];
    let start = ["A_SUBMITTED", "A_PARTLYSUBMITTED", "A_PREACCEPTED"];
    let offers = ["O_SENT", "O_SENT_BACK", "O_ACCEPTED"];
    for (steps, order, window) in [
        (&way[..], "sequential", None),
        (&way, "sequential", Some(14)),
        (&start, "strict", None),
        (&offers, "sequential", Some(7)),
        (&offers, "any", Some(7)),
    ] {
        let words: Vec<_> = steps
            .iter()
            .map(|step| format!("resource:{step}"))
            .collect();
        let limit = window.map_or(String::new(), |days: i64| format!("&window={days}d"));
        let path = format!(
            "/funnel?{RANGE}&steps={}&order={order}{limit}",
            words.join(",")
        );
        let found = get(app, &path);
        let length = window.map_or(i64::MAX, |days| days * DAY);
        let depths: Vec<usize> = log
            .traces
            .iter()
            .map(|trace| depth(&ordered(trace, steps), steps, order, length))
            .collect();
        let expected: Vec<i64> = (1..=steps.len())
            .map(|step| depths.iter().filter(|&&depth| depth >= step).count() as i64)
            .collect();
        assert!(
            *expected.last().unwrap() > 100,
            "{path} has too few to prove anything"
        );
        assert_eq!(column(&found["steps"], "reached"), expected, "{path}");
        let by_subject = get(app, &format!("{path}&unit=subject"));
        assert_eq!(column(&by_subject["steps"], "reached"), expected, "{path}");
    }
}

/// The first and the last completion of each activity of a trace.
fn completions(trace: &[LogMark]) -> BTreeMap<&str, (i64, i64)> {
    let mut times = BTreeMap::new();
    for mark in trace.iter().filter(|mark| mark.transition == "COMPLETE") {
        let (first, last) = times
            .entry(mark.activity.as_str())
            .or_insert((mark.at, mark.at));
        *first = mark.at.min(*first);
        *last = mark.at.max(*last);
    }
    times
}

fn the_most_common_path_matches_the_traces(app: &TestApp, log: &Log) {
    let mut ways: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for trace in &log.traces {
        let mut steps: Vec<_> = completions(trace)
            .into_iter()
            .map(|(step, (first, _))| (first, step))
            .collect();
        steps.sort_unstable();
        let way = steps.into_iter().map(|(_, step)| step).collect();
        *ways.entry(way).or_default() += 1;
    }
    // Of equally common ones, the first by name: the last of them in the reversed map.
    let common = ways.iter().rev().max_by_key(|(_, count)| **count).unwrap();
    let expected = common.0.iter().map(|step| format!("step:{step}"));
    let found = get(app, &format!("/funnel?{RANGE}"));
    assert_eq!(found["steps_from"], "most_common_path");
    let steps = found["steps"].as_array().unwrap();
    let inner = &steps[1..steps.len() - 1];
    assert!(
        inner
            .iter()
            .map(|step| step["events"][0].as_str().unwrap())
            .eq(expected),
        "{steps:?}"
    );
    assert_eq!(steps[0]["reached"], log.traces.len());
}

fn reached_actions_match_the_traces(app: &TestApp, log: &Log) {
    let mut expected: BTreeMap<String, [i64; 2]> = BTreeMap::new();
    for trace in &log.traces {
        let completions = completions(trace);
        for step in completions.keys() {
            expected.entry((*step).to_owned()).or_default()[0] += 1;
        }
        let last = completions
            .iter()
            .max_by_key(|(step, (_, last))| (*last, **step));
        expected.entry((*last.unwrap().0).to_owned()).or_default()[1] += 1;
    }
    let found = get(app, &format!("/actions?{RANGE}"));
    let actions = found["actions"].as_array().unwrap();
    let found: BTreeMap<_, _> = actions
        .iter()
        .map(|action| {
            let id = action["action_id"].as_str().unwrap().to_owned();
            (id, counts(action, ["reached", "last"]))
        })
        .collect();
    assert_eq!(found, expected);
}
