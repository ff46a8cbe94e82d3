//! The process map, variants and conformance of the real log, computed from the file in plain Rust. Nothing here is
//! shared with the server: steps are paired, ordered and counted again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

use serde_json::{Value, json};
use weir_e2e::{TestApp, say};

use super::{
    WORKFLOW,
    log::{Log, LogMark, quantile},
};

const RANGE: &str = "from=2011-09-01T00:00:00Z&to=2012-04-01T00:00:00Z";

/// A step of a case.
struct Step<'a> {
    activity: &'a str,
    began: i64,
    ended: i64,
    timed: bool,
}

/// A case: its steps in order, its first and its last event.
struct Case<'a> {
    steps: Vec<Step<'a>>,
    began: i64,
    ended: i64,
}

impl<'a> Case<'a> {
    fn of(trace: &'a [LogMark]) -> Self {
        let mut open: HashMap<&str, Vec<i64>> = HashMap::new();
        let mut steps = Vec::new();
        for mark in trace {
            match mark.transition.as_str() {
                "START" => open.entry(&mark.activity).or_default().push(mark.at),
                "COMPLETE" => {
                    let began = open.get_mut(mark.activity.as_str()).and_then(Vec::pop);
                    steps.push(Step {
                        activity: &mark.activity,
                        began: began.unwrap_or(mark.at),
                        ended: mark.at,
                        timed: began.is_some(),
                    });
                }
                _ => {}
            }
        }
        // Stable: steps of one instant stay in the order of the file.
        steps.sort_by_key(|step| (step.began, step.ended));
        let times = trace.iter().map(|mark| mark.at);
        Self {
            steps,
            began: times.clone().min().unwrap(),
            ended: times.max().unwrap(),
        }
    }

    fn path(&self) -> Vec<&'a str> {
        self.steps.iter().map(|step| step.activity).collect()
    }
}

/// All checks of this file.
pub fn it_matches_the_file(app: &TestApp, log: &Log) {
    let cases: Vec<Case<'_>> = log.traces.iter().map(|trace| Case::of(trace)).collect();
    let started = Instant::now();
    let map = get(app, "map", "&refresh=true&nodes=500&edges=2000");
    say(&format!(
        "the map of {} steps was computed in {:.2?}",
        log.steps.values().sum::<u64>(),
        started.elapsed()
    ));
    assert_eq!(map["executions"], log.executions);
    assert_eq!(map["open"], 0);
    assert_eq!(map["omitted"], json!({"nodes": 0, "edges": 0}));
    nodes_match_the_file(&map, &cases);
    edges_match_the_file(&map, &cases);
    variants_match_the_file(app, &cases);
    lists_have_as_many_executions(app, &map);
    rules_match_the_file(app, &cases);
    versions_of_time_match_the_file(app, &cases);
}

fn get(app: &TestApp, view: &str, more: &str) -> Value {
    let path = format!("/api/v1/analytics/workflows/{WORKFLOW}/{view}?{RANGE}{more}");
    let answer = app.get(&path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn list<'v>(answer: &'v Value, name: &str) -> &'v [Value] {
    answer[name].as_array().unwrap()
}

/// The values of a quantile, exact by nearest rank; null without values.
fn quantiles(values: &mut [i64]) -> [Value; 2] {
    values.sort_unstable();
    [0.5, 0.95].map(|q| match values.is_empty() {
        true => Value::Null,
        false => quantile(values, q).into(),
    })
}

#[derive(Default)]
struct Counted {
    executions: u64,
    runs: u64,
    overlaps: u64,
    repeated: u64,
    last: u64,
    times: Vec<i64>,
}

