//! The process behind executions: what directly follows what, paths and rules.

mod asks;
mod histories;
mod naive;
mod random;
mod rules;
mod runs;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value, json};
use weir_model::{Event, FixedClock};
use weir_query::records::process::{MapSize, ProcessMap};

use crate::{
    EventStore,
    conformance::{Adapter, NOW, commit, events},
};
use asks::{WHOLE, map_of, variants_of};

pub(in crate::conformance) use runs::{
    a_start_just_after_an_end_belongs_to_the_run_that_ended,
    each_run_of_an_execution_has_its_own_steps,
};

/// Opens a store with these events in one commit.
async fn holding(adapter: &dyn Adapter, events: Vec<Event>) -> Arc<dyn EventStore> {
    let store = adapter.open(FixedClock::at(NOW)).await;
    commit(&*store, events).await;
    store
}

fn execution(id: &str, status: &str, at: i64) -> Value {
    json!({"type": "execution", "executionId": id, "workflowId": "w", "status": status,
           "timestamp": NOW.0 + at})
}

fn step(execution: &str, step: &str, began: i64, ended: i64) -> Value {
    json!({"type": "step", "executionId": execution, "workflowId": "w", "stepId": step, "status": "completed",
           "startTime": NOW.0 + began, "endTime": NOW.0 + ended, "timestamp": NOW.0 + ended})
}

fn edges_of(map: &ProcessMap) -> BTreeMap<(String, String), (u64, Option<i64>)> {
    let name = |step: &Option<String>| step.clone().unwrap_or_default();
    let edges = map.edges.iter();
    edges
        .map(|edge| {
            let key = (name(&edge.from), name(&edge.to));
            (key, (edge.runs, edge.waits.p50))
        })
        .collect()
}

fn expect(
    edges: &[(&str, &str, u64, Option<i64>)],
) -> BTreeMap<(String, String), (u64, Option<i64>)> {
    let edges = edges.iter();
    edges
        .map(|&(from, to, runs, wait)| ((from.to_owned(), to.to_owned()), (runs, wait)))
        .collect()
}

pub(in crate::conformance) async fn the_attempts_of_a_step_are_one_visit(adapter: &dyn Adapter) {
    let mut tries = Vec::new();
    for (attempt, began) in [(1, -900), (2, -700), (3, -500), (1, -300)] {
        let mut event = step("a", "call", began, began + 100);
        event["attempt"] = json!(attempt);
        event["status"] = json!(if attempt == 3 { "completed" } else { "failed" });
        tries.push(event);
    }
    let sent = [
        vec![execution("a", "started", -1_000)],
        tries,
        vec![
            step("a", "end", -100, -50),
            execution("a", "completed", -20),
        ],
    ];
    let store = holding(adapter, events(&sent.concat())).await;
    let map = map_of(&*store, WHOLE).await;
    let expected = [
        ("", "call", 1, Some(100)),
        ("call", "call", 1, Some(100)),
        ("call", "end", 1, Some(100)),
        ("end", "", 1, Some(30)),
    ];
    assert_eq!(edges_of(&map), expect(&expected));
    let call = map.nodes.iter().find(|node| node.step == "call");
    let call = call.expect("the step is a node");
    assert_eq!((call.executions, call.runs, call.attempts), (1, 2, 4));
    assert_eq!((call.failed, call.rework.runs), (1, 1));
    assert_eq!(call.durations.p95, Some(300));
    assert_eq!(call.rework.duration, 100.0);
}

pub(in crate::conformance) async fn steps_of_one_instant_follow_each_other_as_sent(
    adapter: &dyn Adapter,
) {
    let sent = [
        execution("a", "started", -100),
        step("a", "z", -50, -50),
        step("a", "m", -50, -50),
        step("a", "b", -50, -40),
        step("a", "a", -50, -45),
        execution("a", "completed", -10),
    ];
    let store = holding(adapter, events(&sent)).await;
    let expected = [
        ("", "z", 1, Some(50)),
        ("z", "m", 1, Some(0)),
        // Of two that start at once, the one that ends first is the first.
        ("m", "a", 1, Some(0)),
        ("a", "b", 1, Some(0)),
        ("b", "", 1, Some(30)),
    ];
    let map = map_of(&*store, WHOLE).await;
    assert_eq!(edges_of(&map), expect(&expected));
    let overlaps: Vec<_> = map
        .edges
        .iter()
        .filter(|edge| edge.overlaps > 0)
        .map(|edge| edge.to.clone())
        .collect();
    assert_eq!(overlaps, [Some("b".to_owned())]);
}

