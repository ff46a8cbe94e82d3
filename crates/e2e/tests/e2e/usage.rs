//! Usage analytics against plain counting, for all users and for one user.

use std::collections::BTreeMap;

use serde_json::Value;
use weir_e2e::TestApp;

use crate::{
    generated::{self, Run, START, assert_figure, by, count, mean, success_rate},
    views::shape,
};

const DAY: i64 = 86_400_000;
const RANGE: &str = "from=2024-03-02T00:00:00Z&to=2024-03-10T00:00:00Z";

fn app() -> (TestApp, Vec<Run>) {
    let app = TestApp::start();
    let runs = generated::runs(23, 2_500);
    generated::send(&app, &runs);
    let within = runs.into_iter();
    let within = within.filter(|run| (START + DAY..START + 9 * DAY).contains(&run.at));
    (app, within.collect())
}

/// All runs, and those of one user, with the query parameter that selects them.
fn cases(runs: &[Run]) -> Vec<(&'static str, Vec<&Run>)> {
    let one = runs.iter().filter(|run| run.user == "user-4").collect();
    vec![("", runs.iter().collect()), ("&userId=user-4", one)]
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// Runs of nodes by type.
#[derive(Default)]
struct Node {
    durations: Vec<i64>,
    failed: u64,
    lookups: u64,
    hits: u64,
}

impl Node {
    fn failure_rate(&self) -> f64 {
        100.0 * self.failed as f64 / self.durations.len() as f64
    }
}

fn nodes(runs: &[&Run]) -> BTreeMap<&'static str, Node> {
    let mut nodes: BTreeMap<&str, Node> = BTreeMap::new();
    for (kind, status, duration, cached) in runs.iter().flat_map(|run| &run.steps) {
        let node = nodes.entry(kind).or_default();
        node.durations.push(*duration);
        node.failed += u64::from(*status == "failed");
        node.lookups += u64::from(cached.is_some());
        node.hits += u64::from(*cached == Some(true));
    }
    nodes
}

#[test]
fn the_most_used_nodes_come_first_with_their_figures() {
    let (app, runs) = app();
    for (user, runs) in cases(&runs) {
        let found = get(&app, &format!("/analytics/nodes?{RANGE}&limit=4{user}"));
        let nodes = nodes(&runs);
        let mut expected: Vec<_> = nodes.iter().collect();
        expected.sort_by_key(|(_, node)| std::cmp::Reverse(node.durations.len()));
        assert_eq!(found["total_node_types"], 5);
        let usage = found["node_usage"].as_object().unwrap();
        assert_eq!(usage.len(), 4);
        for ((kind, node), line) in expected.iter().zip(found["nodes"].as_array().unwrap()) {
            assert_eq!(
                (&line["node_type"], &usage[**kind]),
                (&Value::from(**kind), &line["executions"])
            );
            assert_eq!(line["executions"], node.durations.len(), "{kind}");
            assert_eq!(line["failed"], node.failed, "{kind}");
            assert_figure(kind, &line["failure_rate"], Some(node.failure_rate()), 1e-9);
            let seconds = mean(&node.durations).unwrap() / 1e3;
            assert_figure(kind, &line["avg_duration"], Some(seconds), 1e-9);
            let rate = (node.lookups > 0).then(|| 100.0 * node.hits as f64 / node.lookups as f64);
            assert_figure(kind, &line["cache_hit_rate"], rate, 1e-9);
        }
        let least = &found["least_used"][0];
        assert_eq!(least["node_type"], *expected[4].0);
        if user.is_empty() {
            insta::assert_json_snapshot!("usage_nodes", shape(&found));
        }
    }
}

#[test]
fn slow_failing_and_cached_nodes_match_plain_counting() {
    let (app, runs) = app();
    for (user, runs) in cases(&runs) {
        let found = get(&app, &format!("/analytics/performance?{RANGE}{user}"));
        let performance = &found["performance"];
        let nodes = nodes(&runs);
        let order = |list: &str, value: fn(&Node) -> f64, keep: fn(&Node) -> bool| {
            let mut expected: Vec<_> = nodes.iter().filter(|(_, node)| keep(node)).collect();
            expected.sort_by(|a, b| value(b.1).total_cmp(&value(a.1)));
            let found = performance[list].as_array().unwrap().iter();
            let found: Vec<_> = found
                .map(|node| node["node_type"].as_str().unwrap())
                .collect();
            let expected: Vec<_> = expected.iter().map(|(kind, _)| **kind).collect();
            assert_eq!(found, expected, "{list}{user}");
        };
        order(
            "slowest_nodes",
            |node| mean(&node.durations).unwrap(),
            |_| true,
        );
        order("most_failed_nodes", Node::failure_rate, |node| {
            node.failed > 0
        });
        order(
            "bottlenecks",
            |node| node.durations.iter().sum::<i64>() as f64,
            |_| true,
        );
        order(
            "cache_efficiency",
            |node| node.lookups as f64,
            |node| node.lookups > 0,
        );
        let cached = performance["cache_efficiency"].as_array().unwrap();
        for line in cached {
            let node = &nodes[line["node_type"].as_str().unwrap()];
            assert_eq!(
                (&line["cache_hits"], &line["cache_lookups"]),
                (&node.hits.into(), &node.lookups.into())
            );
        }
        if user.is_empty() {
            insta::assert_json_snapshot!("usage_performance", shape(&found));
        }
    }
}