fn nodes_match_the_file(map: &Value, cases: &[Case<'_>]) {
    let mut nodes: BTreeMap<&str, Counted> = BTreeMap::new();
    for case in cases {
        let mut seen = BTreeSet::new();
        for step in &case.steps {
            let node = nodes.entry(step.activity).or_default();
            node.runs += 1;
            match seen.insert(step.activity) {
                true => node.executions += 1,
                false => node.repeated += 1,
            }
            let time = step.ended - step.began;
            node.times.extend(step.timed.then_some(time));
        }
        if let Some(last) = case.steps.last() {
            nodes.entry(last.activity).or_default().last += 1;
        }
    }
    let found = list(map, "nodes");
    assert_eq!(found.len(), nodes.len());
    for node in found {
        let step = node["step"]["id"].as_str().unwrap();
        let mut exact = nodes.remove(step).unwrap_or_default();
        let numbers = [
            ("executions", exact.executions),
            ("runs", exact.runs),
            ("attempts", exact.runs),
            ("failedRuns", 0),
        ];
        for (name, count) in numbers {
            assert_eq!(node[name], count, "{name} of {step}");
        }
        assert_eq!(node["rework"]["runs"], exact.repeated, "{step}");
        assert_eq!(node["ends"]["completed"], exact.last, "{step}");
        let [p50, p95] = quantiles(&mut exact.times);
        assert_eq!((&node["durationP50"], &node["durationP95"]), (&p50, &p95));
        let sum: i64 = exact.times.iter().sum();
        assert_eq!(node["durationSum"].as_f64().unwrap_or(0.0), sum as f64);
    }
}

fn edges_match_the_file(map: &Value, cases: &[Case<'_>]) {
    let mut edges: BTreeMap<(Option<&str>, Option<&str>), Counted> = BTreeMap::new();
    for case in cases {
        let mut seen = BTreeSet::new();
        let mut pass = |from: Option<&'_ Step<'_>>, to: Option<&'_ Step<'_>>| {
            let (end, start) = (
                from.map_or(case.began, |step| step.ended),
                to.map_or(case.ended, |step| step.began),
            );
            let key = (
                from.map(|step| step.activity.to_owned()),
                to.map(|step| step.activity.to_owned()),
            );
            (seen.insert(key), (start - end).max(0), start < end)
        };
        let steps = &case.steps;
        let pairs = steps.windows(2).map(|two| (Some(&two[0]), Some(&two[1])));
        let outer = [(None, steps.first()), (steps.last(), None)];
        for (from, to) in pairs.chain(outer) {
            if from.is_none() && to.is_none() {
                continue;
            }
            let (first, wait, overlaps) = pass(from, to);
            let key = (from.map(|step| step.activity), to.map(|step| step.activity));
            let edge = edges.entry(key).or_default();
            edge.runs += 1;
            edge.executions += u64::from(first);
            edge.overlaps += u64::from(overlaps && from.is_some() && to.is_some());
            edge.times.push(wait);
        }
    }
    let found = list(map, "edges");
    assert_eq!(found.len(), edges.len());
    for edge in found {
        let key = (edge["from"].as_str(), edge["to"].as_str());
        let mut exact = edges.remove(&key).unwrap_or_default();
        let numbers = [
            ("executions", exact.executions),
            ("runs", exact.runs),
            ("overlaps", exact.overlaps),
        ];
        for (name, count) in numbers {
            assert_eq!(edge[name], count, "{name} of {key:?}");
        }
        let [p50, p95] = quantiles(&mut exact.times);
        assert_eq!(
            (&edge["waitP50"], &edge["waitP95"]),
            (&p50, &p95),
            "{key:?}"
        );
        let sum: i64 = exact.times.iter().sum();
        assert_eq!(edge["waitSum"].as_f64(), Some(sum as f64), "{key:?}");
    }
}

/// The activities of a variant, one by one.
fn steps_of(variant: &Value) -> Vec<String> {
    let steps = list(variant, "steps").iter();
    steps
        .flat_map(|step| {
            let times = step["repeats"].as_u64().unwrap() as usize;
            std::iter::repeat_n(step["id"].as_str().unwrap().to_owned(), times)
        })
        .collect()
}

fn variants_match_the_file(app: &TestApp, cases: &[Case<'_>]) {
    let mut paths: BTreeMap<Vec<String>, Vec<i64>> = BTreeMap::new();
    for case in cases {
        let path = case.path().into_iter().map(str::to_owned).collect();
        let durations = paths.entry(path).or_default();
        durations.push(case.ended - case.began);
    }
    let number = paths.len();
    let mut ids = BTreeSet::new();
    let (mut before, mut cursor) = (u64::MAX, String::new());
    loop {
        let page = get(app, "variants", &format!("&limit=100&cursor={cursor}"));
        assert_eq!(page["variants"], number);
        assert_eq!(page["executions"], cases.len());
        for row in list(&page, "rows") {
            let path = steps_of(row);
            let mut durations = paths.remove(&path).unwrap_or_default();
            assert_eq!(row["executions"], durations.len(), "{path:?}");
            assert_eq!(row["length"], path.len());
            assert_eq!(row["successRate"], 100.0);
            let [p50, p95] = quantiles(&mut durations);
            assert_eq!((&row["durationP50"], &row["durationP95"]), (&p50, &p95));
            let executions = row["executions"].as_u64().unwrap();
            assert!(executions <= before, "the most frequent come first");
            before = executions;
            assert!(ids.insert(row["id"].as_str().unwrap().to_owned()));
        }
        let rest: usize = paths.values().map(Vec::len).sum();
        assert_eq!(page["other"]["variants"], paths.len());
        assert_eq!(page["other"]["executions"], rest);
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert!(paths.is_empty(), "{} variants are missing", paths.len());
    say(&format!("the log has {number} variants"));
}

/// The number of executions in the list.
fn listed(app: &TestApp, filter: &[(&str, &str)]) -> usize {
    let pairs = filter
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "%20")));
    let query = pairs.collect::<Vec<_>>().join("&");
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let path = format!(
            "/api/v1/executions?{RANGE}&workflowId={WORKFLOW}&limit=500&{query}&cursor={cursor}"
        );
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let page = answer.json();
        count += list(&page, "executions").len();
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return count,
        }
    }
}