pub(in crate::conformance) async fn a_cost_belongs_to_its_step_or_to_the_only_one_that_ran(
    adapter: &dyn Adapter,
) {
    let cost = |at: i64, amount: i64| {
        json!({"type": "cost", "executionId": "a", "workflowId": "w", "timestamp": NOW.0 + at,
               "dollarAmount": amount, "id": format!("cost {at}")})
    };
    let named = |at: i64, amount: i64, step: &str| {
        let mut event = cost(at, amount);
        event["stepId"] = json!(step);
        event["id"] = json!(format!("{step} {at}"));
        event
    };
    let sent = [
        execution("a", "started", -1_000),
        step("a", "one", -900, -600),
        step("a", "two", -600, -500),
        step("a", "beside", -550, -500),
        step("a", "one", -400, -300),
        // At the end of one step and the start of the next; while two ran; while none ran; in the repetition.
        cost(-600, 1),
        cost(-520, 2),
        cost(-450, 4),
        cost(-350, 8),
        // While two ran; before the first visit; at the moment when the second begins; after it.
        named(-520, 16, "beside"),
        named(-950, 32, "one"),
        named(-400, 64, "one"),
        named(-200, 128, "one"),
        // A step that never ran.
        named(-450, 256, "gone"),
        execution("a", "completed", -20),
    ];
    let store = holding(adapter, events(&sent)).await;
    let map = map_of(&*store, WHOLE).await;
    let costs: BTreeMap<_, _> = map
        .nodes
        .iter()
        .map(|node| {
            (
                node.step.as_str(),
                (node.cost.as_f64(), node.rework.cost.as_f64()),
            )
        })
        .collect();
    let expected = [
        ("beside", (16.0, 0.0)),
        ("one", (233.0, 136.0)),
        ("two", (0.0, 0.0)),
    ];
    assert_eq!(costs, BTreeMap::from(expected));
    assert_eq!(map.cost.map(|cost| cost.as_f64()), Some(511.0));
}

pub(in crate::conformance) async fn a_step_that_contains_others_is_no_activity(
    adapter: &dyn Adapter,
) {
    let inside = |execution: &str, id: &str, began: i64, ended: i64, parent: &str| {
        let mut event = step(execution, id, began, ended);
        event["parentStepId"] = json!(parent);
        event
    };
    let mut call = inside("a", "call", -480, -410, "loop");
    call["waitDuration"] = json!(30);
    let cost = json!({"type": "cost", "executionId": "a", "workflowId": "w", "timestamp": NOW.0 - 450,
        "dollarAmount": 3});
    let sent = [
        execution("a", "started", -1_000),
        step("a", "fetch", -900, -500),
        step("a", "loop", -500, -200),
        call,
        inside("a", "call", -400, -300, "loop"),
        step("a", "store", -200, -100),
        cost,
        execution("a", "completed", -20),
        // Here nothing is inside: the loop is a step like any other. The parent of its step does not exist.
        execution("b", "started", -1_000),
        step("b", "loop", -500, -200),
        inside("b", "store", -200, -100, "gone"),
        execution("b", "completed", -20),
    ];
    let store = holding(adapter, events(&sent)).await;
    let map = map_of(&*store, WHOLE).await;
    let expected = [
        ("", "fetch", 1, Some(100)),
        ("", "loop", 1, Some(500)),
        ("fetch", "call", 1, Some(20)),
        ("call", "call", 1, Some(10)),
        ("call", "store", 1, Some(100)),
        ("loop", "store", 1, Some(0)),
        ("store", "", 2, Some(80)),
    ];
    assert_eq!(edges_of(&map), expect(&expected));
    let call = map.nodes.iter().find(|node| node.step == "call");
    let call = call.expect("what is inside is a node");
    assert_eq!((call.durations.sum, call.waited), (Some(170.0), 30.0));
    assert_eq!(call.cost.as_f64(), 3.0, "the loop ran only to run it");
    let paths: BTreeSet<_> = variants_of(&*store, 10)
        .await
        .into_iter()
        .map(|variant| variant.steps)
        .collect();
    let steps = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let expected = [
        steps(&["fetch", "call", "call", "store"]),
        steps(&["loop", "store"]),
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}

pub(in crate::conformance) async fn a_long_path_is_cut_and_a_large_map_is_limited(
    adapter: &dyn Adapter,
) {
    let mut sent = Vec::new();
    for (number, name) in ["a", "b"].into_iter().enumerate() {
        sent.push(execution(name, "started", -100_000));
        let length = 600 + number as i64;
        for place in 0..length {
            let id = format!("s{}", place % 7);
            sent.push(step(
                name,
                &id,
                -90_000 + 10 * place,
                -90_000 + 10 * place + 5,
            ));
        }
        sent.push(execution(name, "completed", -10));
    }
    let store = holding(adapter, events(&sent)).await;
    let found = variants_of(&*store, 10).await;
    let lengths: Vec<_> = found
        .iter()
        .map(|variant| (variant.steps.len(), variant.length, variant.executions))
        .collect();
    assert_eq!(lengths, [(500, 601, 2)]);
    let limited = map_of(&*store, MapSize { nodes: 3, edges: 2 }).await;
    assert_eq!((limited.nodes.len(), limited.edges.len()), (3, 2));
    assert_eq!(limited.all_nodes, 7);
    // Seven in a circle, one from the start, two to the end.
    assert_eq!(limited.all_edges, 10);
}

pub(in crate::conformance) async fn any_history_gives_what_a_naive_reading_gives(
    adapter: &dyn Adapter,
) {
    random::compare(adapter).await;
}