fn executions_are_those_of(what: &str, found: &Value, runs: &[&Run]) {
    assert_eq!(found["total"], runs.len(), "{what}");
    assert_eq!(found["completed"], count(runs, &["completed"]), "{what}");
    assert_eq!(
        found["failed"],
        count(runs, &["failed", "crashed"]),
        "{what}"
    );
    assert_figure(what, &found["success_rate"], success_rate(runs), 1e-9);
    let durations: Vec<i64> = runs.iter().filter_map(|run| run.duration).collect();
    let seconds = mean(&durations).map(|mean| mean / 1e3);
    assert_figure(what, &found["avg_duration"], seconds, 1e-9);
}

#[test]
fn workflow_executions_are_counted_in_total_by_day_and_by_workflow() {
    let (app, runs) = app();
    for (user, runs) in cases(&runs) {
        let found = get(&app, &format!("/analytics/workflows?{RANGE}{user}"));
        executions_are_those_of("whole", &found["workflow_executions"], &runs);
        let daily = found["daily"].as_array().unwrap();
        assert_eq!(daily.len(), 8);
        let days = by(runs.iter().copied(), |run| (run.at - START) / DAY);
        for (day, line) in daily.iter().enumerate() {
            assert_eq!(line["date"], format!("2024-03-0{}", day + 2));
            let of_day = days.get(&(day as i64 + 1)).map_or(&[][..], Vec::as_slice);
            executions_are_those_of(&format!("day {day}"), line, of_day);
        }
        let groups = by(runs.iter().copied(), |run| run.workflow.clone());
        let lines = found["workflows"].as_array().unwrap();
        assert_eq!(
            (lines.len(), &found["total_workflows"]),
            (groups.len(), &groups.len().into())
        );
        for line in lines {
            let id = line["workflow_id"].as_str().unwrap();
            executions_are_those_of(id, line, &groups[id]);
        }
        let ever = found["all_time"]["total"].as_u64().unwrap();
        assert!(ever as usize > runs.len(), "{ever}");
        if user.is_empty() {
            assert_eq!(ever, 2_500);
            insta::assert_json_snapshot!("usage_workflows", shape(&found));
        }
    }
}

#[test]
fn costs_are_added_up_exactly_by_provider_and_by_day() {
    let (app, runs) = app();
    for (user, runs) in cases(&runs) {
        let found = get(&app, &format!("/analytics/costs?{RANGE}{user}"));
        let dollars = |runs: &[&Run]| {
            let amounts = runs.iter().filter_map(|run| run.cost).map(|cost| cost.1);
            amounts.sum::<i64>() as f64 / 1e9
        };
        let tokens = |runs: &[&Run]| {
            let costs = runs.iter().filter_map(|run| run.cost);
            costs.map(|cost| cost.3 + cost.4).sum::<i64>()
        };
        assert_figure(
            "cost",
            &found["costs"]["total_cost"],
            Some(dollars(&runs)),
            1e-12,
        );
        assert_eq!(found["costs"]["total_tokens"], tokens(&runs));
        let paid = runs.iter().copied().filter(|run| run.cost.is_some());
        let providers = by(paid, |run| run.cost.unwrap().0);
        for line in found["by_provider"].as_array().unwrap() {
            let name = line["name"].as_str().unwrap();
            let runs = &providers[name];
            assert_figure(name, &line["total_cost"], Some(dollars(runs)), 1e-12);
            let calls: i64 = runs.iter().map(|run| run.cost.unwrap().2).sum();
            assert_eq!(
                (&line["api_calls"], &found["api_calls"][name]),
                (&calls.into(), &calls.into())
            );
        }
        assert_eq!(
            found["by_provider"].as_array().unwrap().len(),
            providers.len()
        );
        let days = by(runs.iter().copied(), |run| (run.at - START) / DAY);
        for (day, line) in found["daily"].as_array().unwrap().iter().enumerate() {
            let of_day = days.get(&(day as i64 + 1)).map_or(&[][..], Vec::as_slice);
            assert_figure("day", &line["total_cost"], Some(dollars(of_day)), 1e-12);
        }
        if user.is_empty() {
            insta::assert_json_snapshot!("usage_costs", shape(&found));
        }
    }
}

#[test]
fn days_and_limits_out_of_bounds_are_refused_with_their_name() {
    let app = TestApp::start();
    for view in ["nodes", "workflows", "performance", "costs"] {
        for (query, field) in [
            ("days=0", "days"),
            ("days=3651", "days"),
            ("limit=0", "limit"),
        ] {
            let answer = app.get(&format!("/analytics/{view}?{query}"));
            assert_eq!(answer.status, 400, "{view}?{query}: {}", answer.text());
            assert_eq!(answer.json()["field"], field, "{view}?{query}");
        }
        // Without events, the answer is empty and not an error.
        let found = get(&app, &format!("/analytics/{view}?days=90&limit=10"));
        assert!(found["range"]["from"].is_string(), "{view}: {found}");
    }
}
