//! What events belong to, and the combined values of an execution's events: small inputs with their correct
//! figures, in every order of arrival.

use serde_json::{Value, json};
use weir_model::{FixedClock, time::DAY};

use super::arrivals::{COUNT, DURATION, DURATIONS, at, execution, expect, in_every_order, sums};
use crate::StaleRule;
use crate::conformance::{Adapter, NOW, assert_verified, commit, events};

pub(in crate::conformance) async fn executions_of_two_workflows_with_one_id_are_two(
    adapter: &dyn Adapter,
) {
    let sent = [
        execution("o", "1", "started", -600_000),
        execution("u", "1", "started", -300_000),
        execution("o", "1", "completed", 0),
    ];
    let by = ["workflow", "status"];
    let counts: &[(&str, i64)] = &[
        ("workflow=o status=completed", 1),
        ("workflow=u status=started", 1),
    ];
    let durations: &[(&str, i64)] = &[("workflow=o status=completed", 600_000)];
    in_every_order(
        adapter,
        "two workflows",
        &sent,
        &[
            ("executions", COUNT, &by, counts),
            ("executions", DURATION, &by, durations),
        ],
    )
    .await;
    // Their derived ids are equal, but even at the same time they are two executions.
    let store = adapter.open(FixedClock::at(NOW)).await;
    let ends = [
        execution("o", "1", "completed", 0),
        execution("u", "1", "completed", 0),
    ];
    assert_eq!(commit(&*store, events(&ends)).await.accepted, 2);
    assert_eq!(commit(&*store, events(&ends)).await.accepted, 0);
}

pub(in crate::conformance) async fn the_end_has_values_that_only_the_start_reported(
    adapter: &dyn Adapter,
) {
    let mut start = execution("w", "1", "started", -1_000);
    start["workflowVersion"] = json!("7");
    start["environment"] = json!("prod");
    start["triggerType"] = json!("webhook");
    start["parentExecutionId"] = json!("P");
    start["userId"] = json!("ada");
    let sent = [start, execution("w", "1", "completed", 0)];
    let told =
        "environment=prod workflow=w version=7 trigger_type=webhook called=child status=completed";
    let by = [
        "environment",
        "workflow",
        "version",
        "trigger_type",
        "called",
        "status",
    ];
    in_every_order(
        adapter,
        "merged",
        &sent,
        &[
            ("executions", COUNT, &by, &[(told, 1)]),
            // Ada did one thing, because the end did not name her.
            ("activity", COUNT, &["user"], &[("user=ada", 1)]),
        ],
    )
    .await;
}

pub(in crate::conformance) async fn an_environment_left_out_is_that_of_the_only_execution_known(
    adapter: &dyn Adapter,
) {
    let in_environment = |mut event: Value, environment: &str| {
        event["environment"] = json!(environment);
        event
    };
    let one = [
        in_environment(execution("w", "1", "started", -60_000), "prod"),
        execution("w", "1", "completed", 0),
    ];
    let by = ["environment", "status"];
    in_every_order(
        adapter,
        "one environment",
        &one,
        &[(
            "executions",
            COUNT,
            &by,
            &[("environment=prod status=completed", 1)],
        )],
    )
    .await;
    let two = [
        in_environment(execution("w", "1", "started", -60_000), "prod"),
        in_environment(execution("w", "1", "started", -50_000), "staging"),
        execution("w", "1", "completed", 0),
    ];
    let counts: &[(&str, i64)] = &[
        ("environment=null status=completed", 1),
        ("environment=prod status=started", 1),
        ("environment=staging status=started", 1),
    ];
    in_every_order(
        adapter,
        "two environments",
        &two,
        &[("executions", COUNT, &by, counts)],
    )
    .await;
    let far = [
        in_environment(execution("w", "1", "completed", -40 * DAY), "prod"),
        execution("w", "1", "completed", 0),
    ];
    let counts: &[(&str, i64)] = &[("environment=null", 1), ("environment=prod", 1)];
    in_every_order(
        adapter,
        "far apart",
        &far,
        &[("executions", COUNT, &["environment"], counts)],
    )
    .await;
}

