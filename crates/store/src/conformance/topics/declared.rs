//! Declared dimensions: the values that facts have for a metadata key, in every order of arrival.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_model::{FixedClock, Scope, TimeRange, Timestamp, cube::Dimension, time::DAY};
use weir_query::{Axis, Context, Declared, Interval, Query, assemble, prepare};

use crate::conformance::{
    Adapter, NOW, assert_verified, commit, commit_in, events, scope, topics::identity::orders,
};
use crate::{DeclaredKey, EventStore, StaleRule};

const CLIENT: &str = "metadata.client";

fn keys(names: &[&str]) -> Vec<DeclaredKey> {
    let key = |name: &&str| DeclaredKey {
        key: (*name).to_owned(),
        fast: true,
    };
    names.iter().map(key).collect()
}

fn range() -> TimeRange {
    TimeRange::new(NOW.0 - 40 * DAY, NOW.0 + DAY)
}

/// Figures by the values of dimensions.
type Sums = BTreeMap<Vec<String>, f64>;

/// The figures of a query's first metric, by its dimensions, without zeros.
async fn asked(store: &dyn EventStore, query: Query, keys: &[DeclaredKey], most: usize) -> Sums {
    answered(store, query.range(range()), keys, most, false)
        .await
        .1
}

/// The same, with the tables that answered: raw facts alone, or cubes as well.
async fn answered(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    by_cubes: bool,
) -> (String, Sums) {
    answered_at(store, query, keys, most, by_cubes.then_some(NOW)).await
}

/// The same; with a moment, cubes answer as of that moment.
async fn answered_at(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    cubes_at: Option<Timestamp>,
) -> (String, Sums) {
    answered_in(store, scope(), query, keys, most, cubes_at).await
}

/// The same for a scope.
async fn answered_in(
    store: &dyn EventStore,
    scope: Scope,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    cubes_at: Option<Timestamp>,
) -> (String, Sums) {
    let states = store.describe(scope, keys, most).await;
    let states = states.expect("declared dimensions are described");
    let declared = states.into_iter().map(|state| {
        Declared::new(&state.key)
            .overflowing(state.overflows)
            .held(state.lacking.filter(|_| cubes_at.is_some()))
    });
    let context = Context {
        declared: declared.collect(),
        expired_by: store.expired_by(),
        ..Context::new(scope, cubes_at.unwrap_or(NOW), store.dialect())
    };
    let prepared = prepare(&query, &context).expect("the query is valid");
    let mut results = Vec::new();
    for statement in &prepared.statements {
        let read = store.read(statement.clone()).await;
        results.push(read.expect("the statement runs"));
    }
    let answer = assemble(&prepared, &results).expect("the rows form an answer");
    let rows = answer.rows.iter().map(|row| {
        let time = answer.rows.time_text(row).map(str::to_owned);
        let values = row.key.iter().map(|value| match value {
            Some(value) => value.to_string(),
            None => "-".to_owned(),
        });
        let key = time.into_iter().chain(values).collect();
        (key, row.values[0].unwrap_or_default())
    });
    let mut sums: Sums = rows.collect();
    sums.retain(|_, sum| *sum != 0.0);
    (prepared.source(), sums)
}

/// Figures by the client in the metadata, under the name of the metric, and the names of workflows:
/// everything that depends on which event reported what.
pub async fn by_metadata_client(
    store: &dyn EventStore,
    scope: Scope,
) -> BTreeMap<&'static str, Sums> {
    let metrics = ["executions", "events", "users", "steps"];
    let mut told = BTreeMap::new();
    for metric in metrics {
        let query = Query::metrics([metric]).by([CLIENT]);
        let query = query.range(TimeRange::new(NOW.0 - 1_000 * DAY, NOW.0 + DAY));
        let (_, sums) = answered_in(store, scope, query, &keys(&["client"]), 10, None).await;
        told.insert(metric, sums);
    }
    let workflows = (0..3).map(|number| format!("w{number}")).collect();
    let asked = BTreeMap::from([(Dimension::Workflow, workflows)]);
    let labels = store.labels(scope, &asked).into_values().flatten();
    let labels = labels.map(|(id, name)| (vec![id, name], 1.0));
    told.insert("names", labels.collect());
    told
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