/// Every node, arrow and variant leads to its executions: a few of each, not too large.
fn lists_have_as_many_executions(app: &TestApp, map: &Value) {
    let small = |row: &&Value| (50..700).contains(&row["executions"].as_u64().unwrap());
    let inner = |row: &&Value| row["from"].is_string() && row["to"].is_string();
    let edges = list(map, "edges").iter().filter(small).filter(inner);
    for edge in edges.take(2) {
        let (from, to) = (edge["from"].as_str().unwrap(), edge["to"].as_str().unwrap());
        let count = listed(app, &[("fromStep", from), ("toStep", to)]);
        assert_eq!(edge["executions"], count, "{from} to {to}");
    }
    let first = |row: &&Value| row["from"].is_null();
    for edge in list(map, "edges").iter().filter(first).take(1) {
        let step = edge["to"].as_str().unwrap();
        let count = listed(app, &[("firstStep", step)]);
        assert_eq!(edge["executions"], count, "from the start to {step}");
    }
    let last = |row: &&Value| row["to"].is_null();
    for edge in list(map, "edges").iter().filter(small).filter(last).take(2) {
        let step = edge["from"].as_str().unwrap();
        let count = listed(app, &[("lastStep", step), ("status", "completed")]);
        assert_eq!(edge["executions"], count, "from {step} to the end");
    }
    for node in list(map, "nodes").iter().filter(small).take(2) {
        let step = node["step"]["id"].as_str().unwrap();
        assert_eq!(node["executions"], listed(app, &[("step", step)]), "{step}");
    }
    let variants = get(app, "variants", "");
    for variant in list(&variants, "rows").iter().filter(small).take(2) {
        let id = variant["id"].as_str().unwrap();
        assert_eq!(
            variant["executions"],
            listed(app, &[("variant", id)]),
            "{id}"
        );
    }
}

