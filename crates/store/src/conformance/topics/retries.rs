//! Retries: which of their steps belong to the original.

use serde_json::{Value, json};

use crate::conformance::{
    Adapter, NOW,
    topics::arrivals::{COUNT, at, execution, in_every_order},
};

fn step(id: &str, step: &str, began: i64, duration: i64) -> Value {
    let mut event = at(
        json!({"type": "step", "workflowId": "w", "executionId": id, "stepId": step,
            "status": "completed", "duration": duration, "userId": "ada"}),
        began + duration,
    );
    event["startTime"] = json!(NOW.0 + began);
    event
}

fn retry(mut event: Value, of: &str) -> Value {
    event["retryOf"] = json!(of);
    event
}

const DURATION: usize = 2;

pub(in crate::conformance) async fn steps_older_than_a_retry_belong_to_the_original(
    adapter: &dyn Adapter,
) {
    // An engine copied the first step of execution 18, which took 7 ms, into its retry.
    let sent = [
        step("18", "hook", -6_337, 7),
        retry(execution("w", "34", "started", 0), "18"),
        step("34", "hook", -6_337, 7),
        step("34", "http", 3, 117),
    ];
    let by: &[&str] = &["step"];
    in_every_order(
        adapter,
        "copied steps",
        &sent,
        &[
            ("steps", COUNT, by, &[("step=hook", 1), ("step=http", 1)]),
            (
                "steps",
                DURATION,
                by,
                &[("step=hook", 7), ("step=http", 117)],
            ),
            // It arrived, but was not run again.
            (
                "arrivals",
                COUNT,
                &["event_type"],
                &[("event_type=execution", 1), ("event_type=step", 3)],
            ),
            ("activity", COUNT, &["user"], &[("user=ada", 2)]),
        ],
    )
    .await;
}

pub(in crate::conformance) async fn a_step_is_a_copy_as_long_as_its_execution_is_a_retry_that_started_later(
    adapter: &dyn Adapter,
) {
    let steps = |case: &'static str, sent: Vec<Value>, count: i64| async move {
        let counts: &[(&str, i64)] = &[("step=a", count)];
        let none: &[(&str, i64)] = &[];
        let counts = if count == 0 { none } else { counts };
        in_every_order(adapter, case, &sent, &[("steps", COUNT, &["step"], counts)]).await;
    };
    let start = || execution("w", "2", "started", 0);
    let end = || execution("w", "2", "failed", 20_000);
    let early = || step("2", "a", -10_000, 5);
    steps("no retry", vec![start(), early(), end()], 1).await;
    // Only the end says that it is a retry, and only the start says when it began.
    steps(
        "reported late",
        vec![start(), early(), retry(end(), "1")],
        0,
    )
    .await;
    steps("no start", vec![early(), retry(end(), "1")], 1).await;
    let mut long = retry(end(), "1");
    long["duration"] = json!(20_000);
    steps("start by duration", vec![early(), long.clone()], 0).await;
    // If clocks differ only slightly, steps are not copies.
    let close = step("2", "a", -4_000, 5);
    steps("skew", vec![retry(start(), "1"), close], 1).await;
    // It started earlier than first reported.
    long["duration"] = json!(28_000);
    steps(
        "an earlier start",
        vec![retry(start(), "1"), early(), long],
        1,
    )
    .await;
    steps("of itself", vec![retry(start(), "2"), early()], 1).await;
}

pub(in crate::conformance) async fn copies_move_with_their_execution(adapter: &dyn Adapter) {
    // A retry without an environment belongs to the only environment known, and so do its steps.
    let mut start = retry(execution("w", "2", "started", 0), "1");
    start["environment"] = json!("prod");
    let sent = [
        start,
        retry(execution("w", "2", "failed", 20_000), "1"),
        step("2", "a", -10_000, 5),
        step("2", "b", 10, 5),
    ];
    in_every_order(
        adapter,
        "copies move",
        &sent,
        &[(
            "steps",
            COUNT,
            &["environment", "step"],
            &[("environment=prod step=b", 1)],
        )],
    )
    .await;
}