pub(in crate::conformance) async fn records_belong_to_the_only_execution_of_their_name(
    adapter: &dyn Adapter,
) {
    let of = |fields: Value, moment: i64| {
        let mut event = fields;
        event["executionId"] = json!("1");
        at(event, moment)
    };
    let mut execution = execution("w", "1", "completed", 0);
    execution["environment"] = json!("prod");
    let sent = [
        execution.clone(),
        of(
            json!({"type": "step", "stepId": "a", "status": "completed"}),
            -900,
        ),
        of(json!({"type": "cost", "dollarAmount": 1}), -800),
        of(json!({"type": "goal", "goalId": "g", "value": 3}), -700),
    ];
    let by = ["environment", "workflow"];
    let told = "environment=prod workflow=w";
    in_every_order(
        adapter,
        "records",
        &sent,
        &[
            ("steps", COUNT, &by, &[(told, 1)]),
            ("costs", 1, &by, &[(told, 1_000_000_000)]),
            ("goals", 1, &by, &[(told, 3_000_000_000)]),
        ],
    )
    .await;
    let mut other = execution;
    other["workflowId"] = json!("v");
    let ambiguous = [sent[0].clone(), sent[1].clone(), other];
    in_every_order(
        adapter,
        "two executions of the name",
        &ambiguous,
        &[(
            "steps",
            COUNT,
            &by,
            &[("environment=null workflow=null", 1)],
        )],
    )
    .await;
    let environment = |mut event: Value, environment: &str| {
        event["environment"] = json!(environment);
        event
    };
    let elsewhere = [
        self::execution("w", "1", "started", -60_000),
        environment(of(json!({"type": "cost", "dollarAmount": 1}), -800), "prod"),
        environment(self::execution("w", "1", "completed", 0), "staging"),
    ];
    in_every_order(
        adapter,
        "an execution that is found to be of another environment than a record",
        &elsewhere,
        &[(
            "costs",
            1,
            &by,
            &[("environment=prod workflow=null", 1_000_000_000)],
        )],
    )
    .await;
}

pub(in crate::conformance) async fn records_follow_an_execution_whose_environment_is_reported_much_later(
    adapter: &dyn Adapter,
) {
    let cost = json!({"type": "cost", "workflowId": "w", "executionId": "1", "dollarAmount": 1});
    let mut end = execution("w", "1", "completed", 0);
    end["environment"] = json!("staging");
    // Only the start is near the cost, and only the end reveals the environment of the start.
    let sent = [
        at(cost, -45 * DAY),
        execution("w", "1", "started", -20 * DAY),
        end,
    ];
    let by = ["environment", "workflow"];
    let expected: &[(&str, i64)] = &[("environment=staging workflow=w", 1_000_000_000)];
    in_every_order(
        adapter,
        "a record near an event whose environment becomes known later",
        &sent,
        &[("costs", 1, &by, expected)],
    )
    .await;
}

pub(in crate::conformance) async fn one_event_with_and_without_its_environment_is_of_one_execution(
    adapter: &dyn Adapter,
) {
    let mut without = execution("w", "1", "started", -60_000);
    without["id"] = json!("e");
    let mut with = without.clone();
    with["environment"] = json!("prod");
    let by = ["environment", "status"];
    let expected: &[(&str, i64)] = &[("environment=prod status=started", 1)];
    in_every_order(
        adapter,
        "one id at one time, with and without an environment",
        &[without, with],
        &[("executions", COUNT, &by, expected)],
    )
    .await;
}

pub(in crate::conformance) async fn an_event_is_a_duplicate_at_its_own_time_only(
    adapter: &dyn Adapter,
) {
    let end = |id: &str, status: &str, moment: i64, duration: i64| {
        let mut event = execution("w", "x", status, moment);
        event["id"] = json!(id);
        event["duration"] = json!(duration);
        event
    };
    let sent = [
        end("a", "completed", -60_000, 10),
        end("a", "completed", 0, 30),
    ];
    in_every_order(
        adapter,
        "one id at two times",
        &sent,
        &[
            ("executions", COUNT, &["status"], &[("status=completed", 2)]),
            (
                "executions",
                DURATION,
                &["status"],
                &[("status=completed", 40)],
            ),
        ],
    )
    .await;
}