fn rules_match_the_file(app: &TestApp, cases: &[Case<'_>]) {
    const TWO_DAYS: i64 = 2 * 24 * 60 * 60 * 1000;
    let body = json!({"rules": [
        {"kind": "never_before", "step": "O_SENT", "other": "O_SELECTED"},
        {"kind": "followed_within", "step": "O_SENT", "other": "O_SENT_BACK", "withinMs": TWO_DAYS},
        {"kind": "at_most", "step": "O_SENT", "times": 1},
        {"kind": "ends_with", "step": "A_DECLINED"},
    ]});
    let path = format!("/api/v1/analytics/workflows/{WORKFLOW}/conformance?{RANGE}");
    let answer = app.client().post(&path).json(&body).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    assert_eq!(found["executions"], cases.len());
    let has = |case: &Case<'_>, name: &str| case.path().contains(&name);
    let late = |case: &Case<'_>| {
        let steps = case.steps.iter().enumerate();
        let mut sent = steps.filter(|(_, step)| step.activity == "O_SENT");
        sent.any(|(place, step)| {
            let mut later = case.steps[place + 1..].iter();
            let back = later.find(|step| step.activity == "O_SENT_BACK");
            back.is_none_or(|back| back.began - step.ended > TWO_DAYS)
        })
    };
    let before = |case: &Case<'_>| {
        let first = case.path().iter().position(|&name| name == "O_SENT");
        let last = case.path().iter().rposition(|&name| name == "O_SELECTED");
        first < last
    };
    let often = |case: &Case<'_>| {
        let steps = case.steps.iter();
        steps.filter(|step| step.activity == "O_SENT").count() > 1
    };
    type Check<'c> = &'c dyn Fn(&Case<'_>) -> bool;
    let both = |case: &Case<'_>| has(case, "O_SENT") && has(case, "O_SELECTED");
    let sent = |case: &Case<'_>| has(case, "O_SENT");
    let any = |_: &Case<'_>| true;
    let elsewhere = |case: &Case<'_>| case.path().last() != Some(&"A_DECLINED");
    let expected: [(Check<'_>, Check<'_>); 4] = [
        (&both, &before),
        (&sent, &late),
        (&sent, &often),
        (&any, &elsewhere),
    ];
    for (judged, (applies, broken)) in list(&found, "rules").iter().zip(expected) {
        let applicable: Vec<_> = cases.iter().filter(|case| applies(case)).collect();
        let violations = applicable.iter().filter(|case| broken(case)).count();
        let rule = &judged["rule"];
        assert_eq!(judged["applicable"], applicable.len(), "{rule}");
        assert_eq!(judged["violations"], violations, "{rule}");
        assert_eq!(list(judged, "examples").len(), violations.min(10), "{rule}");
        assert!(violations > 0, "{rule} tells nothing");
    }
}

/// Two halves of the log compared: each counts its own executions.
fn versions_of_time_match_the_file(app: &TestApp, cases: &[Case<'_>]) {
    // 1 January 2012, 00:00 UTC.
    const NEW_YEAR: i64 = 1_325_376_000_000;
    let groups = "&a=period:2011-09-01T00:00:00Z/2012-01-01T00:00:00Z&b=period:2012-01-01T00:00:00Z/2012-04-01T00:00:00Z";
    let found = get(app, "variants/comparison", groups);
    let side = |case: &Case<'_>| usize::from(case.ended >= NEW_YEAR);
    let mut totals = [0_u64; 2];
    let mut paths: BTreeMap<Vec<String>, [u64; 2]> = BTreeMap::new();
    for case in cases {
        totals[side(case)] += 1;
        let path = case.path().into_iter().map(str::to_owned).collect();
        paths.entry(path).or_default()[side(case)] += 1;
    }
    assert_eq!(found["a"]["executions"], totals[0]);
    assert_eq!(found["b"]["executions"], totals[1]);
    for row in list(&found, "rows") {
        let exact = paths.get(&steps_of(row)).copied().unwrap_or_default();
        assert_eq!(row["a"]["executions"], exact[0]);
        assert_eq!(row["b"]["executions"], exact[1]);
        let share = |side: usize| 100.0 * exact[side] as f64 / totals[side] as f64;
        let difference = row["difference"]["value"].as_f64().unwrap();
        assert!((difference - (share(0) - share(1))).abs() < 1e-9);
    }
    assert!(!list(&found, "nodes").is_empty() && !list(&found, "edges").is_empty());
}
