//! Declared dimensions: what facts have under a key of metadata, in every order of arrival.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_model::{FixedClock, TimeRange, time::DAY};
use weir_query::{Axis, Context, Declared, Query, assemble, prepare};

use super::{Adapter, NOW, assert_verified, commit, events, identity::orders, scope};
use crate::{DeclaredKey, EventStore};

const CLIENT: &str = "metadata.client";

fn keys(names: &[&str]) -> Vec<DeclaredKey> {
    let key = |name: &&str| DeclaredKey {
        key: (*name).to_owned(),
    };
    names.iter().map(key).collect()
}

fn range() -> TimeRange {
    TimeRange::new(NOW.0 - 40 * DAY, NOW.0 + DAY)
}

/// A figure by the values of its dimensions.
type Sums = BTreeMap<Vec<String>, f64>;

/// The figures of a query's first metric, by its dimensions, where they are not zero.
pub(super) async fn asked(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
) -> Sums {
    let states = store.describe(scope(), keys, most).await;
    let declared = states.expect("declared dimensions are described");
    let declared = declared
        .iter()
        .map(|state| Declared::new(&state.key).overflowing(state.overflows));
    let context = Context {
        declared: declared.collect(),
        ..Context::new(scope(), NOW)
    };
    let prepared = prepare(&query.range(range()), &context).expect("the query is valid");
    let mut results = Vec::new();
    for statement in &prepared.statements {
        let read = store.read(statement.clone()).await;
        results.push(read.expect("the statement runs"));
    }
    let answer = assemble(&prepared, &results).expect("the rows make an answer");
    let rows = answer.rows.iter().map(|row| {
        let key = row.key.iter().map(|value| match value {
            Some(value) => value.to_string(),
            None => "-".to_owned(),
        });
        (key.collect(), row.values[0].unwrap_or_default())
    });
    let mut sums: Sums = rows.collect();
    sums.retain(|_, sum| *sum != 0.0);
    sums
}

fn expect(pairs: &[(&str, f64)]) -> Sums {
    let pairs = pairs.iter();
    pairs
        .map(|&(key, sum)| (vec![key.to_owned()], sum))
        .collect()
}

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

pub(super) async fn facts_have_what_their_execution_told_or_what_they_tell_themselves(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client", "region"]);
    let expected: &[(&str, &str, &[(&str, f64)])] = &[
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
            // What is known on the way does not stay when more is known.
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

fn execution(id: &str, moment: i64, metadata: &Value) -> Value {
    json!({"type": "execution", "workflowId": "w", "executionId": id, "status": "completed",
        "timestamp": NOW.0 + moment, "metadata": metadata})
}

pub(super) async fn values_beyond_the_bound_count_as_other(adapter: &dyn Adapter) {
    let keys = keys(&["client"]);
    let of =
        |id: &str, moment: i64, client: &str| execution(id, moment, &json!({ "client": client }));
    // Told first are a and b, whichever comes first.
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
        // With another bound the values are looked for anew.
        let all = expect(&[("a", 2.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)]);
        assert_eq!(asked(&*store, query(), &keys, 10).await, all);
    }
}

pub(super) async fn a_value_that_only_an_erased_user_told_is_gone(adapter: &dyn Adapter) {
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
    // A bound of one names what is left, not what was there.
    let one = expect(&[("-", 1.0), ("call [erased]", 1.0)]);
    assert_eq!(asked(&*store, query(), &keys, 1).await, one);
}

pub(super) async fn metadata_that_is_no_object_of_plain_values_says_nothing(adapter: &dyn Adapter) {
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