pub(in crate::conformance) async fn a_small_clock_skew_does_not_make_a_second_run(
    adapter: &dyn Adapter,
) {
    for late in ["started", "waiting"] {
        let sent = [
            execution("w", "s", "completed", -10_000),
            execution("w", "s", late, -9_950),
        ];
        in_every_order(
            adapter,
            "clock skew",
            &sent,
            &[("executions", COUNT, &["status"], &[("status=completed", 1)])],
        )
        .await;
    }
    let next = [
        execution("w", "s", "completed", -20_000),
        execution("w", "s", "started", -19_950),
        execution("w", "s", "failed", -10_000),
    ];
    let counts: &[(&str, i64)] = &[("status=completed", 1), ("status=failed", 1)];
    let durations: &[(&str, i64)] = &[("status=failed", 9_950)];
    in_every_order(
        adapter,
        "the next run began at once",
        &next,
        &[
            ("executions", COUNT, &["status"], counts),
            ("executions", DURATION, &["status"], durations),
        ],
    )
    .await;
}

pub(in crate::conformance) async fn a_later_end_corrects_the_end_of_its_run(adapter: &dyn Adapter) {
    let mut failed = execution("w", "c", "failed", -90_000_000 + 600_000);
    failed["errorType"] = json!("Timeout");
    let sent = [
        execution("w", "c", "started", -90_000_000),
        failed,
        execution("w", "c", "completed", 0),
    ];
    in_every_order(
        adapter,
        "a case that grew",
        &sent,
        &[
            ("executions", COUNT, &["status"], &[("status=completed", 1)]),
            (
                "executions",
                DURATIONS,
                &["status"],
                &[("status=completed", 1)],
            ),
            (
                "executions",
                DURATION,
                &["status"],
                &[("status=completed", 90_000_000)],
            ),
            ("errors", COUNT, &["status"], &[]),
        ],
    )
    .await;
}

pub(in crate::conformance) async fn an_execution_that_is_open_too_long_is_stale_until_it_ends(
    adapter: &dyn Adapter,
) {
    let clock = FixedClock::at(NOW);
    let store = adapter.open(clock.clone()).await;
    let rule = StaleRule {
        after: None,
        least: 3_600_000,
        otherwise: DAY,
    };
    commit(
        &*store,
        events(&[
            execution("w", "long", "started", -10 * DAY),
            execution("w", "long", "completed", -8 * DAY),
            execution("w", "open", "started", -DAY),
            execution("v", "open", "started", -DAY - 1),
        ]),
    )
    .await;
    let by = ["workflow", "status"];
    // w once took two days; nothing of v has ended yet.
    assert_eq!(store.mark_stale(rule).await.expect("marked"), 1);
    let counts = expect(&[
        ("workflow=v status=stale", 1),
        ("workflow=w status=completed", 1),
        ("workflow=w status=started", 1),
    ]);
    assert_eq!(sums(&*store, "executions", COUNT, &by).await, counts);
    assert_verified(&*store, "stale").await;
    clock.set(NOW.plus(2 * DAY));
    assert_eq!(store.mark_stale(rule).await.expect("marked"), 1);
    assert_eq!(store.mark_stale(rule).await.expect("marked"), 0);
    let store = adapter.reopen(store, clock).await;
    commit(&*store, events(&[execution("v", "open", "failed", 0)])).await;
    let counts = expect(&[
        ("workflow=v status=failed", 1),
        ("workflow=w status=completed", 1),
        ("workflow=w status=stale", 1),
    ]);
    assert_eq!(sums(&*store, "executions", COUNT, &by).await, counts);
    assert_verified(&*store, "stale and ended").await;
}
