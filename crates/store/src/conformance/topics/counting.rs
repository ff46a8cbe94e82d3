//! Cases about counting.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_model::{
    FixedClock, Granularity, Scope, Timestamp,
    cube::Dimension,
    time::{DAY, HOUR, MINUTE},
};

use crate::conformance::{Adapter, NOW, assert_verified, commit, events, figures, scope};
use crate::{EventStore, Submission};

pub(super) fn clock() -> FixedClock {
    FixedClock::at(NOW)
}

pub(super) fn execution(id: &str, status: &str, at: i64) -> Value {
    json!({"type": "execution", "executionId": id, "workflowId": "w", "status": status,
           "timestamp": NOW.0 + at})
}

/// The number of executions by status, at the day granularity.
pub(super) async fn counts(store: &dyn EventStore) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (key, (measures, _)) in figures(store, scope()).await {
        if let Some(rest) = key.strip_prefix("executions_total_1d ") {
            let status = rest.rsplit("status=").next().unwrap_or_default().to_owned();
            *counts.entry(status).or_default() += measures[0];
        }
    }
    counts
}

pub(super) fn expect(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs
        .iter()
        .map(|&(status, count)| (status.to_owned(), count))
        .collect()
}

pub(in crate::conformance) async fn an_execution_counts_once_in_every_order_of_arrival(
    adapter: &dyn Adapter,
) {
    let steps = [
        execution("a", "started", -9),
        execution("a", "waiting", -6),
        execution("a", "completed", -2),
    ];
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let store = adapter.open(clock()).await;
        for (done, &position) in order.iter().enumerate() {
            commit(&*store, events(&steps[position..=position])).await;
            let newest = order[..=done]
                .iter()
                .max()
                .map(|&at| ["started", "waiting", "completed"][at]);
            let newest = newest.unwrap_or_default();
            assert_eq!(
                counts(&*store).await,
                expect(&[(newest, 1)]),
                "{order:?} after {done}"
            );
        }
        assert_verified(&*store, "orders").await;
    }
}

pub(in crate::conformance) async fn a_finished_execution_takes_its_duration_from_its_newest_start(
    adapter: &dyn Adapter,
) {
    let steps = [
        execution("a", "started", -9_000),
        execution("a", "started", -7_000),
        execution("a", "failed", -2_000),
    ];
    let mut steps = steps.to_vec();
    steps[1]["id"] = json!("second start");
    for order in [[0, 1, 2], [2, 0, 1], [2, 1, 0], [0, 2, 1], [1, 2, 0]] {
        let store = adapter.open(clock()).await;
        for position in order {
            commit(&*store, events(&steps[position..=position])).await;
        }
        let figures = figures(&*store, scope()).await;
        let (_, (measures, sketch)) = figures
            .iter()
            .find(|(key, _)| key.starts_with("executions_total_1d"))
            .expect("the execution is counted");
        assert_eq!(measures[..3], [1, 1, 5_000], "{order:?}");
        assert_eq!(sketch.count(), 1, "{order:?}");
        assert_verified(&*store, "durations").await;
    }
}

pub(in crate::conformance) async fn open_executions_survive_a_restart(adapter: &dyn Adapter) {
    let store = adapter.open(clock()).await;
    commit(
        &*store,
        events(&[
            execution("a", "started", -9_000),
            execution("b", "started", -8_000),
        ]),
    )
    .await;
    let store = adapter.reopen(store, clock()).await;
    assert_eq!(store.statistics().open_executions, 2);
    commit(&*store, events(&[execution("a", "completed", -1_000)])).await;
    assert_eq!(
        counts(&*store).await,
        expect(&[("completed", 1), ("started", 1)])
    );
    assert_eq!(store.statistics().open_executions, 1);
    assert_verified(&*store, "restart").await;
}