/// A retry that begins at a moment, with one step of its own and one that the engine copied from the
/// original.
fn retry(of: &str, begin: i64) -> [Value; 3] {
    let id = format!("retry-of-{of}");
    let step = |name: &str, at: i64| {
        json!({"type": "step", "workflowId": "w", "executionId": id, "stepId": name, "status": "completed",
            "startTime": at, "endTime": at + 1_000})
    };
    [
        json!({"type": "execution", "workflowId": "w", "executionId": id, "retryOf": of, "status": "completed",
            "timestamp": begin + 60_000, "duration": 60_000, "metadata": {"client": "again"}}),
        step("s", begin - 3_600_000),
        step("t", begin + 10_000),
    ]
}

/// Events of two days: executions of a few clients, reported by their start, their end or both; their steps
/// and costs, some with a different client; and goals whose execution is never reported.
fn two_days() -> Vec<Value> {
    let mut all = Vec::new();
    for i in 0..60_i64 {
        let at = NOW.0 - 3 * DAY + i * 2_700_000;
        let id = i.to_string();
        let told = json!({"client": format!("c{}", i % 5)});
        let untold = json!({"region": "eu"});
        let metadata = |is: bool| if is { told.clone() } else { untold.clone() };
        let environment = (i % 7 == 0).then_some("production");
        let of = |kind: &str, moment: i64, more: Value| {
            let mut event =
                json!({"type": kind, "workflowId": "w", "executionId": id, "timestamp": moment});
            for (name, value) in more.as_object().into_iter().flatten() {
                event[name] = value.clone();
            }
            event
        };
        if i % 11 != 0 {
            let begun = json!({"status": "started", "metadata": metadata(i % 2 == 0), "environment": environment});
            all.push(of("execution", at, begun));
        }
        if i % 9 != 0 {
            let status = if i % 4 == 0 { "failed" } else { "completed" };
            // An hour later, in a different bucket from the start.
            all.push(of(
                "execution",
                at + 3_600_000,
                json!({"status": status, "metadata": metadata(i % 2 == 1)}),
            ));
        }
        all.push(of(
            "step",
            at + 1_800_000,
            json!({"stepId": "s", "status": "completed", "duration": 10 + i}),
        ));
        let mut cost = of(
            "cost",
            at + 1_900_000,
            json!({"dollarAmount": 1, "id": format!("cost-{i}")}),
        );
        if i % 6 == 0 {
            cost["metadata"] = json!({"client": "own"});
        }
        all.push(cost);
        if i % 10 == 3 {
            all.extend(retry(&id, at + 7_200_000));
        }
        if i % 8 == 0 {
            all.push(of(
                "goal",
                at + 60_000,
                json!({"goalId": "g", "executionId": format!("none-{i}")}),
            ));
        }
    }
    all
}

/// Asserts that cubes and raw facts give the same answers; returns whether any cube answered.
async fn assert_cubes_agree(store: &dyn EventStore, keys: &[DeclaredKey], most: usize) -> bool {
    let days = TimeRange::new(NOW.0 - 4 * DAY, NOW.0);
    let mut used = false;
    for metric in [
        "executions",
        "success_rate",
        "duration_p95",
        "errors",
        "steps",
        "step_duration_p95",
        "cost",
        "goals",
    ] {
        let by = |query: Query| query.by([CLIENT]).range(days);
        for query in [
            by(Query::metrics([metric])),
            by(Query::metrics([metric])).every(Interval::Hour),
            Query::metrics([metric])
                .filter(CLIENT, ["c1", "other"])
                .filter("workflow", ["w"])
                .range(days)
                .every(Interval::Day),
        ] {
            let (_, raw) = answered(store, query.clone(), keys, most, false).await;
            let (source, held) = answered(store, query.clone(), keys, most, true).await;
            assert_eq!(held, raw, "{query:?} from {source}");
            used |= source.contains("cube declared_");
        }
    }
    used
}

