//! Random executions with random steps.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use weir_model::Event;

use super::naive::type_of;
use crate::conformance::{NOW, events};

/// The next random history: up to ten executions of the workflow `w`.
pub(super) fn drawn(runner: &mut TestRunner) -> Vec<Event> {
    let executions = prop::collection::vec(one(), 1..11);
    let drawn = executions.new_tree(runner).expect("a history is drawn");
    let mut sent: Vec<Value> = Vec::new();
    for (number, events) in drawn.current().into_iter().enumerate() {
        let name = format!("x{number}");
        for mut event in events {
            event["executionId"] = json!(name);
            event["workflowId"] = json!("w");
            // Ids are given, because equal steps would have equal ones.
            event["id"] = json!(format!("e{}", sent.len()));
            sent.push(event);
        }
    }
    events(&sent)
}

/// The events of an execution: up to three rounds that lie less or more apart than clocks may differ, and steps
/// around the time of a round or between two.
fn one() -> impl Strategy<Value = Vec<Value>> {
    let rounds = prop::collection::vec((end(), 2_000..8_000i64), 1..4);
    let late = prop::sample::select(vec![0, 0, 0, 500, 2_500i64]);
    let steps = prop::collection::vec((step(), any::<prop::sample::Index>(), late), 0..9);
    (rounds, steps).prop_map(|(rounds, steps)| {
        let (mut at, mut begun, mut events) = (-20_000, Vec::new(), Vec::new());
        for (round, length) in rounds {
            begun.push(at);
            events.extend(round.into_iter().map(|event| moved(event, at)));
            at += length;
        }
        let step = |(step, round, late): (Value, prop::sample::Index, i64)| {
            moved(step, *round.get(&begun) + late)
        };
        events.extend(steps.into_iter().map(step));
        events
    })
}

/// An event some milliseconds later.
fn moved(mut event: Value, by: i64) -> Value {
    for name in ["timestamp", "startTime", "endTime"] {
        if let Some(time) = event[name].as_i64() {
            event[name] = json!(time + by);
        }
    }
    event
}

/// The events of a round, which begins before its steps and ends among or after them.
fn end() -> impl Strategy<Value = Vec<Value>> {
    let statuses = vec!["completed", "failed", "crashed", "canceled", "open"];
    let status = prop::sample::select(statuses);
    let duration = prop::option::of(0..6_000i64);
    (status, any::<bool>(), -40..40i64, duration).prop_map(|(status, starts, at, duration)| {
        let event = |status: &str, at: i64| json!({"type": "execution", "status": status, "timestamp": NOW.0 + at});
        let started = event("started", -60);
        let mut ended = event(status, at);
        ended["duration"] = json!(duration);
        match (status, starts) {
            ("open", _) => vec![started],
            (_, true) => vec![started, ended],
            (_, false) => vec![ended],
        }
    })
}

/// A run of a step, with many equal times.
fn step() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["a", "b", "c", "d"]);
    let status = prop::sample::select(vec!["completed", "completed", "failed", "skipped"]);
    let attempt = prop::sample::select(vec![None, Some(1), Some(1), Some(2), Some(3)]);
    let reported = (any::<bool>(), any::<bool>(), prop::option::of(0..9i64));
    // Few steps contain others, also each other, and some name a parent that does not exist.
    let parents = vec![
        None,
        None,
        None,
        None,
        None,
        Some("d"),
        Some("c"),
        Some("gone"),
    ];
    let more = (prop::sample::select(parents), prop::option::of(0..9i64));
    (name, status, attempt, reported, more, -50..-30i64, 0..6i64).prop_map(
        |(name, status, attempt, (starts, ends, duration), (parent, waited), began, length)| {
            let waited = waited.zip(duration).map(|(waited, duration)| waited.min(duration));
            json!({"type": "step", "stepId": name, "stepType": type_of(name), "status": status, "attempt": attempt,
                "startTime": starts.then_some(NOW.0 + began), "endTime": ends.then_some(NOW.0 + began + length),
                "duration": duration, "waitDuration": waited, "parentStepId": parent.filter(|&parent| parent != name),
                "timestamp": NOW.0 + began + length})
        },
    )
}
