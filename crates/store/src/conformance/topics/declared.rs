//! Declared dimensions: the values that facts have for a metadata key, in every order of arrival.

use serde_json::{Value, json};
use weir_model::{FixedClock, Scope, time::DAY};
use weir_query::{Axis, Declared, Query};

use super::{
    arrivals::orders,
    by_client::{CLIENT, Sums, answered_in, asked, expect, keys, range},
};
use crate::conformance::{Adapter, NOW, assert_verified, commit, commit_in, events, scope};

pub(in crate::conformance) use super::declared_cubes::{
    cubes_of_declared_dimensions_answer_as_raw_facts_do,
    rows_of_declared_cubes_expire_and_figures_stay,
};

fn sent() -> [Value; 5] {
    let at = |moment: i64| NOW.0 + moment;
    [
        json!({"type": "goal", "executionId": "1", "goalId": "g", "timestamp": at(3_000)}),
        json!({"type": "execution", "workflowId": "w", "executionId": "1", "status": "started",
            "timestamp": at(0), "metadata": {"client": "acme", "region": "eu"}}),
        json!({"type": "execution", "workflowId": "w", "executionId": "1", "status": "completed",
            "timestamp": at(5_000), "userId": "ada", "metadata": {"region": "us"}}),
        json!({"type": "step", "executionId": "1", "stepId": "s", "status": "completed", "timestamp": at(1_000)}),
        json!({"type": "cost", "workflowId": "w", "executionId": "1", "dollarAmount": 2, "timestamp": at(2_000),
            "metadata": {"client": "globex"}}),
    ]
}