pub(in crate::conformance) async fn compaction_leaves_fewer_rows_and_the_same_figures(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    for number in 0..150i64 {
        let mut event = execution(&format!("x{number}"), "completed", -number);
        event["duration"] = json!(number * 10);
        commit(&*store, events(&[event])).await;
        // Reading appends what is still in memory to the cubes, one row per key each time.
        store.health().await.expect("the store can be read");
    }
    let before = figures(&*store, scope()).await;
    let fewer = store.compact().await.expect("compaction runs");
    assert!(fewer > 500, "only {fewer} rows fewer");
    assert_eq!(figures(&*store, scope()).await, before);
    assert_eq!(store.compact().await.expect("compaction runs"), 0);
    assert_verified(&*store, "compaction").await;
    let rows = store.rebuild(None).await.expect("rebuild runs");
    assert_eq!(figures(&*store, scope()).await, before);
    let mut apart = 0;
    for granularity in Granularity::ALL {
        let some = store.rebuild_at(&[granularity], None).await;
        let some = some.expect("rebuild runs");
        assert!(0 < some && some < rows, "{some} of {rows} rows");
        apart += some;
    }
    assert_eq!(apart, rows);
    assert_eq!(figures(&*store, scope()).await, before);
}

pub(in crate::conformance) async fn expired_partials_are_not_written_and_old_ones_are_deleted(
    adapter: &dyn Adapter,
) {
    let clock = clock();
    let store = adapter.open(clock.clone()).await;
    let old = [
        execution("a", "completed", -49 * HOUR),
        execution("b", "completed", -MINUTE),
    ];
    commit(&*store, events(&old)).await;
    let rows = |figures: &crate::conformance::Figures, granularity: Granularity| {
        let table = format!("executions_total_{} ", granularity.name());
        figures.keys().filter(|key| key.starts_with(&table)).count()
    };
    let figures_now = figures(&*store, scope()).await;
    assert_eq!(
        Granularity::ALL.map(|g| rows(&figures_now, g)),
        [1, 2, 2, 2]
    );
    clock.set(Timestamp(NOW.0 + 20 * DAY));
    store.compact().await.expect("compaction runs");
    let rested = figures(&*store, scope()).await;
    assert_eq!(rested, figures_now, "nothing expires by a clock that jumps");
    store.confirm_clock().await.expect("the clock is confirmed");
    store.compact().await.expect("compaction runs");
    let later = figures(&*store, scope()).await;
    assert_eq!(Granularity::ALL.map(|g| rows(&later, g)), [0, 0, 2, 2]);
    assert_verified(&*store, "retention").await;
}

pub(in crate::conformance) async fn the_newest_name_holds(adapter: &dyn Adapter) {
    let asked = BTreeMap::from([(
        Dimension::Workflow,
        vec!["w".to_owned(), "unknown".to_owned()],
    )]);
    let told = [
        ("a", "Second", -100),
        ("b", "First", -200),
        ("c", "Third", -50),
        ("d", "Third", -500),
    ];
    // A repeated name is as new as its last event; of two with the same time, the greater applies.
    let again = [
        ("a", "First", -100),
        ("b", "Other", -50),
        ("c", "First", -10),
        ("d", "Also", -10),
    ];
    for (told, name) in [(told, "Third"), (again, "First")] {
        for order in super::arrivals::orders(&told) {
            let store = adapter.open(clock()).await;
            let (last, before) = order.split_last().expect("there are some");
            for (id, name, at) in before {
                let mut event = execution(id, "completed", *at);
                event["workflowName"] = json!(name);
                commit(&*store, events(&[event])).await;
            }
            let store = adapter.reopen(store, clock()).await;
            let mut event = execution(last.0, "completed", last.2);
            event["workflowName"] = json!(last.1);
            commit(&*store, events(&[event])).await;
            let labels = store.labels(scope(), &asked);
            assert_eq!(
                labels[&Dimension::Workflow],
                BTreeMap::from([("w".to_owned(), name.to_owned())]),
                "{order:?}"
            );
            assert!(store.labels(Scope::new(9, 9), &asked).is_empty());
        }
    }
}

