//! Cubes of declared dimensions: they answer as raw facts do.

use serde_json::{Value, json};
use weir_model::{FixedClock, TimeRange, time::DAY};
use weir_query::{Interval, Query};

use super::by_client::{CLIENT, answered, answered_at, keys};
use crate::conformance::{Adapter, NOW, assert_verified, commit, events, scope};
use crate::{DeclaredKey, EventStore, StaleRule};

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