/// A metric, the dimension it is grouped by, and its figures.
type Expected<'a> = (&'a str, &'a str, &'a [(&'a str, f64)]);

pub(in crate::conformance) async fn facts_have_the_values_of_their_execution_or_their_own(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client", "region"]);
    let expected: &[Expected<'_>] = &[
        ("executions", CLIENT, &[("acme", 1.0)]),
        ("executions", "metadata.region", &[("us", 1.0)]),
        ("steps", CLIENT, &[("acme", 1.0)]),
        ("steps", "metadata.region", &[("us", 1.0)]),
        ("cost", CLIENT, &[("globex", 2.0)]),
        ("cost", "metadata.region", &[("us", 2.0)]),
        ("goals", CLIENT, &[("acme", 1.0)]),
        ("work_items", CLIENT, &[("acme", 1.0)]),
    ];
    let [goal, told @ ..] = sent();
    for (number, mut order) in orders(&told).into_iter().enumerate() {
        order.insert(number % 5, goal.clone());
        let mut store = adapter.open(FixedClock::at(NOW)).await;
        for event in &order {
            commit(&*store, events(std::slice::from_ref(event))).await;
            // What is determined at each stage does not persist once more is known.
            store.describe(scope(), &keys, 10).await.expect("described");
        }
        if number == 0 {
            store = adapter.reopen(store, FixedClock::at(NOW)).await;
        }
        for (metric, by, figures) in expected {
            let query = Query::metrics([*metric]).by([*by]);
            let found = asked(&*store, query, &keys, 10).await;
            assert_eq!(found, expect(figures), "{metric} by {by}: {order:?}");
        }
        let of_acme = Query::metrics(["steps"]).filter(CLIENT, ["acme"]);
        assert_eq!(
            asked(&*store, of_acme, &keys, 10).await,
            Sums::from([(Vec::new(), 1.0)])
        );
        if number == 0 {
            assert_verified(&*store, "declared dimensions").await;
        }
    }
}

/// The end counts the execution, the start reports the client, and the `waiting` event no longer counts: as
/// events, all three have the values of the execution.
pub(in crate::conformance) async fn an_event_of_an_execution_has_the_values_of_the_execution(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client"]);
    let event = |id: &str, status: &str, moment: i64, more: Value| {
        let mut event = json!({"type": "execution", "id": id, "workflowId": "w", "executionId": "1", "status": status,
            "timestamp": NOW.0 + moment, "userId": "ada"});
        for (name, value) in more.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        event
    };
    let told = [
        event(
            "0",
            "completed",
            0,
            json!({"environment": "staging", "duration": 1_000}),
        ),
        event("1", "started", 0, json!({"metadata": {"client": "acme"}})),
        event("2", "waiting", 2_000, json!({"environment": "staging"})),
        event(
            "3",
            "started",
            500,
            json!({"metadata": {"client": "globex"}}),
        ),
    ];
    for told in [&told[..3], &told[..]] {
        let expected: &[(&str, &[(&str, f64)])] = match told.len() {
            3 => &[
                ("events", &[("acme", 3.0)]),
                ("users", &[("acme", 1.0)]),
                ("executions", &[("acme", 1.0)]),
            ],
            // An event that reports a client has that client; the others have the newest one reported.
            _ => &[
                ("events", &[("acme", 1.0), ("globex", 3.0)]),
                ("users", &[("acme", 1.0), ("globex", 1.0)]),
                ("executions", &[("globex", 1.0)]),
            ],
        };
        // Four events have 24 orders; every fifth is enough for each event to be first in one and last in another.
        let step = if told.len() == 3 { 1 } else { 5 };
        for order in orders(told).into_iter().step_by(step) {
            let store = adapter.open(FixedClock::at(NOW)).await;
            for event in &order {
                commit(&*store, events(std::slice::from_ref(event))).await;
            }
            for (metric, figures) in expected {
                let query = Query::metrics([*metric]).by([CLIENT]);
                let found = asked(&*store, query, &keys, 10).await;
                assert_eq!(found, expect(figures), "{metric}: {order:?}");
            }
        }
    }
}

/// A record that names its execution in full belongs to it, however far apart they are.
pub(in crate::conformance) async fn a_record_far_from_its_execution_has_the_values_of_the_execution(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client"]);
    let step = |id: &str, environment: Option<&str>| {
        json!({"type": "step", "id": id, "workflowId": "w", "executionId": "1", "stepId": id,
            "status": "completed", "timestamp": NOW.0 - 39 * DAY, "environment": environment})
    };
    let mut elsewhere = execution("2", 0, &json!({"client": "globex"}));
    elsewhere["environment"] = json!("staging");
    let told = [
        step("a", None),
        step("b", Some("staging")),
        execution("1", 0, &json!({"client": "acme"})),
        elsewhere,
    ];
    let store = adapter.open(FixedClock::at(NOW)).await;
    for (number, order) in (1..).zip(orders(&told)) {
        let scope = Scope::new(1, number);
        for event in &order {
            commit_in(&*store, scope, events(std::slice::from_ref(event))).await;
        }
        let query = Query::metrics(["steps"]).by([CLIENT]).range(range());
        let (_, found) = answered_in(&*store, scope, query, &keys, 10, None).await;
        let expected = expect(&[("acme", 1.0), ("-", 1.0)]);
        assert_eq!(found, expected, "{order:?}");
    }
}

fn execution(id: &str, moment: i64, metadata: &Value) -> Value {
    json!({"type": "execution", "workflowId": "w", "executionId": id, "status": "completed",
        "timestamp": NOW.0 + moment, "metadata": metadata})
}

pub(in crate::conformance) async fn values_beyond_the_bound_count_as_other(adapter: &dyn Adapter) {
    let keys = keys(&["client"]);
    let of =
        |id: &str, moment: i64, client: &str| execution(id, moment, &json!({ "client": client }));
    // a and b have the earliest events, whichever arrives first.
    let sent = [
        of("1", 4, "d"),
        of("2", 3, "c"),
        of("3", 1, "a"),
        of("4", 2, "b"),
    ];
    for mut order in orders(&sent) {
        order.push(of("5", 5, "a"));
        let store = adapter.open(FixedClock::at(NOW)).await;
        for event in &order {
            commit(&*store, events(std::slice::from_ref(event))).await;
            store.describe(scope(), &keys, 2).await.expect("described");
        }
        let query = || Query::metrics(["executions"]).by([CLIENT]);
        let bounded = expect(&[("a", 2.0), ("b", 1.0), ("other", 2.0)]);
        assert_eq!(
            asked(&*store, query(), &keys, 2).await,
            bounded,
            "{order:?}"
        );
        let others = Query::metrics(["executions"]).filter(CLIENT, ["other", "c"]);
        let others = asked(&*store, others, &keys, 2).await;
        assert_eq!(others, Sums::from([(Vec::new(), 2.0)]));
        let states = store.describe(scope(), &keys, 2).await.expect("described");
        assert!(states[0].overflows && states[0].values == 2);
        // With another bound, the values are determined again.
        let all = expect(&[("a", 2.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)]);
        assert_eq!(asked(&*store, query(), &keys, 10).await, all);
    }
}

pub(in crate::conformance) async fn a_value_that_only_an_erased_user_reported_is_gone(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client"]);
    let mut of_ada = execution("1", 0, &json!({"client": "ada's own"}));
    of_ada["userId"] = json!("ada");
    let store = adapter.open(FixedClock::at(NOW)).await;
    let others = execution("2", 1, &json!({"client": "call ada"}));
    commit(&*store, events(&[of_ada, others])).await;
    let query = || Query::metrics(["executions"]).by([CLIENT]);
    let before = expect(&[("ada's own", 1.0), ("call ada", 1.0)]);
    assert_eq!(asked(&*store, query(), &keys, 10).await, before);
    store.erase_user(scope(), "ada").await.expect("erased");
    let after = expect(&[("-", 1.0), ("call [erased]", 1.0)]);
    assert_eq!(asked(&*store, query(), &keys, 10).await, after);
    let states = store.describe(scope(), &keys, 10).await.expect("described");
    assert_eq!(states[0].values, 1);
    // With a bound of one, the remaining value is named, and not the one that is gone.
    let one = expect(&[("-", 1.0), ("call [erased]", 1.0)]);
    assert_eq!(asked(&*store, query(), &keys, 1).await, one);
}

pub(in crate::conformance) async fn metadata_that_is_not_an_object_of_plain_values_is_ignored(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client", "a/b~\"c"]);
    let store = adapter.open(FixedClock::at(NOW)).await;
    let sent = [
        execution("1", 0, &json!({"client": ["a"]})),
        execution("2", 0, &json!({"client": {"a": 1}})),
        execution("3", 0, &json!({"client": null, "a/b~\"c": "odd"})),
        execution("4", 0, &json!({"client": ""})),
        execution("5", 0, &json!({"client": 7})),
        execution("6", 0, &json!({"client": true})),
    ];
    commit(&*store, events(&sent)).await;
    let query = Query::metrics(["executions"]).by([CLIENT]);
    let plain = expect(&[("-", 4.0), ("7", 1.0), ("true", 1.0)]);
    assert_eq!(asked(&*store, query, &keys, 10).await, plain);
    let odd = Axis::Declared(Declared::new("a/b~\"c"));
    let query = Query::metrics(["executions"]).by([odd.name()]);
    let odd = expect(&[("-", 5.0), ("odd", 1.0)]);
    assert_eq!(asked(&*store, query, &keys, 10).await, odd);
}
