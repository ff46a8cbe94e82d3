//! Events in every order of arrival, and the figures that cubes have for them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_model::{FixedClock, Scope};

use crate::EventStore;
use crate::conformance::{
    Adapter, Figures, NOW, assert_verified, commit_in, events, figures, scope,
};

/// The sums of a measure in a cube's day rows, by some of its dimensions, without zeros.
pub(super) async fn sums(
    store: &dyn EventStore,
    cube: &str,
    measure: usize,
    dimensions: &[&str],
) -> BTreeMap<String, i64> {
    summed(&figures(store, scope()).await, cube, measure, dimensions)
}

fn summed(
    figures: &Figures,
    cube: &str,
    measure: usize,
    dimensions: &[&str],
) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for (key, (measures, _)) in figures {
        let Some(rest) = key.strip_prefix(&format!("{cube}_1d ")) else {
            continue;
        };
        let told: Vec<&str> = rest
            .split(' ')
            .filter(|part| {
                dimensions
                    .iter()
                    .any(|d| part.starts_with(&format!("{d}=")))
            })
            .collect();
        *sums.entry(told.join(" ")).or_default() += measures[measure];
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// Sums by their dimensions, as [`sums`] returns them.
pub(super) fn expect(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs
        .iter()
        .map(|&(key, sum)| (key.to_owned(), sum))
        .collect()
}

/// An event at this many milliseconds after the suite's present.
pub(super) fn at(mut event: Value, at: i64) -> Value {
    event["timestamp"] = json!(NOW.0 + at);
    event
}

/// An event of an execution, this many milliseconds after the suite's present.
pub(super) fn execution(workflow: &str, id: &str, status: &str, moment: i64) -> Value {
    at(
        json!({"type": "execution", "workflowId": workflow, "executionId": id, "status": status}),
        moment,
    )
}

/// Every order of a few events.
pub(super) fn orders<T: Clone>(events: &[T]) -> Vec<Vec<T>> {
    if events.len() < 2 {
        return vec![events.to_vec()];
    }
    let mut all = Vec::new();
    for at in 0..events.len() {
        let mut rest = events.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}

/// A figure of a cube: its name, the measure's position, the dimensions, and the sums.
pub(super) type Expected<'a> = (&'a str, usize, &'a [&'a str], &'a [(&'a str, i64)]);

/// Sends the events in every order, both in separate commits and all in one, and compares figures. Every
/// arrangement has its own project in one store, which is reopened halfway.
pub(in crate::conformance) async fn in_every_order(
    adapter: &dyn Adapter,
    case: &str,
    sent: &[Value],
    expected: &[Expected<'_>],
) {
    let mut store = adapter.open(FixedClock::at(NOW)).await;
    let mut arrangements = Vec::new();
    for order in orders(sent) {
        arrangements.push(vec![order.clone()]);
        arrangements.push(order.into_iter().map(|event| vec![event]).collect());
    }
    let half = arrangements.len() / 2;
    for (number, arrangement) in arrangements.into_iter().enumerate() {
        if number == half {
            store = adapter.reopen(store, FixedClock::at(NOW)).await;
        }
        let scope = Scope::new(1, number as i32 + 1);
        for batch in &arrangement {
            commit_in(&*store, scope, events(batch)).await;
        }
        let figures = figures(&*store, scope).await;
        for (cube, measure, dimensions, pairs) in expected {
            let found = summed(&figures, cube, *measure, dimensions);
            assert_eq!(found, expect(pairs), "{case}: {cube} of {arrangement:?}");
        }
    }
    assert_verified(&*store, case).await;
}

/// The positions of an execution's measures in its cubes.
pub(super) const COUNT: usize = 0;
pub(super) const DURATIONS: usize = 1;
pub(super) const DURATION: usize = 2;