pub(in crate::conformance) async fn cubes_of_declared_dimensions_answer_as_raw_facts_do(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client"]);
    for most in [3, 10] {
        let mut store = adapter.open(FixedClock::at(NOW)).await;
        let mut all = two_days();
        // Late events are among the first to arrive, and early ones among the last.
        all.sort_by_key(|event| {
            let at = event["timestamp"].as_i64().unwrap_or_default();
            (at * 7_919) % 10_007
        });
        // No refresh follows the last part.
        let parts: Vec<_> = all.chunks(all.len().div_ceil(6)).collect();
        let last = parts.len() - 1;
        for (number, part) in parts.into_iter().enumerate() {
            commit(&*store, events(part)).await;
            assert_cubes_agree(&*store, &keys, most).await;
            if number % 2 == 0 {
                let refreshed = store.refresh_declared(scope(), &keys, most).await;
                refreshed.expect("cubes are brought up to date");
                assert!(assert_cubes_agree(&*store, &keys, most).await);
                assert_verified(&*store, "cubes of declared dimensions").await;
            }
            if number == last / 2 {
                store = adapter.reopen(store, FixedClock::at(NOW)).await;
            }
        }
        let refresh = || async {
            let refreshed = store.refresh_declared(scope(), &keys, most).await;
            refreshed.expect("cubes are brought up to date")
        };
        assert!(refresh().await > 0 && refresh().await == 0);

        // This changes stored events without adding any.
        let rule = StaleRule {
            after: Some(DAY),
            least: DAY,
            otherwise: DAY,
        };
        assert!(store.mark_stale(rule).await.expect("marked") > 0);
        assert!(assert_cubes_agree(&*store, &keys, most).await);
        assert_verified(&*store, "stale executions").await;
        refresh().await;
        assert!(assert_cubes_agree(&*store, &keys, most).await);
        store.rebuild(None).await.expect("rebuilt");
        assert!(
            !assert_cubes_agree(&*store, &keys, most).await,
            "nothing is held"
        );
        refresh().await;
        assert!(assert_cubes_agree(&*store, &keys, most).await);
        assert_verified(&*store, "rebuilt").await;
    }
}

pub(in crate::conformance) async fn rows_of_declared_cubes_expire_and_figures_stay(
    adapter: &dyn Adapter,
) {
    let keys = keys(&["client"]);
    let store = adapter.open(FixedClock::at(NOW)).await;
    commit(&*store, events(&two_days())).await;
    let refreshed = store.refresh_declared(scope(), &keys, 10).await;
    refreshed.expect("cubes are filled");
    // Hours are kept for 400 days.
    let later = NOW.plus(450 * DAY);
    let store = adapter.reopen(store, FixedClock::at(later)).await;
    store.confirm_clock().await.expect("the clock is right");
    store.compact().await.expect("compaction runs");
    assert_eq!(store.expired_by(), later);
    let query = |every| {
        let days = TimeRange::new(NOW.0 - 4 * DAY, NOW.0);
        let by_client = Query::metrics(["executions"]).by([CLIENT]);
        by_client.range(days).every(every)
    };
    let refreshed = store.refresh_declared(scope(), &keys, 10).await;
    refreshed.expect("cubes are brought up to date");
    for (every, is_held) in [(Interval::Hour, false), (Interval::Day, true)] {
        let (_, raw) = answered_at(&*store, query(every), &keys, 10, None).await;
        let (source, held) = answered_at(&*store, query(every), &keys, 10, Some(later)).await;
        assert_eq!(held, raw, "{every:?} from {source}");
        assert!(!raw.is_empty());
        assert_eq!(source.contains("cube declared_"), is_held, "{source}");
    }
    assert_verified(&*store, "expired rows of declared dimensions").await;
}