pub(in crate::conformance) async fn sources_and_environments_report_what_has_arrived(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let mut event = execution("a", "completed", -5_000);
    event["environment"] = json!("production");
    commit(
        &*store,
        events(&[event, execution("b", "completed", -9_000)]),
    )
    .await;
    for store in [store.clone(), adapter.reopen(store, clock()).await] {
        let sources = store.sources(scope());
        assert_eq!(sources.len(), 1);
        assert_eq!((&*sources[0].source, sources[0].events), ("http", 2));
        assert_eq!(sources[0].first_event, NOW.plus(-9_000));
        assert_eq!(sources[0].newest_event, NOW.plus(-5_000));
        assert_eq!(sources[0].newest_received, NOW);
        assert_eq!(store.environments(scope()), ["production"]);
        assert!(store.sources(Scope::new(9, 9)).is_empty());
    }
}

pub(in crate::conformance) async fn the_watermark_moves_with_each_commit_of_the_project(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    assert_eq!(store.watermark(scope()), 0);
    let receipt = commit(&*store, events(&[execution("a", "completed", 0)])).await;
    let first = store.watermark(scope());
    assert_eq!(first, receipt.sequence);
    commit(&*store, events(&[execution("a", "completed", 0)])).await;
    assert_eq!(
        store.watermark(scope()),
        first,
        "a duplicate changes no answer"
    );
    commit(&*store, events(&[execution("b", "completed", 0)])).await;
    assert!(store.watermark(scope()) > first);
}

/// The money in the cube's day rows.
async fn money(store: &dyn EventStore) -> i64 {
    let figures = figures(store, scope()).await;
    let days = figures
        .iter()
        .filter(|(key, _)| key.starts_with("costs_1d "));
    days.map(|(_, (measures, _))| measures[1]).sum()
}

pub(in crate::conformance) async fn a_cost_that_is_the_sum_of_others_counts_once(
    adapter: &dyn Adapter,
) {
    let cost = |id: &str, days: i64, amount: &str, part_of: Option<&str>| {
        json!({"type": "cost", "id": id, "timestamp": NOW.0 - days * DAY, "dollarAmount": amount,
            "partOf": part_of, "workflowId": id})
    };
    let span = cost("span", 40, "1.00", None);
    let calls = [
        cost("call-1", 1, "0.40", Some("span")),
        cost("call-2", 60, "0.60", Some("span")),
    ];
    let cents = |cents: i64| cents * 10_000_000;
    let mut orders = vec![
        vec![
            vec![calls[0].clone()],
            vec![span.clone()],
            vec![calls[1].clone()],
        ],
        vec![calls.to_vec(), vec![span.clone()]],
        vec![vec![span.clone()], calls.to_vec()],
    ];
    orders.push(vec![[&calls[..], &[span]].concat()]);
    for order in orders {
        let mut store = adapter.open(clock()).await;
        for (number, batch) in order.iter().enumerate() {
            commit(&*store, events(batch)).await;
            if number == 0 {
                store = adapter.reopen(store, clock()).await;
            }
        }
        assert_eq!(money(&*store).await, cents(100));
        assert_verified(&*store, "a sum and its parts").await;
        // Another project has something with the same id.
        let submission = Submission {
            scope: Scope::new(1, 2),
            events: events(&[cost("call-3", 1, "0.25", Some("span"))]),
        };
        store.commit(submission).await.expect("it is taken");
        assert_eq!(money(&*store).await, cents(100));
        let more = cost("call-4", 2, "0.50", Some("span"));
        commit(&*store, events(&[more])).await;
        assert_eq!(money(&*store).await, cents(150), "never below 0");
        store.rebuild(None).await.expect("the store rebuilds");
        assert_eq!(money(&*store).await, cents(150));
        assert_verified(&*store, "after a rebuild").await;
    }
}
